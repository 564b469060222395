"""What is quoted as a title is, and is none that the tools told: of such a test or course nothing can be borne out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Final

from mentorium_core.guard.folding import fold
from mentorium_core.guard.scanning import SET_ASIDE

_QUOTED: Final = re.compile(
    r"«([^«»]{3,80})»|[“„]([^“”„]{3,80})[“”]|\"([^\"]{3,80})\""
    r"|(?<!\w)'((?:[^']|(?<=\w)'(?=\w)){3,80})'(?=\W|$|(?:ni|ning|ga|da|dan|ни|нинг|га|да|дан)\b)"
)
_SAME_BEGINNING: Final = 4
_LONGEST_ENDING: Final = 2


def strange_titles(text: str, known: Collection[str]) -> Iterator[range]:
    """Their places in a folded text where `known` titles and names are set aside; with other endings one is known."""
    for quoted in _QUOTED.finditer(text):
        inside = next(part for part in quoted.groups() if part is not None)
        if SET_ASIDE in inside or not any(letter.isalpha() for letter in inside):
            continue
        words = _words(inside)
        if not any(_is_like(words, _words(title)) for title in known):
            yield range(*quoted.span())


@lru_cache(4096)
def _words(title: str) -> tuple[str, ...]:
    return tuple(word.folded for word in fold(title).words())


def _is_like(words: tuple[str, ...], title: tuple[str, ...]) -> bool:
    return all(any(_begin_alike(word, other) for other in title) for word in words)


def _begin_alike(word: str, other: str) -> bool:
    shorter = min(len(word), len(other))
    length = max(_SAME_BEGINNING, shorter - _LONGEST_ENDING)
    return word == other or (shorter >= length and word[:length] == other[:length])
