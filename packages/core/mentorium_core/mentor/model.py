"""A question, what the parent sees while it is answered. Times are aware."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mentorium_domain.enums import Language


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
class AnswerPiece:
    """The next words of the answer, with the real names in place; Markdown."""

    text: str


@dataclass(frozen=True, slots=True)
class Reset:
    """Everything shown of this answer so far is to be dropped; it begins again."""


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer, already stored."""

    text: str


MentorEvent = AnswerPiece | Reset | Done
