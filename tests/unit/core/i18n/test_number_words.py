"""Numbers as they are said, in three languages: each its own words, and none of them a digit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mentorium_core.i18n.number_words import LARGEST, day_words, duration_words, number_words, percent_words, spell_out
from mentorium_domain.enums import Language

KNOWN = {
    "uz": {0: "nol", 11: "oʻn bir", 40: "qirq", 100: "bir yuz", 1_999: "bir ming toʻqqiz yuz toʻqson toʻqqiz"},
    "ru": {
        0: "ноль",
        14: "четырнадцать",
        40: "сорок",
        240: "двести сорок",
        2_001: "две тысячи один",
        5_000: "пять тысяч",
    },
    "en": {0: "zero", 13: "thirteen", 40: "forty", 85: "eighty-five", 101: "one hundred one"},
}
# An independent reading of the words back into a number.
ONES = {
    "uz": "nol bir ikki uch toʻrt besh olti yetti sakkiz toʻqqiz",
    "ru": "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать "
    "четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать",
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen",
}
TENS = {
    "uz": "oʻn yigirma oʻttiz qirq ellik oltmish yetmish sakson toʻqson",
    "ru": "- двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто",
    "en": "- twenty thirty forty fifty sixty seventy eighty ninety",
}
RU_HUNDREDS = "сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот"
SCALES = {
    "yuz": 100, "hundred": 100, "ming": 1_000, "thousand": 1_000, "тысяча": 1_000, "тысячи": 1_000, "тысяч": 1_000,
    "million": 10**6, "миллион": 10**6, "миллиона": 10**6, "миллионов": 10**6,
}  # fmt: skip


def read_back(language: str, words: str) -> int:
    values = {word: number for number, word in enumerate(ONES[language].split())}
    values |= {word: 10 * number for number, word in enumerate(TENS[language].split(), 1)}
    if language == "ru":
        values |= {word: 100 * number for number, word in enumerate(RU_HUNDREDS.split(), 1)} | {"одна": 1, "две": 2}
    total = part = 0
    for word in words.replace("-", " ").split():
        if (scale := SCALES.get(word)) is None:
            part += values[word]
        elif scale == 100:
            part *= scale
        else:
            total, part = total + part * scale, 0
    return total + part


@pytest.mark.parametrize("language", Language)
def test_known_numbers(language: str) -> None:
    assert {number: number_words(language, number) for number in KNOWN[language]} == KNOWN[language]


@given(language=some.sampled_from(Language), number=some.integers(0, LARGEST))
def test_every_number_can_be_read_back(language: Language, number: int) -> None:
    assert read_back(language, number_words(language, number)) == number
    assert read_back(language, number_words(language, number, feminine=True)) == number


@pytest.mark.parametrize("number", [-1, LARGEST + 1])
def test_what_nobody_says_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="nobody says"):
        number_words("uz", number)


def test_russian_nouns_agree() -> None:
    assert duration_words("ru", 61 * 60) == "один час одна минута"
    assert duration_words("ru", (2 * 60 + 22) * 60) == "два часа двадцать две минуты"
    assert duration_words("ru", (11 * 60 + 12) * 60) == "одиннадцать часов двенадцать минут"
    assert [percent_words("ru", number) for number in (1, 3, 21, 75)] == [
        "один процент", "три процента", "двадцать один процент", "семьдесят пять процентов",
    ]  # fmt: skip
    assert percent_words("uz", 80) == "sakson foiz"
    assert duration_words("uz", 0) == "nol daqiqa"
    assert duration_words("en", 60) == "one minute"


def test_every_day_of_a_month_has_its_own_words() -> None:
    for language in Language:
        assert len({day_words(language, date(2026, 1, day)) for day in range(1, 32)}) == 31
    assert day_words("en", date(2026, 11, 22)) == "the twenty-second of November"
    assert day_words("ru", date(2026, 11, 30)) == "тридцатого ноября"
    assert day_words("uz", date(2026, 11, 20)) == "yigirmanchi noyabr"


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "Lesson 16: GPT-4, 3.5 and 80%", "Lesson sixteen: GPT-four, three point five and eighty percent"),
        ("ru", "Урок 2 «H2O» — 21 %", "Урок два «H два O» — двадцать один процент"),
        ("uz", "🎯 007 va x²", "nol nol yetti va x ikki"),
        ("en", "12345678901", "one two three four five six seven eight nine zero one"),
    ],
)
def test_numbers_in_a_text_are_said(language: str, text: str, said: str) -> None:
    assert spell_out(language, text) == said


@given(language=some.sampled_from(Language), text=some.text(max_size=200))
def test_no_digit_is_left_in_any_text(language: Language, text: str) -> None:
    assert not any(letter.isdigit() for letter in spell_out(language, text))


@pytest.mark.parametrize("percent", [Decimal("nan"), Decimal("inf"), Decimal("1E40"), 10**400, -1])
def test_a_share_that_nobody_says_aloud_is_refused(percent: Decimal | int) -> None:
    with pytest.raises(ValueError, match="nobody says aloud"):
        percent_words(Language.RU, percent)
