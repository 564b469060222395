"""One spelling for a name in every script: Azizaxon, Азизахон and Azizakhon have the same skeleton, `azizahon`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from string import ascii_letters
from typing import Final

_CYRILLIC = str.maketrans(
    dict(zip("абвгдеёжзийклмнопрстуфхыэқғҳўіїєґәөүһұ", "abvgdeejziiklmnoprstufhiekghoiiegaouhu", strict=True))
    | {"ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ь": "", "ю": "iu", "я": "ia", "ң": "ng"}
    | {"ş": "sh", "ç": "ch", "ı": "i"}
)
_SINGLE = "".join(chr(letter) for letter, written in _CYRILLIC.items() if len(written) == 1)
SINGLE_LETTERS = frozenset(ascii_letters + _SINGLE + _SINGLE.upper() + "ʻʼ'")
"""Letters of which none becomes more than one letter of a skeleton, and apostrophes, which become none."""
WORD: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|'(?=[^\W\d_]))*")
"""Letters of any script, apostrophes between them; ʻ and ʼ are letters."""
_FIRST_IO = re.compile("^ё", re.MULTILINE)
_LATIN = (
    (re.compile("(?<=[bcdfghjklmnpqrstvwxz])yo|ye"), "e"),
    (re.compile("zh|(?<![a-z])dj|dj(?!on)"), "j"),  # Dilshodjon is Dilshod + jon, Nadjiba is Najiba
    (re.compile("kh|x"), "h"),
    (re.compile("ph"), "f"),
    (re.compile("ck|q|c(?!h)"), "k"),
    (re.compile("w"), "v"),
    (re.compile("y"), "i"),
    (re.compile("[^a-z\n]"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)


def skeleton(word: str) -> str:
    """The word without case, script, apostrophes, accents and doubled letters: what its spellings have in common."""
    return skeletons([word.replace("\n", "")])[0]


def skeletons(words: Sequence[str]) -> list[str]:
    """The skeleton of each word, none of which holds a line break: a few passes over all of them together.

    Word by word the cost of a call would be paid thousands of times for one text.
    """
    if not words:
        return []
    letters = "\n".join(words).lower()
    if not letters.isascii():
        letters = _FIRST_IO.sub("io", letters).translate(_CYRILLIC)
    if not letters.isascii():
        letters = "".join(c for c in unicodedata.normalize("NFD", letters) if not unicodedata.combining(c))
    for pattern, replacement in _LATIN:
        letters = pattern.sub(replacement, letters)
    return letters.split("\n")


_INTO_CYRILLIC = (
    *(("oʻ", "ў"), ("gʻ", "ғ"), ("sh", "ш"), ("ch", "ч"), ("zh", "ж"), ("kh", "х")),
    *(("yo", "ё"), ("yu", "ю"), ("ya", "я"), ("ye", "е"), ("ts", "ц")),
    *zip("abcdefghijklmnopqrstuvwxyz", "абкдефгҳижклмнопқрстуввхйз", strict=True),
)


def in_cyrillic(name: str) -> str:
    """A Latin name in Cyrillic, near enough for Russian endings to be put on it; apostrophes folded before."""
    letters = name.lower()
    for latin, cyrillic in _INTO_CYRILLIC:
        letters = letters.replace(latin, cyrillic)
    return letters
