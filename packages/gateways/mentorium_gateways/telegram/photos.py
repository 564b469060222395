"""Pictures as Telegram takes them."""

from __future__ import annotations

from typing import Final

from aiogram.types import BufferedInputFile

_JPEG: Final = b"\xff\xd8\xff"


def photo(picture: bytes) -> BufferedInputFile:
    """A PNG or JPEG to be sent, under a name that says which it is."""
    return BufferedInputFile(picture, "report.jpg" if picture.startswith(_JPEG) else "report.png")
