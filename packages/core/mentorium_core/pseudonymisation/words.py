"""The words of a text as they may be names: whole, in pieces, glued (JasurKarimov) and spelled out (J a s u r)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from mentorium_core.pseudonymisation.skeleton import WORD

_APOSTROPHE: Final = re.compile("[ʻʼ']")
_MOST_APOSTROPHES: Final = 4
"""A name with its ending has no more; behind more of them a word is searched piece by piece only."""
_HUMP: Final = re.compile("(?<=[a-zа-яёʻʼқғҳў])(?=[A-ZА-ЯЁҚҒҲЎ])")
_MOST_HUMPS: Final = 8
_JOINED: Final = re.compile(r"[-_.·•*~+|/\\=:]{1,2}")
_SPACED: Final = re.compile(r"[-_.·•*~+|/\\=: \u00a0]{1,3}")
_ONE_SPACE: Final = re.compile("[ \u00a0]")
_MOST_SPELLED: Final = 600
"""Groups of a text that are looked at: a text of more of them is no text."""
_LONGEST_SPELLED: Final = 32
_SHORTEST_IN_TWO: Final = 5
"""Letters of a name that is known again when it is written as two words."""


@dataclass(frozen=True, slots=True)
class NameCandidate:
    """A stretch of a text as it may be a name: `written` is what it says without what stands between its letters."""

    start: int
    end: int
    written: str
    of_lower_case: bool
    is_two_words: bool = False


def parts_of(word: re.Match[str]) -> list[NameCandidate]:
    """The whole word, what stands before each apostrophe (Aziza of Aziza's), longest first; then its pieces."""
    whole, at, lower = word[0], word.start(), word[0].islower()
    cuts = [apostrophe.start() for apostrophe in _APOSTROPHE.finditer(whole)]
    parts = [whole, *(whole[:cut] for cut in reversed(cuts[:_MOST_APOSTROPHES]))]
    found = [NameCandidate(at, at + len(part), part, lower) for part in parts if part]
    humps = [] if lower or whole.isupper() else [hump.start() for hump in _HUMP.finditer(whole)][:_MOST_HUMPS]
    for begins, ends in pairwise([0, *humps, len(whole)] if humps else []):
        found.append(NameCandidate(at + begins, at + ends, whole[begins:ends], lower))
    for begins, ends in pairwise([-1, *cuts, len(whole)] if cuts else []):
        if piece := whole[begins + 1 : ends]:
            found.append(NameCandidate(at + begins + 1, at + ends, piece, lower))
    return found


def spelled_out(text: str, words: Sequence[re.Match[str]], longest: int) -> Iterator[NameCandidate]:
    """Neighbouring words that may be one name, at most `longest` letters together; the longest of each place first.

    `Ja-sur`, `J a s u r` and `Абду рахмон` are.
    """
    longest = min(longest, _LONGEST_SPELLED)
    left = _MOST_SPELLED
    for first in range(len(words)):
        groups = list(_groups_from(text, words, first, longest))
        left -= len(groups)
        if left < 0:
            return
        yield from reversed(groups)


def _groups_from(text: str, words: Sequence[re.Match[str]], first: int, longest: int) -> Iterator[NameCandidate]:
    start, letters = words[first].start(), words[first][0]
    single = len(letters) == 1
    for this, following in pairwise(words[first : first + longest]):
        between = text[this.end() : following.start()]
        single = single and len(following[0]) == 1
        letters += following[0]
        if len(letters) > longest:
            return
        if (_SPACED if single else _JOINED).fullmatch(between):
            yield NameCandidate(start, following.end(), letters, letters.islower())
        else:
            if this is words[first] and _ONE_SPACE.fullmatch(between) and _may_be_two(this[0], following[0]):
                yield NameCandidate(start, following.end(), letters, letters.islower(), is_two_words=True)
            return


def _may_be_two(one: str, other: str) -> bool:
    return min(len(one), len(other)) > 1 and len(one) + len(other) >= _SHORTEST_IN_TWO


def words_of(text: str, opening: str) -> list[re.Match[str]]:
    """The words but for those right behind an `opening`, which are tokens."""
    return [word for word in WORD.finditer(text) if text[word.start() - 1 : word.start()] != opening]


def outside(words: Sequence[re.Match[str]], spans: Collection[tuple[int, int]]) -> list[re.Match[str]]:
    """The words that no span touches; both are in their order."""
    left, kept = iter(sorted(spans)), []
    span = next(left, None)
    for word in words:
        while span is not None and span[1] <= word.start():
            span = next(left, None)
        if span is None or word.end() <= span[0]:
            kept.append(word)
    return kept
