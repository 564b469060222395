"""A text as the guard reads it: one form for look-alikes of one letter, nothing unseen, each sign with its place."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_PLAIN: Final = re.compile("[\\n -~«»\u2013\u2014\u2018-\u201e\u2026\u2116ʻʼА-яЁёЎўҚқҒғҲҳ⟦⟧]*")
"""What stands for itself: nearly every honest text."""
_UNSEEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)
_TURNED: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("\u2018\u2019\u02bb\u02bc`\u00b4\u02b9\u02bd\u2032", "'"))
_WORD: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|'(?=[^\W\d_]))*")
_ZERO_WIDTH_JOINER: Final = "\u200d"


@dataclass(frozen=True, slots=True)
class Word:
    """Start and end are places of the folded text; `folded` is in small letters, ё as е, without accents and marks."""

    start: int
    end: int
    written: str
    folded: str


@dataclass(frozen=True, slots=True)
class FoldedText:
    """`places[i]` is where `text[i]` stood in the original; `turned` are marks that change the order of reading."""

    text: str
    places: range | list[int]
    original_length: int
    turned: tuple[int, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The places in the original text."""
        if start >= len(self.text):
            return self.original_length, self.original_length
        last = self.places[min(end, len(self.text)) - 1] if end > start else self.places[start]
        return self.places[start], last + 1

    def words(self) -> list[Word]:
        return [
            Word(*match.span(), written=match[0], folded=fold_word(match[0])) for match in _WORD.finditer(self.text)
        ]


def fold(text: str) -> FoldedText:
    """NFKC, apostrophes as one, without invisible characters and combining marks."""
    if _PLAIN.fullmatch(text):
        return FoldedText(text.translate(_APOSTROPHES), range(len(text)), len(text))
    letters: list[str] = []
    places: list[int] = []
    turned = tuple(match.start() for match in _TURNED.finditer(text))
    for place, character in enumerate(text):
        if _UNSEEN.match(character):
            continue
        if unicodedata.combining(character):
            _compose(letters, character)
            continue
        for folded in unicodedata.normalize("NFKC", character).translate(_APOSTROPHES):
            if not unicodedata.combining(folded):
                letters.append(folded)
                places.append(place)
    return FoldedText("".join(letters), places, len(text), turned)


def fold_word(word: str) -> str:
    """As words are looked up: `Ёлка` is `елка`, `toʻrt` is `tort`, `café` is `cafe`."""
    small = word.lower().replace("'", "").replace("ё", "е").replace("ʻ", "").replace("ʼ", "")
    if small.isascii() or _PLAIN.fullmatch(small):
        return small
    parts = unicodedata.normalize("NFD", small)
    return "".join(part for part in parts if not unicodedata.combining(part))


@lru_cache(4096)
def title_key(title: str) -> str:
    """By what titles are told apart, however their apostrophes and capitals are written."""
    return fold(title).text.lower()


def is_joined_emoji(text: str, place: int) -> bool:
    """Whether the zero-width joiner at this place joins two signs that are no letters."""
    return text[place] == _ZERO_WIDTH_JOINER and 0 < place < len(text) - 1 and not text[place - 1].isalnum()


def _compose(letters: list[str], mark: str) -> None:
    """и + breve is й; any other mark is left out."""
    if letters and len(composed := unicodedata.normalize("NFC", letters[-1] + mark)) == 1 and composed in "йЙёЁўЎ":
        letters[-1] = composed
