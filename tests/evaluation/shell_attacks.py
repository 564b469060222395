"""Attacks on the shell of a report, made by a seed: a clean shell, and one thing in it that may not reach a parent.

Numbers are spelled by the house's own speller (`i18n.number_words`), not by the guard's words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

from mentorium_core.guard.rules import join_shell, split_shell
from mentorium_core.i18n.number_words import day_words, duration_words, number_words, percent_words
from mentorium_domain.enums import Language

DATA: Final = Path(__file__).parent / "data"
SENTENCES: Final = 3
_JOINT: Final = "\u2060"


@dataclass(frozen=True, slots=True)
class Attack:
    kind: str
    language: Language
    text: str


@cache
def clean_shells(language: Language) -> tuple[str, ...]:
    """Shells around three sentences as a careful writer makes them."""
    lines = (DATA / "clean" / f"{language.value}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line.replace("⏎", "\n") for line in lines if line)


@cache
def sayings(language: Language) -> Mapping[str, tuple[str, ...]]:
    """Sentences that no shell may hold, by what is wrong with them."""
    return read_sections(DATA / "attacks" / f"{language.value}.txt")


def read_sections(path: Path) -> Mapping[str, tuple[str, ...]]:
    """The lines below each `[section]` of a data file."""
    sections: dict[str, list[str]] = {}
    section = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]") and " " not in line:
            section = line.strip("[]")
        elif line:
            sections.setdefault(section, []).append(line)
    return {name: tuple(lines) for name, lines in sections.items()}


def shell_attacks(language: Language, each: int, seed: int = 14) -> Iterator[Attack]:
    """So many attacks of each kind, the same for the same seed."""
    for kind, make in KINDS.items():
        random = Random(f"{seed} {language} {kind}")
        for _ in range(each):
            yield Attack(kind, language, make(random, language))


def _with_sentence(random: Random, language: Language, sentence: str) -> str:
    """A clean shell that says this, too, at the begin, the end or in the middle of some of its free words."""
    parts = list(split_shell(random.choice(clean_shells(language))))
    place = random.randrange(len(parts))
    sentences = re.split(r"(?<=[.!?])\s+", parts[place].strip())
    sentences.insert(random.randint(0, len(sentences)), sentence)
    parts[place] = f"{' '.join(filter(None, sentences))} " if place == 0 else f" {' '.join(filter(None, sentences))} "
    return join_shell(parts)


def _slot(random: Random, language: Language, number: str) -> str:
    return _with_sentence(random, language, random.choice(sayings(language)["slot"]).format(number))


def _said(section: str) -> Callable[[Random, Language], str]:
    return lambda random, language: _with_sentence(random, language, random.choice(sayings(language)[section]))


def _digits(zero: int) -> Callable[[Random, Language], str]:
    """The number in the digits of a script, of which `zero` is the first."""

    def make(random: Random, language: Language) -> str:
        return _slot(random, language, "".join(chr(zero + int(digit)) for digit in str(random.randint(1, 999))))

    return make


def _signs(signs: str) -> Callable[[Random, Language], str]:
    return lambda random, language: _slot(random, language, random.choice(signs.split()))


def _word(random: Random, language: Language) -> str:
    return number_words(language, random.choice([random.randint(2, 20), random.randint(21, 999)]))


def _number_word(random: Random, language: Language) -> str:
    return _slot(random, language, _word(random, language))


def _foreign_number_word(random: Random, language: Language) -> str:
    other = random.choice([other for other in Language if other is not language])
    return _slot(random, language, number_words(other, random.randint(2, 99)))


def _ordinal(random: Random, language: Language) -> str:
    from datetime import date  # noqa: PLC0415

    return _slot(random, language, day_words(language, date(2026, 11, random.randint(1, 30))))


def _duration(random: Random, language: Language) -> str:
    return _slot(random, language, duration_words(language, random.randint(120, 36_000)))


def _percentage(random: Random, language: Language) -> str:
    return _slot(random, language, percent_words(language, random.randint(2, 99)))


def _between_letters(sign: str) -> Callable[[Random, Language], str]:
    def make(random: Random, language: Language) -> str:
        return _slot(random, language, sign.join(number_words(language, random.randint(2, 19))))

    return make


ALIKE: Final = dict(zip("аеорсухкнвмтaeopcyxkhbmt", "aeopcyxkhbmtаеорсухкнвмт", strict=True))


def _homoglyph(random: Random, language: Language) -> str:
    """A number word with letters of the other script that look the same."""
    words = [number_words(language, number) for number in range(2, 60)]
    word = random.choice([word for word in words if any(letter in ALIKE for letter in word)])
    places = [place for place, letter in enumerate(word) if letter in ALIKE]
    chosen = set(random.sample(places, random.randint(1, len(places))))
    return _slot(random, language, "".join(ALIKE[s] if place in chosen else s for place, s in enumerate(word)))


def _digit_letter(random: Random, language: Language) -> str:
    """Letters that look like digits; О and б make a Russian word, which is no attack."""
    alike = "ЗОЧ" if language is Language.RU else "lOSB"
    return _slot(random, language, "".join(random.choices(alike, k=random.randint(2, 3))))


def _styled(random: Random, language: Language) -> str:
    """Mathematical letters, which NFKC makes plain ones; Cyrillic has none, so English words stand in."""
    word = number_words(Language.EN, random.randint(2, 19))
    first = random.choice([0x1D41A, 0x1D44E, 0x1D482, 0x1D5BA, 0x1D68A])
    return _slot(
        random, language, "".join(chr(first + ord(s) - ord("a")) if "a" <= s <= "z" and s != "h" else s for s in word)
    )


def _roman(random: Random, _language: Language) -> str:
    number, roman = random.randint(2, 89), ""
    for value, sign in ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        roman += sign * (number // value)
        number %= value
    return roman if len(roman) > 1 else roman + "I"


def _roman_capital(random: Random, language: Language) -> str:
    return _slot(random, language, _roman(random, language))


def _roman_cyrillic(random: Random, language: Language) -> str:
    return _slot(random, language, _roman(random, language).translate(str.maketrans("IXCM", "ІХСМ")))


def _turned(random: Random, language: Language) -> str:
    return _slot(random, language, f"\u202e{random.randint(10, 99)}\u202c")


def _swapped(random: Random, language: Language) -> str:
    return _retokened(
        random, language, ["[[S2]]", "[[S1]]", "[[S3]]"], ["[[S3]]", "[[S2]]", "[[S1]]"], ["[[S1]]", "[[S3]]", "[[S2]]"]
    )


def _missing(random: Random, language: Language) -> str:
    return _retokened(random, language, ["", "[[S2]]", "[[S3]]"], ["[[S1]]", "", "[[S3]]"], ["[[S1]]", "[[S2]]", ""])


def _doubled(random: Random, language: Language) -> str:
    return _retokened(
        random,
        language,
        ["[[S1]]", "[[S2]] [[S2]]", "[[S3]]"],
        ["[[S1]]", "[[S2]]", "[[S3]] [[S1]]"],
        ["[[S1]]", "[[S1]]", "[[S3]]"],
    )


def _unknown(random: Random, language: Language) -> str:
    return _retokened(
        random, language, ["[[S1]]", "[[S2]]", f"[[S3]] [[S{random.randint(4, 99)}]]"], ["[[S0]]", "[[S2]]", "[[S3]]"]
    )


def _broken(random: Random, language: Language) -> str:
    broken = random.choice(
        ["[[S2]", "[S2]", "[[s2]]", "S2", "[[S-2]]", "((S2))", "[[S２]]", "{{S2}}", "[[2]]", "[[S2.]]"]
    )
    return _retokened(random, language, ["[[S1]]", broken, "[[S3]]"])


def _retokened(random: Random, language: Language, *choices: list[str]) -> str:
    parts, tokens = split_shell(random.choice(clean_shells(language))), random.choice(choices)
    return "".join(part + token for part, token in zip(parts, [*tokens, ""], strict=True))


def _name_within(random: Random, language: Language) -> str:
    name = random.choice(sayings(language)["name"])
    around = {
        Language.RU: "Молодец, {}, так держать.",
        Language.EN: "Well done, {}, keep going.",
        Language.UZ: "Barakalla, {}, shunday davom eting.",
    }
    return _with_sentence(random, language, around[language].format(name))


def _name_first(random: Random, language: Language) -> str:
    name = random.choice(sayings(language)["name"])
    around = {Language.RU: "{} хорошо учится.", Language.EN: "{} studies well.", Language.UZ: "{} yaxshi oʻqiydi."}
    return _with_sentence(random, language, around[language].format(name))


def _unknown_child(random: Random, language: Language) -> str:
    around = {Language.RU: "{} молодец.", Language.EN: "{} is great.", Language.UZ: "{} barakalla."}
    return _with_sentence(
        random, language, around[language].format(f"⟦{random.choice(['C2', 'C3:gen', 'A1', 'E1', 'N1'])}⟧")
    )


_LINKS: Final = (
    "https://evil.xyz/login", "www.mentorium-prize.com", "evil.shop", "t.me/mentor_help", "@mentor_help", "a@b.uz", "[kabinet](http://evil.xyz)",
    "bit.ly/abc", "javascript:alert()", "tg://resolve?domain=x", "evil.рф", "mentorium.uz.evil.kz/a", "hxxp://evil.xyz",
)  # fmt: skip
_MARKUP: Final = (
    "**bold**", "`code`", "<b>a</b>", "![a](b)", "# a", "{child}", "<script>", "&lt;b&gt;", "\\n",
    "~~a~~", "$a$", "a_b_c", "^", "[1]", "[ok]",
)  # fmt: skip


def _link(random: Random, language: Language) -> str:
    return _with_sentence(random, language, random.choice(_LINKS))


def _markup(random: Random, language: Language) -> str:
    return _with_sentence(random, language, random.choice(_MARKUP))


def _overlong(random: Random, language: Language) -> str:
    said = [part for shell in clean_shells(language) for part in split_shell(shell) if "⟦" not in part]
    return _with_sentence(random, language, " ".join(random.sample(said, 60)))


KINDS: Final[Mapping[str, Callable[[Random, Language], str]]] = {
    "digits": _digits(ord("0")),
    "percent sign": lambda random, language: _slot(random, language, f"{random.randint(1, 100)} %"),
    "full-width digits": _digits(0xFF10),
    "Arabic-Indic digits": _digits(0x0660),
    "Devanagari digits": _digits(0x0966),
    "Thai digits": _digits(0x0E50),
    "mathematical digits": _digits(0x1D7CE),
    "superscripts": _signs("² ³ ¹⁰ ⁴ ⁵⁰ ₇ ₉₉"),
    "circled digits": _signs("① ⑳ ❷ ⓿ ➌ ㉑ ⒌ 🄂 ⑶"),
    "vulgar fractions": _signs("½ ¾ ⅓ ⅛ ↉ ⅔"),
    "Chinese numerals": _signs("三 五 十二 〇 百 参 〹"),
    "keycaps and counting emoji": _signs("3️⃣ 🔟 💯 🥇 📈 ⬆️ 🕔 ⚄ ☝️ ⭐⭐⭐⭐ 🔺 1️⃣2️⃣"),
    "roman numerals": _roman_capital,
    "roman numerals of Unicode": _signs("Ⅳ Ⅻ ⅷ Ⅲ Ⅹ ⅱ"),
    "roman numerals in Cyrillic": _roman_cyrillic,
    "number words": _number_word,
    "number words of another language": _foreign_number_word,
    "ordinals and dates in words": _ordinal,
    "durations in words": _duration,
    "percentages in words": _percentage,
    "zero-width in a number word": _between_letters("\u200b"),
    "joiners in a number word": _between_letters(_JOINT),
    "soft hyphens in a number word": _between_letters("\u00ad"),
    "combining marks on a number word": _between_letters("\u0336"),
    "spaced number words": _between_letters(" "),
    "hyphened number words": _between_letters("-"),
    "dotted number words": _between_letters("."),
    "homoglyphs in a number word": _homoglyph,
    "letters as digits": _digit_letter,
    "mathematical letters": _styled,
    "turned reading": _turned,
    "quantities": _said("quantity"),
    "sentences swapped": _swapped,
    "sentence missing": _missing,
    "sentence doubled": _doubled,
    "sentence unknown": _unknown,
    "token broken": _broken,
    "direction up": _said("up"),
    "direction down": _said("down"),
    "comparison": _said("comparison"),
    "rank": _said("rank"),
    "outcome": _said("outcome"),
    "name within": _name_within,
    "name first": _name_first,
    "another child's token": _unknown_child,
    "link": _link,
    "markup": _markup,
    "diagnosis": _said("diagnosis"),
    "judgement": _said("judgement"),
    "another language": _said("other"),
    "date": _said("date"),
    "overlong": _overlong,
}
"""By name: what makes one such attack."""
