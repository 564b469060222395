"""What the stand-in says, and how the line behaves while it says it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

WORDS_PER_SECOND = 20


class Ending(StrEnum):
    """How an answer ends. FAILED: the answer says of itself that it failed; ERROR: an error breaks into the stream."""

    STOP = "stop"
    LENGTH = "length"
    CONTENT_FILTER = "content_filter"
    FAILED = "failed"
    ERROR = "error"

    @property
    def is_a_failure(self) -> bool:
        return self in (Ending.FAILED, Ending.ERROR)


@dataclass(frozen=True, slots=True)
class ToolCall:
    name: str
    arguments_json: str


@dataclass(frozen=True, slots=True)
class Reply:
    """Text or tool calls. The numbers of chunks count from the first piece of content; None: never.

    `scores` are moderation's, by category. `delay_s` passes before the first byte, `pause_s` between chunks. After
    `cut_after` chunks the answer ends without an end, as a service that breaks off does; with `hang_up` the connection
    itself breaks. Chunk `corrupt_at` is no JSON. Before chunk `stall_at` the line is silent for `stall_s`.
    `attack`: in which way the stand-in's own answer is spoilt.
    """

    chunks: tuple[str, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    scores: Mapping[str, float] | None = None
    ending: Ending = Ending.STOP
    pause_s: float = 0.0
    delay_s: float = 0.0
    cut_after: int | None = None
    hang_up: bool = False
    corrupt_at: int | None = None
    stall_at: int | None = None
    stall_s: float = 0.0
    attack: str | None = None

    @property
    def early(self) -> int:
        """A chunk near the beginning, the second where there are two: here faults strike."""
        return max(0, min(1, len(self.chunks) + 2 * len(self.tool_calls) - 1))

    @property
    def text(self) -> str:
        return "".join(self.chunks)


def spoken(text: str, words_per_second: float) -> Reply:
    """The text word by word; 0 words a second means without pauses."""
    return Reply(
        tuple(re.findall(r"\s*\S+\s*", text)) or (text,), pause_s=1 / words_per_second if words_per_second else 0
    )
