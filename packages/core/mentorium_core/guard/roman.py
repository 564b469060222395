"""Roman numerals, in Latin letters and in those that look like them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_NUMERAL: Final = r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
_WITHIN: Final = re.compile(rf"\b(?=[IVXLCDM]{{2}}){_NUMERAL}\b")
_SMALL: Final = re.compile(
    r"\b(?:i{2,3}|iv|vi{1,3}|ix|xi{1,3}|xi[vx]|xvi{0,3}|xx[ivx]{0,4}|xl[ivx]{0,4}|lx[ivx]{0,4})\b"
)
_WHOLE: Final = re.compile(rf"(?=[IVXLCDM]){_NUMERAL}")
_LOOKS_LATIN: Final = str.maketrans("ІХСМѴӀ", "IXCMVI")


def find_roman(text: str) -> Iterator[re.Match[str]]:
    """Numerals of two letters and more."""
    yield from _WITHIN.finditer(text.translate(_LOOKS_LATIN))
    yield from _SMALL.finditer(text)


def is_roman(word: str) -> bool:
    """Whether the word can be read as a numeral, even of one letter."""
    return _WHOLE.fullmatch(word) is not None or any(match[0] == word for match in find_roman(word))
