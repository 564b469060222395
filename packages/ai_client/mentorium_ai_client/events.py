"""What an answer consists of, in the order in which it arrives, and what is known of each request afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from mentorium_ai_client.messages import ToolCall


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the service counted them; zeros where it does not say."""

    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The next piece of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Restarted:
    """The answer broke off and begins anew: drop every TextDelta of this stream that came before."""


@dataclass(frozen=True, slots=True)
class ToolCalls:
    """The model wants these tools called; once, whole, after any text."""

    calls: tuple[ToolCall, ...]


@dataclass(frozen=True, slots=True)
class Finished:
    """Always the last event. `finish_reason` is the service's word: stop, length, tool_calls, content_filter."""

    finish_reason: str
    model: str
    usage: Usage


StreamEvent: TypeAlias = TextDelta | Restarted | ToolCalls | Finished


@dataclass(frozen=True, slots=True)
class RequestOutcome:
    """One request over the wire, retries counted one by one; holds no content.

    `reason` is "ok", "cancelled" or what went wrong: "timeout", "connection", "truncated", "empty", "corrupt",
    "quota", "filtered", "error_event" (an error inside the stream), or the HTTP status as text.
    """

    model: str
    reason: str
    duration_s: float
    usage: Usage

    @property
    def succeeded(self) -> bool:
        return self.reason == "ok"
