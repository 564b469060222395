"""What a person at a terminal sees beyond lines: colours, and a line that grows. Everybody else gets none of it."""

from __future__ import annotations

import os
import sys
from typing import Final, TextIO

_CODES: Final = {"ok": "32", "warning": "33", "failure": "31", "note": "36"}


def in_colour(text: str, kind: str, stream: TextIO) -> str:
    """The text in the colour of ok, note, warning or failure; as it is where nobody looks, or NO_COLOR is set."""
    if not stream.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    return f"\033[{_CODES[kind]}m{text}\033[0m"


def show_progress(text: str) -> None:
    """In the place of the last one, on stderr."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{text}")
        sys.stderr.flush()


def end_progress() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")


def size_of(count: int) -> str:
    """Bytes, in words: `12.3 MB`."""
    return f"{count / 1e6:,.1f} MB" if count >= 1e5 else f"{count / 1e3:,.1f} kB"
