"""Alerts: what a feed or a check says, and what is told of it to one parent. Days are Tashkent days, moments aware."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from mentorium_core.notifications.policy import POLICIES
from mentorium_domain.alerts import StoredAlert
from mentorium_domain.enums import AlertKind, Notice, NotificationType
from mentorium_domain.language import Titles

OVERLAP: Final = timedelta(minutes=2)
"""A row of a feed may show so long after its own `updated_at`, by the contract: a cursor stays that far behind."""
FRESH_FOR: Final = timedelta(hours=24)
"""Older data of the platform say nothing of who has not studied."""
MANY_WATCHED: Final = 100
MOST_IDLE_PERCENT: Final = 20
"""More of at least a hundred watched children do not stop on one day by themselves."""
IDLE_STAGES: Final = ((7, 14), (14, 30), (30, 37))
"""After so many days without study a parent is told, or until so many if it could not be told before; then no more."""
SAID_WITHIN: Final = timedelta(hours=48)
"""A report that was made so lately has said already that there was no study."""
WORTH_TELLING: Final = {
    AlertKind.COURSE_FINISHED: timedelta(hours=72),
    AlertKind.COMMENT: timedelta(hours=72),
    AlertKind.FULL_SCORE: timedelta(hours=48),
    AlertKind.MILESTONE: timedelta(hours=48),
    AlertKind.AWARD: timedelta(hours=48),
    AlertKind.IDLE: timedelta(hours=48),
    AlertKind.MATERIAL: timedelta(days=7),
}
"""For so long; work that is due is worth telling until then."""
BUNDLED: Final = frozenset({AlertKind.FULL_SCORE, AlertKind.MILESTONE, AlertKind.AWARD})
"""What a day has brought of these is one message."""
FEWEST_MATERIALS: Final = 2
"""A single new material is left to the weekly report."""


@dataclass(frozen=True, slots=True)
class FeedFact:
    """What a row of a feed says. `subject`: the course of a finished course, the test of a result."""

    id: int
    student_id: int
    happened_at: datetime
    titles: Titles = field(default_factory=Titles)
    subject: int | None = None
    author: str | None = None
    body: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class IdleChild:
    """A child who takes a course and has not studied since this day."""

    student_id: int
    since: date


@dataclass(frozen=True, slots=True)
class DueWork:
    student_id: int
    test_id: int
    due_at: datetime
    titles: Titles


@dataclass(frozen=True, slots=True)
class Milestone:
    """A share of a course, in percent, that was reached at this moment."""

    student_id: int
    course_id: int
    share: int
    reached_at: datetime
    titles: Titles


@dataclass(frozen=True, slots=True)
class Material:
    student_id: int
    lesson_id: int
    published_at: datetime
    titles: Titles


@dataclass(frozen=True, slots=True)
class Telling:
    """One message to be: alerts of one parent about one child that belong together, oldest first."""

    alerts: tuple[StoredAlert, ...]
    dedup_key: str

    @property
    def first(self) -> StoredAlert:
        return self.alerts[0]

    @property
    def kind(self) -> AlertKind:
        return self.first.kind

    @property
    def expires_at(self) -> datetime:
        return min(alert.expires_at for alert in self.alerts)


NOTICES: Final = {
    AlertKind.COURSE_FINISHED: Notice.ACHIEVEMENT_COURSE,
    AlertKind.FULL_SCORE: Notice.ACHIEVEMENT_DAY,
    AlertKind.MILESTONE: Notice.ACHIEVEMENT_DAY,
    AlertKind.AWARD: Notice.ACHIEVEMENT_DAY,
    AlertKind.COMMENT: Notice.REMINDER_COMMENT,
    AlertKind.MATERIAL: Notice.REMINDER_MATERIALS,
    AlertKind.DUE: Notice.REMINDER_DUE,
    AlertKind.IDLE: Notice.REMINDER_IDLE,
}
"""Under which policy each kind is told."""


def type_of(kind: AlertKind) -> NotificationType:
    """Under which switch of the parent's it stands."""
    return POLICIES[NOTICES[kind]].kind
