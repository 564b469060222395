"""What a family is advised, and what it was told before. Titles keep all their languages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from mentorium_core.advice.tagged_union import TaggedByType
from mentorium_domain.language import Titles


@dataclass(frozen=True, slots=True)
class DatedWork:
    """Work with the last day on which it can be, or could have been, handed in."""

    title: Titles
    due_on: date


@dataclass(frozen=True, slots=True)
class WeakTopic:
    """Points of twelve weeks."""

    code: str
    title: Titles
    score: Decimal
    max_score: Decimal
    percent: Decimal


@dataclass(frozen=True, slots=True)
class HardTest:
    """`topic_code` is empty where the platform has none."""

    title: Titles
    score: Decimal
    max_score: Decimal
    percent: Decimal
    topic_code: str = ""


@dataclass(frozen=True, slots=True)
class OverdueWork:
    """`works`: those told by title, newest first; older documents have the count alone."""

    count: int
    works: tuple[DatedWork, ...] = ()


@dataclass(frozen=True, slots=True)
class LessStudy:
    seconds: int
    before_seconds: int


Shortfall = Annotated[WeakTopic | HardTest | OverdueWork | LessStudy, TaggedByType()]


@dataclass(frozen=True, slots=True)
class Improvement:
    """The one thing to improve and the one action for ten minutes; the action's text is `action-<action_id>`."""

    shortfall: Shortfall
    action_id: str


@dataclass(frozen=True, slots=True)
class ChildQuestion:
    """For the parent to ask the child; its text is `question-<question_id>`."""

    question_id: str


@dataclass(frozen=True, slots=True)
class DoneTogether:
    """The family has done what the last report proposed. Percentages of that topic then, and now where there is a new
    result; `title` is None where it was no topic or test.
    """

    title: Titles | None
    before: Decimal | None
    now: Decimal | None


@dataclass(frozen=True, slots=True)
class GivenAdvice:
    """What a report said of the one thing to improve. `period`: its first and last day, `YYYY-MM-DD/YYYY-MM-DD`."""

    improvement: Improvement
    question_id: str | None
    period: str
    done: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """What a report about the same period used before, so that asking again changes nothing."""

    template_id: str | None
    action_id: str | None
    question_id: str | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What one report told to improve. `subject` tells things apart (`rules.subject_of`); empty where it told nothing.
    `done`: the parent has said that it was done, and no report has told so yet.
    """

    subject: str
    title: Titles | None = None
    percent: Decimal | None = None
    done: bool = False


@dataclass(frozen=True, slots=True)
class Memory:
    """What this parent read about this child lately, newest last: templates, actions and questions of 28 days, and what
    was told to improve, once a period.
    """

    template_ids: tuple[str, ...] = ()
    action_ids: tuple[str, ...] = ()
    again: Choice | None = None
    question_ids: tuple[str, ...] = ()
    told: tuple[Told, ...] = ()
