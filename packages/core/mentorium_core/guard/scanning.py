"""A sentence of the chat as tokens: numbers in figures and in words, words, signs; titles and names are set aside."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from mentorium_core.guard.folding import fold_word
from mentorium_core.guard.lexicon import lexicon
from mentorium_domain.enums import Language

SET_ASIDE: Final = "\ufffc"
"""Stands for every character of a title."""
_TOKEN: Final = re.compile(
    r"(?P<made>[A-Z]{2,}-?\d[\w.]*\w|[A-Z]{2,}-?\d|\b[23][DДdд]\b)"
    r"|(?P<figures>\d{1,3}(?:[ ,\u00a0\u202f]\d{3})+(?![\d%])|\d+(?:[.,]\d+)?)"
    r"|(?P<word>[^\W\d_](?:[^\W\d_]|'(?=[^\W\d_]))*)"
    rf"|(?P<aside>{SET_ASIDE}+)"
    r"|(?P<sign>[^\s\w])"
)
_ENGLISH_GROUPS: Final = re.compile(r"\d{1,3}(?:,\d{3})+")
_TEN: Final = 10
_LETTERS: Final = "a b v g d e j z i y k l m n o p r s t u f x s ch sh e yu ya o q g h"
_UZBEK_LETTERS: Final = {
    **{ord(letter): latin for letter, latin in zip("абвгдежзийклмнопрстуфхцчшэюяўқғҳ", _LETTERS.split(), strict=True)},
    **dict.fromkeys(map(ord, "ъь"), ""),
}
"""Uzbek in Cyrillic as it is looked up, in Latin without apostrophes."""
_SHORTEST_TITLE: Final = 3
_OPENS: Final = frozenset("«“„\"'‘")
_CLOSES: Final = frozenset("»”“\"'’")
_HUNDRED: Final = 100
_THOUSAND: Final = 1000


@dataclass(frozen=True, slots=True)
class Token:
    """`value` of a number, else None; `folded` of a word, else the sign. `meanings` are the word's sections."""

    start: int
    end: int
    folded: str = ""
    value: Decimal | None = None
    in_figures: bool = False
    meanings: frozenset[str] = frozenset()

    def means(self, prefix: str) -> str | None:
        """What follows the prefix in the first of its meanings that has it: `minutes` of `unit_minutes`."""
        return _meaning(self.meanings, prefix) if self.meanings else None


@lru_cache(20_000)
def _meaning(meanings: frozenset[str], prefix: str) -> str | None:
    return next((name.removeprefix(prefix) for name in sorted(meanings) if name.startswith(prefix)), None)


def scan(text: str, language: Language) -> list[Token]:
    """The tokens of a folded text, number words put together into numbers; phrases lend their meaning to each word."""
    tokens = list(_tokens(text, language))
    words = [token for token in tokens if token.folded[:1].isalpha()]
    lent: dict[int, set[str]] = {}
    for section, first, end in lexicon(language).phrases(words):
        for place in range(first, end):
            lent.setdefault(words[place].start, set()).add(section)
    tokens = [
        (
            Token(
                token.start, token.end, token.folded, token.value, token.in_figures, token.meanings | lent[token.start]
            )
            if token.start in lent
            else token
        )
        for token in tokens
    ]
    return list(_numbers_together(tokens))


def set_titles_aside(
    text: str, titles: Collection[str], counting: Callable[[str], bool]
) -> tuple[str, list[tuple[int, str]]]:
    """The text with a stand-in for each title that is quoted in it, and where which title stands.

    No bare number is a title, and one that is `counting` (`99 уроков`) only within quotation marks.
    """
    found: list[tuple[int, str]] = []
    small = text.lower()
    for title in sorted(titles, key=len, reverse=True):
        wanted = title.strip().lower()
        if len(wanted) < _SHORTEST_TITLE or not any(letter.isalpha() for letter in wanted):
            continue
        place = small.find(wanted)
        while place >= 0:
            end = place + len(wanted)
            before, behind = small[max(place - 1, 0) : place], small[end : end + 1]
            is_word = not (before.isalnum() or behind.isalnum())
            if is_word and (not counting(title) or (before in _OPENS and behind in _CLOSES)):
                found.append((place, title))
                small = small[:place] + SET_ASIDE * len(wanted) + small[end:]
                text = text[:place] + SET_ASIDE * len(wanted) + text[end:]
            place = small.find(wanted, end)
    return text, sorted(found)


def _tokens(text: str, language: Language) -> Iterator[Token]:
    known = lexicon(language)
    for match in _TOKEN.finditer(text):
        written = match[0]
        if match["figures"]:
            yield Token(*match.span(), value=_value(written, language), in_figures=True)
        elif match["word"]:
            folded = fold_word(written)
            if language is Language.UZ:
                folded = folded.translate(_UZBEK_LETTERS)
            yield Token(*match.span(), folded=folded, meanings=known.sections(folded))
        else:
            yield Token(*match.span(), folded=written if match["sign"] else SET_ASIDE)


def _value(figures: str, language: Language) -> Decimal:
    plain = re.sub(r"\s", "", figures)
    if plain.count(",") > 1 or (language is Language.EN and _ENGLISH_GROUPS.fullmatch(plain)):
        return Decimal(plain.replace(",", ""))
    return Decimal(plain.replace(",", "."))


def _numbers_together(tokens: Sequence[Token]) -> Iterator[Token]:
    """`двадцать три`, `twenty-three`, `yigirma uchta` are one number; a number behind others of its size is another."""
    run: list[Token] = []
    for token in tokens:
        if token.means("value_") is not None:
            run.append(token)
        elif run and token.folded == "-" and token.start == run[-1].end:
            continue
        else:
            yield from _as_numbers(run)
            run = []
            yield token
    yield from _as_numbers(run)


def _as_numbers(run: Sequence[Token]) -> Iterator[Token]:
    total = part = 0
    smallest, begin = _THOUSAND * _THOUSAND, 0
    for place, token in enumerate(run):
        value = int(token.means("value_") or 0)
        if value in {_HUNDRED, _THOUSAND} and place > begin and part < value:
            part = max(part, 1) * value
            if value == _THOUSAND:
                total, part = total + part, 0
            smallest = value
            continue
        if place > begin and value >= smallest:
            yield _number(run[begin:place], total + part)
            total, part, begin = 0, 0, place
        part += value
        smallest = 1 if value < _TEN or _TEN < value < 2 * _TEN else 10 ** (len(str(value)) - 1)
    if run:
        yield _number(run[begin:], total + part)


def _number(words: Sequence[Token], value: int) -> Token:
    meanings = frozenset().union(*(word.meanings for word in words))
    return Token(words[0].start, words[-1].end, words[-1].folded, Decimal(value), meanings=meanings)
