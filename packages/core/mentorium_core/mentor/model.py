"""A question, what the parent sees while it is answered, and the port to the language model. Times are aware."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from mentorium_ai_client import Message, StreamEvent, Tool
from mentorium_db.enums import Language

__all__ = ["Done", "Language", "MentorEvent", "ModelPort", "PendingQuestion", "Piece", "Question", "Reset"]


@dataclass(frozen=True, slots=True)
class Question:
    """A stored question; `language` is the one to answer in."""

    dialog_id: int
    text: str
    language: Language


@dataclass(frozen=True, slots=True)
class PendingQuestion:
    """A question that a process left behind without an answer."""

    dialog_id: int
    telegram_id: int
    text: str
    language: Language
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Piece:
    """The next words of the answer, with the real names in place; Markdown."""

    text: str


@dataclass(frozen=True, slots=True)
class Reset:
    """Everything shown of this answer so far is to be dropped; it begins again."""


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer, already stored."""

    text: str


MentorEvent = Piece | Reset | Done


class ModelPort(Protocol):
    """A language model that streams; `MentoriumAIClient` is one."""

    def stream(
        self,
        messages: Sequence[Message],
        *,
        tools: Sequence[Tool] = (),
        user_id: int | None = None,
        reply_tokens: int = 400,
        timeout_s: float | None = None,
    ) -> AsyncGenerator[StreamEvent, None]:
        """Raises UnavailableError when the model does not answer within `timeout_s`."""
        ...
