"""What is known of a learner in a period: plain facts, exactly as the platform has them.

Looking back, everything is as of the end of the period, or as of now while the period lasts. What is to be done
(`late`, `due_next`, `next_lessons`) is as of now. Days are Asia/Tashkent days. Scores are points and always come
with the maximum: averages are sums over sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from mentorium_core.progress.period import (
    Period,
    PeriodKind,
    last_days,
    last_finished_month,
    last_finished_week,
    month_of,
    week_of,
)
from mentorium_domain.language import Titles
from mentorium_kit.records import bulk_record

__all__ = [
    "ACTIVE_DAY_SECONDS",
    "Award",
    "Comment",
    "CourseProgress",
    "CourseStatus",
    "DueTest",
    "ForecastRange",
    "LearnerFacts",
    "NextLesson",
    "Period",
    "PeriodKind",
    "TestResult",
    "Titles",
    "TopicResult",
    "TopicVerdict",
    "Verdict",
    "WeekRun",
    "last_days",
    "last_finished_month",
    "last_finished_week",
    "month_of",
    "percent",
    "week_of",
]

ACTIVE_DAY_SECONDS = 60  # a day counts as active from a minute on: opening a page is not learning


class Verdict(StrEnum):
    """The pace, and nothing but it; what is late is told as late work.

    `ON_TRACK`: no less than before. `AS_USUAL`: about as before. `UNEVEN`: the months and the weeks in them tell
    different things. `UNDER_WAY`: there is nothing to compare with.
    """

    ON_TRACK = "on_track"
    AS_USUAL = "as_usual"
    UNEVEN = "uneven"
    UNDER_WAY = "under_way"
    SLOWED_DOWN = "slowed_down"
    PAUSED = "paused"
    FINISHED = "finished"
    TOO_EARLY = "too_early"


class CourseStatus(StrEnum):
    ACTIVE = "active"
    COMPLETED = "completed"
    DROPPED = "dropped"
    PAUSED = "paused"


def percent(score: Decimal, max_score: Decimal) -> Decimal | None:
    """Points as an unrounded percentage; None where there was nothing to earn."""
    return score * 100 / max_score if max_score > 0 else None


@bulk_record()
class TestResult:
    """One test by its last graded attempt; `day` is when it was graded, which is when its score could first be known.

    0 of 0 where there was nothing to earn, or where the platform's points cannot be: taken, without a result.
    `retaken_from`: the points of the attempt before, of the same maximum, where it was a retake. `topic_code` is empty
    where the platform has none. `pass_score`: the points from which it counts as passed, where the platform says.
    """

    title: Titles
    topic: Titles | None
    score: Decimal
    max_score: Decimal
    day: date
    test_id: int = 0
    course_id: int | None = None
    topic_code: str = ""
    retaken_from: Decimal | None = None
    pass_score: Decimal | None = None

    @property
    def percent(self) -> Decimal | None:
        return percent(self.score, self.max_score)


@dataclass(frozen=True, slots=True)
class TopicResult:
    """All graded tests of a topic in the 12 weeks up to the end of the period, each by its last attempt, but for those
    of courses that were left. `results` is how many, `results_in_period` how many of them are of the period itself.
    """

    topic_id: int
    code: str
    title: Titles
    score: Decimal
    max_score: Decimal
    results: int
    results_in_period: int = 0

    @property
    def percent(self) -> Decimal | None:
        return percent(self.score, self.max_score)


@dataclass(frozen=True, slots=True)
class TopicVerdict:
    strongest: TopicResult
    weakest: TopicResult


@dataclass(frozen=True, slots=True)
class NextLesson:
    """`position` within its course, from 1; 0 where the platform does not say."""

    position: int
    title: Titles


@bulk_record()
class CourseProgress:
    """One enrolment. Lessons are the required ones only.

    `required_lessons` is 0 where the platform does not publish lessons or their progress: then there is nothing to
    count and nothing to say about it. `done_in_period` is the part of `done_lessons` done inside the period;
    `done_last_28_days` and `busy_weeks_of_4` (weeks with a lesson done) look back from the end of the period.
    `status`, `due_on`, `completed_on` and `enrolled_on` are as of now.
    """

    course_id: int
    slug: str
    title: Titles
    status: CourseStatus
    required_lessons: int
    done_lessons: int
    due_on: date | None = None
    completed_on: date | None = None
    next_lessons: tuple[NextLesson, ...] = ()
    done_in_period: int = 0
    done_last_28_days: int = 0
    busy_weeks_of_4: int = 0
    enrolled_on: date | None = None


@dataclass(frozen=True, slots=True)
class ForecastRange:
    """First days of the earliest and the latest month in which the course is likely to end; they may be equal."""

    first_month: date
    last_month: date


@dataclass(frozen=True, slots=True)
class Award:
    code: str
    kind: str
    title: Titles
    earned_on: date


@dataclass(frozen=True, slots=True)
class Comment:
    author: str | None
    body: str
    day: date


@dataclass(frozen=True, slots=True)
class DueTest:
    """A test not handed in yet; `due_on` is the last day on which it can be, or could have been."""

    title: Titles
    due_on: date


class WeekRun(NamedTuple):
    """Good weeks in a row; weeks are numbered by `rules.week_number`."""

    first: int
    weeks: int


@bulk_record(kw_only=True)
class LearnerFacts:
    """Everything a report or an answer may say about one learner.

    `day_seconds` holds one figure for each day of the period, days still ahead included as 0; `before_*` is the same
    of `period.previous()`. `earlier_tests` are the results of the 28 days before the period, for "the best in a month".
    A retaken test is one test, with its last result of the period in question. `late`: newest first.
    `overdue` counts tests of active courses that were due by the end of the period (`before_overdue`: of the period
    before) and not handed in by then. `first_active_day` looks back over all time from the end of the period. A view
    the platform does not publish is named in `missing_views`; its facts are empty.
    """

    student_id: int
    display_name: str
    period: Period
    day_seconds: tuple[int, ...] = ()
    before_day_seconds: tuple[int, ...] = ()
    first_active_day: date | None = None
    streak_weeks: int = 0
    lessons_done: int = 0
    before_lessons_done: int = 0
    lesson_titles: tuple[Titles, ...] = ()
    tests: tuple[TestResult, ...] = ()
    earlier_tests: tuple[TestResult, ...] = ()
    before_score: Decimal = Decimal()
    before_max_score: Decimal = Decimal()
    topics: tuple[TopicResult, ...] = ()
    overdue: int = 0
    before_overdue: int = 0
    due_next: tuple[DueTest, ...] = ()
    late: tuple[DueTest, ...] = ()
    courses: tuple[CourseProgress, ...] = ()
    awards: tuple[Award, ...] = ()
    comments: tuple[Comment, ...] = ()
    new_materials: tuple[Titles, ...] = ()
    data_as_of: datetime | None = None
    missing_views: frozenset[str] = frozenset()

    @property
    def began_on(self) -> date | None:
        """The first day on which this child could have learned here, as far as it is known."""
        days = [course.enrolled_on for course in self.courses if course.enrolled_on is not None]
        return min([*days, *([self.first_active_day] if self.first_active_day else [])], default=None)

    @property
    def active_seconds(self) -> int:
        return sum(self.day_seconds)

    @property
    def before_active_seconds(self) -> int:
        return sum(self.before_day_seconds)

    @property
    def active_days(self) -> int:
        return _active(self.day_seconds)

    @property
    def before_active_days(self) -> int:
        return _active(self.before_day_seconds)

    @property
    def score(self) -> Decimal:
        return sum((test.score for test in self.tests), Decimal())

    @property
    def max_score(self) -> Decimal:
        return sum((test.max_score for test in self.tests), Decimal())

    @property
    def average_percent(self) -> Decimal | None:
        """Unrounded; None without results."""
        return percent(self.score, self.max_score)

    @property
    def before_average_percent(self) -> Decimal | None:
        return percent(self.before_score, self.before_max_score)


def _active(day_seconds: tuple[int, ...]) -> int:
    return sum(seconds >= ACTIVE_DAY_SECONDS for seconds in day_seconds)
