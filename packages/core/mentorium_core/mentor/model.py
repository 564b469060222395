"""A question, what the parent sees while it is answered. Times are aware."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mentorium_domain.enums import Language
from mentorium_kit.errors import MentoriumError


class QuestionLostError(MentoriumError):
    """The question is no longer this process's: its lease ran out and another has it, or it was erased."""


@dataclass(frozen=True, slots=True)
class Question:
    """A stored question; `language` is the one to answer in, `owner` the process that holds its claim.

    `trace_id`: that of the update which brought it (`mentorium_kit.trace`). `behind_others`: when it was stored,
    another process had an earlier question of this parent open.
    """

    dialog_id: int
    text: str
    language: Language
    owner: str
    trace_id: str | None = None
    behind_others: bool = False


@dataclass(frozen=True, slots=True)
class AbandonedQuestion:
    """A question that a process left behind, claimed anew: the `tries`-th time, this one counted.

    `reply` is the written answer, where there is one, made from the data of `student_ids`; `parts_delivered` of it are
    in the chat, `in_doubt`: and the next one may be.
    """

    question: Question
    telegram_id: int
    asked_at: datetime
    tries: int
    reply: str | None
    parts_delivered: int
    in_doubt: bool = False
    student_ids: frozenset[int] = frozenset()


class Became(StrEnum):
    """What became of the model's words; also the metric's word.

    REPLACED: by what the tools told; MISSING: there were none, and the tools were asked without a model.
    """

    CLEAN = "clean"
    REPLACED = "replaced"
    CUT = "cut"
    FILTERED = "filtered"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class AnswerPiece:
    """The next words of the answer, with the real names in place; Markdown."""

    text: str


@dataclass(frozen=True, slots=True)
class Reset:
    """Everything shown of this answer so far is to be dropped; it begins again."""


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer, stored as written."""

    text: str


MentorEvent = AnswerPiece | Reset | Done
