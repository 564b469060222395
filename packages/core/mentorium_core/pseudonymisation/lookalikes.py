"""Names in disguise: letters of the other alphabet, and figures, that look like those meant (`Нигоpа`, `Ниг0ра`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from mentorium_core.pseudonymisation.words import NameCandidate

_WORD: Final = re.compile(r"[^\W_]{3,40}")
_LATIN: Final = re.compile("[A-Za-z]")
_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")
_FIGURE: Final = re.compile("[0-9]")
_MOST: Final = 60
"""Words of a text that are looked at: nobody writes as many in disguise."""
_LATIN_LETTERS: Final = "ABCEHKMOPTXYaceopxyukmi"
_CYRILLIC_LETTERS: Final = "АВСЕНКМОРТХУасеорхуикми"
_INTO_CYRILLIC: Final = str.maketrans(_LATIN_LETTERS + "0346", _CYRILLIC_LETTERS + "озчб")
_INTO_LATIN: Final = tuple(
    str.maketrans(_CYRILLIC_LETTERS[:-1] + "01345", _LATIN_LETTERS[:-1] + f"o{one}eas") for one in "il"
)


def undisguised(text: str, opening: str, taken: Sequence[tuple[int, int]]) -> Iterator[list[NameCandidate]]:
    """Of each word that mixes alphabets, or letters with figures, what it looks like in one alphabet.

    Not of words right behind an `opening`, which are tokens, nor of what `taken` (spans in their order) covers.
    """
    found = 0
    for word in _WORD.finditer(text):
        written, start = word[0], word.start()
        latin, cyrillic = _LATIN.search(written), _CYRILLIC.search(written)
        mixes = bool(latin and cyrillic) or bool((latin or cyrillic) and _FIGURE.search(written))
        if not mixes or text[start - 1 : start] == opening:
            continue
        if any(begins < word.end() and start < ends for begins, ends in taken):
            continue
        if (found := found + 1) > _MOST:
            return
        tables = [*([_INTO_CYRILLIC] if cyrillic else []), *(_INTO_LATIN if latin else ())]
        spelled = dict.fromkeys(written.translate(table) for table in tables)
        yield [NameCandidate(start, word.end(), one, one.islower()) for one in spelled]
