"""One spelling for a name in every script: Azizaxon, Азизахон and Azizakhon have the same skeleton, `azizahon`."""

from __future__ import annotations

import re
import unicodedata

_CYRILLIC = str.maketrans(
    dict(zip("абвгдеёжзийклмнопрстуфхыэқғҳўіїєґәөүһұ", "abvgdeejziiklmnoprstufhiekghoiiegaouhu", strict=True))
    | {"ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ь": "", "ю": "iu", "я": "ia", "ң": "ng"}
    | {"ş": "sh", "ç": "ch", "ı": "i"}
)
_LATIN = (
    (re.compile("(?<=[bcdfghjklmnpqrstvwxz])yo|ye"), "e"),
    (re.compile("zh|dj"), "j"),
    (re.compile("kh|x"), "h"),
    (re.compile("ph"), "f"),
    (re.compile("ck|q|c(?!h)"), "k"),
    (re.compile("w"), "v"),
    (re.compile("y"), "i"),
    (re.compile("[^a-z]"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)


def skeleton(word: str) -> str:
    """The word without case, script, apostrophes, accents and doubled letters: what its spellings have in common."""
    letters = re.sub("^ё", "io", word.lower()).translate(_CYRILLIC)
    letters = "".join(c for c in unicodedata.normalize("NFD", letters) if not unicodedata.combining(c))
    for pattern, replacement in _LATIN:
        letters = pattern.sub(replacement, letters)
    return letters


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
