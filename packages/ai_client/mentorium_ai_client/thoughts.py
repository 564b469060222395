"""What reasoning models write before their answer: `<think>…</think>`, where their server leaves it in the text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

_OPENING: Final = ("<think>", "<thinking>", "<reasoning>")
_CLOSING: Final = {tag: f"</{tag[1:]}" for tag in _OPENING}


@dataclass(slots=True)
class ThoughtFilter:
    """Leaves out thoughts that the text begins with, however it is cut into pieces; further on a tag is text."""

    _held: str = field(default="", init=False)
    _closing: str | None = field(default=None, init=False)
    _has_thought: bool = field(default=False, init=False)
    _is_past: bool = field(default=False, init=False)

    def feed(self, piece: str) -> str:
        """What of the text so far is the answer and has not been given, as far as that can be told."""
        if self._is_past:
            return piece
        self._held += piece
        while True:
            if self._closing is None:
                begin = self._held.lstrip().lower()
                self._closing = next((_CLOSING[tag] for tag in _OPENING if begin.startswith(tag)), None)
                if self._closing is None:
                    return "" if any(tag.startswith(begin) for tag in _OPENING) else self.finish()
            end = self._held.lower().find(self._closing)
            if end < 0:
                self._held = self._held[-len(self._closing) :]  # what may become its end
                return ""
            self._held = self._held[end + len(self._closing) :]
            self._closing, self._has_thought = None, True

    def finish(self) -> str:
        """What was held back, when nothing more comes of it: thoughts that never ended are no answer."""
        held = self._held if self._closing is None else ""
        self._held, self._is_past = "", True
        return held.lstrip() if self._has_thought else held
