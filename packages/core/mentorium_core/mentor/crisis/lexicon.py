"""The lexicon: phrases as data, one file a language, and a matcher whose time grows with the text alone.

A phrase is a row of places. A place holds alternatives (`a|b`), each a word, the beginning of one (`a*`) or words that
stand together (`a_b`, `a_b*`); between two places there may be as many as two other words. In braces the places may
come in any order. `~` before a phrase: it also holds where oʻ is written o or u; `^`: where it is written u, as in a
Russian layout. A letter and its soft sign are one: `жит` is `жить`.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from mentorium_core.mentor.crisis.spelling import MOST_BETWEEN, spellings
from mentorium_domain.enums import Language

_FOLDER: Final = Path(__file__).parent / "lexicon"
HARMLESS: Final = "harmless"
_OPEN_O: Final = {"~": ("0", "o", "u"), "^": ("0", "u"), "": ("0",)}
_PHRASE: Final = re.compile(r"(?P<mark>[~^]?)(?P<brace>\{?)(?P<places>[^{}]+)\}?")
_INDEXED: Final = 3
"""Beginnings of words are looked up by so many letters, shorter ones are not written."""

Span = tuple[int, int]
"""First word and the one behind the last."""


@dataclass(frozen=True, slots=True)
class _Alternative:
    """Words that stand together; `begun`: of the last one the beginning. It belongs to the place with this number."""

    words: tuple[str, ...]
    begun: bool
    place: int

    def stands_at(self, start: int, words: Sequence[str]) -> bool:
        """Its first word does already."""
        if len(self.words) == 1:
            return True
        there = words[start : start + len(self.words)]
        if len(there) < len(self.words) or tuple(there[:-1]) != self.words[:-1]:
            return False
        return there[-1].startswith(self.words[-1]) if self.begun else there[-1] == self.words[-1]


@dataclass(frozen=True, slots=True)
class Phrase:
    """`group`: what it speaks of; `places`: numbers of places in its lexicon."""

    group: str
    places: tuple[int, ...]
    in_order: bool

    def spans(self, found: Mapping[int, Sequence[Span]]) -> Iterator[Span]:
        """Where it is said, its places having been found there. No word is counted twice."""
        spans = [found.get(place, ()) for place in self.places]
        if all(spans):
            for first in spans[0]:
                if (span := self._around(first, spans[1:])) is not None:
                    yield span

    def _around(self, first: Span, others: Iterable[Sequence[Span]]) -> Span | None:
        """The phrase around its first place: of each other place the occurrence nearest to those before."""
        taken = [first]
        for spans in others:
            near = [span for span in _within(spans, taken[-1][0]) if self._fits(span, taken)]
            if not near:
                return None
            taken.append(min(near, key=lambda span: _distance(span, taken)))
        taken.sort()
        if any(after[0] - before[1] > MOST_BETWEEN for before, after in pairwise(taken)):
            return None
        return taken[0][0], taken[-1][1]

    def _fits(self, span: Span, taken: Sequence[Span]) -> bool:
        if self.in_order:
            return 0 <= span[0] - taken[-1][1] <= MOST_BETWEEN
        return all(span[1] <= one[0] or one[1] <= span[0] for one in taken)


def _distance(span: Span, taken: Sequence[Span]) -> int:
    return max(span[0] - max(end for _, end in taken), min(start for start, _ in taken) - span[1], 0)


def _within(spans: Sequence[Span], middle: int, reach: int = 10) -> Sequence[Span]:
    """Those that begin not far from there; they stand in order."""
    return spans[bisect_left(spans, (middle - reach, 0)) : bisect_left(spans, (middle + reach, 0))]


@dataclass(frozen=True, slots=True)
class CrisisLexicon:
    """A language's phrases by their first place; places are found by their first word, or by its first letters."""

    phrases: Mapping[int, Phrase]
    by_word: Mapping[str, Sequence[_Alternative]]
    by_letters: Mapping[str, Sequence[_Alternative]]

    def groups(self, words: Sequence[str]) -> set[str]:
        """What the text speaks of. What harmless phrases cover is not looked at."""
        found = self._places(words)
        begun = [self.phrases[place] for place in found if place in self.phrases]  # no text has words of many
        covered = {
            number
            for phrase in begun
            if phrase.group == HARMLESS
            for span in phrase.spans(found)
            for number in range(*span)
        }
        if covered:
            found = self._places(["" if number in covered else word for number, word in enumerate(words)])
        said: set[str] = set()
        for phrase in begun:
            if phrase.group not in said and any(True for _ in phrase.spans(found)):
                said.add(phrase.group)
        return said

    def _places(self, words: Sequence[str]) -> Mapping[int, list[Span]]:
        found: defaultdict[int, list[Span]] = defaultdict(list)
        for start, word in enumerate(words):
            for whole in self.by_word.get(word, ()):
                if whole.stands_at(start, words):
                    found[whole.place].append((start, start + len(whole.words)))
            for begun in self.by_letters.get(word[:_INDEXED], ()):
                if word.startswith(begun.words[0]):
                    found[begun.place].append((start, start + 1))
        return found


@cache
def lexicon(language: Language) -> CrisisLexicon:
    written = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    by_word: defaultdict[str, list[_Alternative]] = defaultdict(list)
    by_letters: defaultdict[str, list[_Alternative]] = defaultdict(list)
    phrases: dict[int, Phrase] = {}
    places = 0
    for group, lines in written.items():
        for line in lines:
            match = _PHRASE.fullmatch(line)
            if match is None:
                raise ValueError(f"no phrase: {line}")
            first = places
            for place in match["places"].split():
                for one in _alternatives(place, language, _OPEN_O[match["mark"]], places):
                    if one.begun and len(one.words) == 1:
                        by_letters[one.words[0][:_INDEXED]].append(one)
                    else:
                        by_word[one.words[0]].append(one)
                places += 1
            phrases[first] = Phrase(group, tuple(range(first, places)), in_order=not match["brace"])
    return CrisisLexicon(phrases, by_word, by_letters)


def _alternatives(written: str, language: Language, open_o: Sequence[str], place: int) -> set[_Alternative]:
    found = set()
    for alternative in written.split("|"):
        spelt = spellings(alternative.rstrip("*").replace("-", "_").split("_"), language)
        begun = alternative.endswith("*")
        if begun and len(spelt) == 1 and len(spelt[0]) < _INDEXED:
            raise ValueError(f"too short a beginning: {alternative}")
        found |= {_Alternative(tuple(word.replace("0", typed) for word in spelt), begun, place) for typed in open_o}
    return found
