"""What of a text can be seen: names and titles come from outside, with line feeds, marks of direction, or nothing."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_UNSEEN: Final = re.compile(
    r"[\s\u0000-\u001f\u007f-\u009f\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]+"
    r"|(?<!\S)\u200d+|\u200d+(?!\S)"  # within an emoji it joins
)
_JOINER: Final = "\u200d"
_LONGEST_CLUSTER: Final = 16


def one_line(text: str) -> str:
    """The text on one line; what cannot be seen becomes a space. Empty where nothing can be seen."""
    line = _UNSEEN.sub(" ", text).strip()
    return line if any(_is_visible(character) for character in line) else ""


def clip(text: str, limit: int) -> str:
    """One line of at most `limit` characters, cut with an ellipsis, not within an emoji or a letter with its marks."""
    line = one_line(text)
    if len(line) <= limit:
        return line
    end = limit - 1
    for _ in range(_LONGEST_CLUSTER):
        if end <= 0 or not _belong_together(line, end):
            break
        end -= 1
    return f"{line[: end or limit - 1].rstrip()}…"


def _is_visible(character: str) -> bool:
    return character.isprintable() and not character.isspace()


def _belong_together(line: str, place: int) -> bool:
    """Whether the characters before and behind the place are parts of one sign."""
    before, behind = line[place - 1], line[place]
    if _JOINER in (before, behind) or unicodedata.category(behind) in {"Mn", "Me", "Sk"}:
        return True
    if not _is_half_a_flag(behind):
        return False
    halves = 0
    while halves < place and _is_half_a_flag(line[place - 1 - halves]):
        halves += 1
    return halves % 2 == 1


def _is_half_a_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
