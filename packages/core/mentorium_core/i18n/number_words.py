"""Numbers spelled out in every language of ours, for what is said aloud: a voice reads digits one by one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from mentorium_core.i18n.catalogue import t
from mentorium_core.i18n.formats import month_after_day, whole_minutes
from mentorium_domain.enums import Language

LARGEST: Final = 999_999_999
_MINUTES_AN_HOUR: Final = 60


def _table(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_UZ_ONES: Final = _table("nol bir ikki uch toʻrt besh olti yetti sakkiz toʻqqiz")
_UZ_TENS: Final = _table("oʻn yigirma oʻttiz qirq ellik oltmish yetmish sakson toʻqson")
_EN_ONES: Final = _table(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_EN_TENS: Final = _table("ten twenty thirty forty fifty sixty seventy eighty ninety")
_EN_ORDINALS: Final = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth", "twenty": "twentieth", "thirty": "thirtieth",
}  # fmt: skip
_RU_ONES: Final = _table(
    "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать "
    "пятнадцать шестнадцать семнадцать восемнадцать девятнадцать"
)
_RU_TENS: Final = _table("десять двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто")
_RU_HUNDREDS: Final = _table("сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот")
_RU_FEMININE: Final = {"один": "одна", "два": "две"}
_RU_SCALES: Final = (
    (1_000_000, ("миллион", "миллиона", "миллионов")),
    (1_000, ("тысяча", "тысячи", "тысяч")),
)
_RU_DAYS: Final = _table(
    "первого второго третьего четвёртого пятого шестого седьмого восьмого девятого десятого одиннадцатого двенадцатого "
    "тринадцатого четырнадцатого пятнадцатого шестнадцатого семнадцатого восемнадцатого девятнадцатого двадцатого"
)
_POINT: Final = {Language.UZ: "vergul", Language.RU: "запятая", Language.EN: "point"}
_UNSAYABLE: Final = frozenset({"So", "Sk", "Cf", "Co", "Cn", "Cs"})
_TOO_LONG: Final = 10
"""So many figures are no number that is said as one."""
_NUMBER: Final = re.compile(r"(\d(?:\d|[.,](?=\d))*)(\s*%)?")


def number_words(language: str, number: int, *, feminine: bool = False) -> str:
    """`toʻqson toʻqqiz`, `девяносто девять`, `ninety-nine` of 0 to 999,999,999; ValueError for any other.

    `feminine`: with a Russian noun that is: `одна минута`.
    """
    if not 0 <= number <= LARGEST:
        raise ValueError("a number that nobody says aloud")
    if number == 0:
        return {Language.UZ: _UZ_ONES, Language.RU: _RU_ONES, Language.EN: _EN_ONES}[Language(language)][0]
    words = _SPELLERS[Language(language)](number)
    if feminine and language == Language.RU:
        words[-1] = _RU_FEMININE.get(words[-1], words[-1])
    return " ".join(words)


def percent_words(language: str, percent: Decimal | int) -> str:
    """`sakson foiz`, `восемьдесят процентов`, `eighty percent`, rounded as figures are; ValueError as above."""
    if not (Decimal(percent).is_finite() and 0 <= percent <= LARGEST):
        raise ValueError("a number that nobody says aloud")
    number = int(Decimal(percent).quantize(Decimal(1), ROUND_HALF_UP))
    return t(language, "voice-percent", number=number, words=number_words(language, number))


def duration_words(language: str, seconds: int) -> str:
    """`uch soat yigirma daqiqa`, `три часа двадцать минут`, `three hours twenty minutes`."""
    hours, minutes = divmod(whole_minutes(seconds), _MINUTES_AN_HOUR)
    spoken = []
    if hours:
        spoken.append(t(language, "voice-hours", number=hours, words=number_words(language, hours)))
    if minutes or not hours:
        words = number_words(language, minutes, feminine=True)
        spoken.append(t(language, "voice-minutes", number=minutes, words=words))
    return " ".join(spoken)


def day_words(language: str, day: date) -> str:
    """`yigirma uchinchi noyabr`, `двадцать третьего ноября`, `the twenty-third of November`."""
    month = month_after_day(language, day)
    return t(language, "voice-day", day=_ORDINALS[Language(language)](day.day), month=month)


def spell_out(language: str, text: str) -> str:
    """The text with each number in words and without what cannot be said (emoji and other signs)."""
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKC", text.replace("№", " "))
        if unicodedata.category(letter) not in _UNSAYABLE
    )
    spoken = _NUMBER.sub(lambda found: _apart(found, _spoken(language, found[1], bool(found[2]))), plain)
    spoken = "".join("" if letter.isdigit() else letter for letter in spoken)
    return re.sub(r"\s+([.,;:!?»”)])", r"\1", re.sub(r"([«“(])\s+", r"\1", re.sub(r"\s+", " ", spoken))).strip()


def _apart(found: re.Match[str], words: str) -> str:
    """No letter touches the words: `H2O` is three of them."""
    before, behind = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    return f"{' ' if before.isalpha() else ''}{words}{' ' if behind.isalpha() else ''}"


def _spoken(language: str, figures: str, is_percent: bool) -> str:
    parts = re.split(r"[.,]", figures)
    if is_percent and len(parts) == 1 and len(figures) < _TOO_LONG:
        return percent_words(language, int(figures))
    spoken = f" {_POINT[Language(language)]} ".join(_figures(language, part) for part in parts)
    return f"{spoken} {t(language, 'voice-percents')}" if is_percent else spoken


def _figures(language: str, figures: str) -> str:
    """A number; one that begins with a zero, or is too long, figure by figure."""
    if len(figures) < _TOO_LONG and (len(figures) == 1 or int(figures[0]) != 0):
        return number_words(language, int(figures))
    return " ".join(number_words(language, int(figure)) for figure in figures)


def _uzbek(number: int) -> list[str]:
    return _by_scales(number, ((1_000_000, "million"), (1_000, "ming"), (100, "yuz")), _uzbek_below_hundred)


def _uzbek_below_hundred(number: int) -> list[str]:
    tens, ones = divmod(number, 10)
    return [*([_UZ_TENS[tens - 1]] if tens else []), *([_UZ_ONES[ones]] if ones else [])]


def _english(number: int) -> list[str]:
    return _by_scales(number, ((1_000_000, "million"), (1_000, "thousand"), (100, "hundred")), _english_below_hundred)


def _english_below_hundred(number: int) -> list[str]:
    if number < len(_EN_ONES):
        return [_EN_ONES[number]] if number else []
    tens, ones = divmod(number, 10)
    return [f"{_EN_TENS[tens - 1]}-{_EN_ONES[ones]}" if ones else _EN_TENS[tens - 1]]


def _by_scales(number: int, scales: Sequence[tuple[int, str]], below: Callable[[int], list[str]]) -> list[str]:
    words: list[str] = []
    for scale, name in scales:
        count, number = divmod(number, scale)
        if count:
            words += [*_by_scales(count, scales, below), name]
    return words + below(number)


def _russian(number: int) -> list[str]:
    words: list[str] = []
    for scale, names in _RU_SCALES:
        count, number = divmod(number, scale)
        if count:
            spoken = _russian_below_thousand(count)
            if scale == 1_000:  # тысяча is feminine
                spoken[-1] = _RU_FEMININE.get(spoken[-1], spoken[-1])
            words += [*spoken, _plural(count, names)]
    return words + _russian_below_thousand(number)


def _russian_below_thousand(number: int) -> list[str]:
    hundreds, rest = divmod(number, 100)
    words = [_RU_HUNDREDS[hundreds - 1]] if hundreds else []
    if rest < len(_RU_ONES):
        return [*words, _RU_ONES[rest]] if rest else words
    tens, ones = divmod(rest, 10)
    return [*words, _RU_TENS[tens - 1], *([_RU_ONES[ones]] if ones else [])]


def _plural(count: int, names: Sequence[str]) -> str:
    if count % 10 == 1 and count % 100 != 11:
        return names[0]
    return names[1] if count % 10 in {2, 3, 4} and count % 100 not in {12, 13, 14} else names[2]


def _uzbek_ordinal(day: int) -> str:
    words = number_words(Language.UZ, day)
    return f"{words}nchi" if words[-1] in "aio" else f"{words}inchi"


def _russian_ordinal(day: int) -> str:
    """In the genitive, as dates stand."""
    if day <= len(_RU_DAYS):
        return _RU_DAYS[day - 1]
    tens, ones = divmod(day, 10)
    return f"{_RU_TENS[tens - 1]} {_RU_DAYS[ones - 1]}" if ones else "тридцатого"


def _english_ordinal(day: int) -> str:
    before, dash, last = number_words(Language.EN, day).rpartition("-")
    return f"{before}{dash}{_EN_ORDINALS.get(last, f'{last}th')}"


_SPELLERS: Final[Mapping[Language, Callable[[int], list[str]]]] = {
    Language.UZ: _uzbek,
    Language.RU: _russian,
    Language.EN: _english,
}
_ORDINALS: Final[Mapping[Language, Callable[[int], str]]] = {
    Language.UZ: _uzbek_ordinal,
    Language.RU: _russian_ordinal,
    Language.EN: _english_ordinal,
}
