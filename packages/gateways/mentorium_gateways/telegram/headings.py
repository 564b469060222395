"""What is bold in a report's caption, so that eyes find their way: its heading, and the label that begins a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aiogram.enums import MessageEntityType
from aiogram.types import MessageEntity

_LABEL: Final = re.compile(r"^[^\w\s«“\"•(]+ (?P<label>[^:«»“”\"\d\n]{2,40}:)(?= )", re.MULTILINE)
"""An emoji, a space, a few words and a colon."""


def headings(caption: str) -> list[MessageEntity]:
    """Bold entities, in UTF-16 units as Telegram counts; none for a caption of one line. The text stays as it is."""
    heading, several_lines, _ = caption.partition("\n")
    if not several_lines:
        return []
    return [_bold(caption, 0, len(heading)), *_labels(caption, len(heading))]


def _labels(caption: str, after: int) -> Iterator[MessageEntity]:
    for found in _LABEL.finditer(caption):
        if found.start() > after:
            yield _bold(caption, *found.span("label"))


def _bold(text: str, start: int, end: int) -> MessageEntity:
    offset, length = (len(piece.encode("utf-16-le")) // 2 for piece in (text[:start], text[start:end]))
    return MessageEntity(type=MessageEntityType.BOLD, offset=offset, length=length)
