"""A report before it is words: typed blocks in their one order. Every number in it is a fact or made of facts.

Titles keep all their languages, so the same document is read out in any of them, in text, picture or another channel.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from mentorium_core.advice.model import (
    ChildQuestion,
    DatedWork,
    DoneTogether,
    Improvement,
)
from mentorium_core.advice.tagged_union import TaggedByType
from mentorium_core.progress.model import ForecastRange, Period, PeriodKind, Titles, Verdict
from mentorium_core.reports.chart import Bar as Bar
from mentorium_core.reports.chart import Chart as Chart
from mentorium_core.reports.chart import Meter as Meter
from mentorium_core.reports.chart import Tone as Tone
from mentorium_domain.enums import Language, ReportTone


class Wording(StrEnum):
    """Four ways of saying the same; the one used is the template id of `report_history`."""

    FIRST = "wording-1"
    SECOND = "wording-2"
    THIRD = "wording-3"
    FOURTH = "wording-4"

    @property
    def number(self) -> str:
        return self.value[-1]


@dataclass(frozen=True, slots=True)
class PeriodNote:
    """Said when a parent asked for the report: which days it is about."""


@dataclass(frozen=True, slots=True)
class VerdictLine:
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class StudyTime:
    """`before_*`: the child's own period before, None where there was none."""

    seconds: int
    days: int
    before_seconds: int | None


@dataclass(frozen=True, slots=True)
class LessonsDone:
    count: int
    before: int | None


@dataclass(frozen=True, slots=True)
class TestsTaken:
    """Graded attempts with a result, or all where none has one; the averages are percentages, points over points."""

    count: int
    average: Decimal | None
    before: Decimal | None


@dataclass(frozen=True, slots=True)
class TestScore:
    """`max_score` is 0 where the test was taken without a result; `retaken_from` are the points before a retake."""

    title: Titles
    score: Decimal
    max_score: Decimal
    retaken_from: Decimal | None = None


@dataclass(frozen=True, slots=True)
class MoreTests:
    """So many further tests are counted, and not told one by one."""

    count: int


@dataclass(frozen=True, slots=True)
class Trend:
    """Study time of the first and the last of the month's last four weeks that the child was here."""

    weeks: int
    first_seconds: int
    last_seconds: int


@dataclass(frozen=True, slots=True)
class CourseFinished:
    title: Titles


@dataclass(frozen=True, slots=True)
class GoodTest:
    title: Titles
    score: Decimal
    max_score: Decimal
    percent: Decimal
    best_in_month: bool


@dataclass(frozen=True, slots=True)
class Mended:
    """A test that was retaken, and went better."""

    title: Titles
    score: Decimal
    max_score: Decimal
    before: Decimal


@dataclass(frozen=True, slots=True)
class MilestoneReached:
    """A quarter, half or three quarters (`share`, in percent) of the course."""

    title: Titles
    share: int


@dataclass(frozen=True, slots=True)
class AwardEarned:
    title: Titles


@dataclass(frozen=True, slots=True)
class CameBack:
    days: int


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """Nothing is overdue any more."""

    before: int


@dataclass(frozen=True, slots=True)
class StudiedMore:
    seconds: int
    before_seconds: int


@dataclass(frozen=True, slots=True)
class WeeksInARow:
    weeks: int


@dataclass(frozen=True, slots=True)
class FinishedLessons:
    count: int
    title: Titles | None


Achievement = Annotated[
    CourseFinished
    | Mended
    | GoodTest
    | MilestoneReached
    | AwardEarned
    | CameBack
    | CaughtUp
    | StudiedMore
    | WeeksInARow
    | FinishedLessons,
    TaggedByType(),
]


@dataclass(frozen=True, slots=True)
class Win:
    achievement: Achievement


@dataclass(frozen=True, slots=True)
class StrongTopic:
    title: Titles
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Awards:
    titles: tuple[Titles, ...]


@dataclass(frozen=True, slots=True)
class TeacherComment:
    author: str | None
    body: str


@dataclass(frozen=True, slots=True)
class Overdue:
    """`works`: those told by title, newest first; older documents have the count alone."""

    count: int
    works: tuple[DatedWork, ...] = ()


@dataclass(frozen=True, slots=True)
class NextStep:
    """What waits now, whenever the period was; `position` is 0 where the platform does not say."""

    position: int
    title: Titles


@dataclass(frozen=True, slots=True)
class DueSoon:
    """`acts`: with what to do now."""

    title: Titles
    due_on: date
    acts: bool = False


@dataclass(frozen=True, slots=True)
class CourseLine:
    """`as_of`: the last day of the period, where that is some days ago."""

    title: Titles
    done: int
    required: int
    forecast: ForecastRange | None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class NewMaterials:
    """`titles`: the newest; older documents have the count alone."""

    count: int
    titles: tuple[Titles, ...] = ()


@dataclass(frozen=True, slots=True)
class StaleNote:
    """The platform's data ends before the period does."""

    as_of: datetime


@dataclass(frozen=True, slots=True)
class PartialNote:
    """The platform does not publish all it could."""


@dataclass(frozen=True, slots=True)
class SubscriptionNote:
    """Without a subscription the report is verdict and win."""


class IdleReason(StrEnum):
    NO_STUDY = "no_study"
    NOT_BEGUN = "not_begun"
    COURSE_PAUSED = "course_paused"
    FINISHED = "finished"
    NO_DATA = "no_data"
    BEFORE_ENROLMENT = "before_enrolment"


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing happened: a short message without figures, and one easy way back where there is one."""

    reason: IdleReason
    way_back: Titles | None
    began_on: date | None = None


@dataclass(frozen=True, slots=True)
class WeekLine:
    """The last week of a month that is told together with it, in one line; None: nothing is known or free to tell."""

    period: Period
    verdict: Verdict
    is_idle: bool
    seconds: int | None
    lessons: int | None


# In the order in which a report shows them, the same every time.
Block = Annotated[
    PeriodNote
    | VerdictLine
    | Idle
    | StudyTime
    | LessonsDone
    | TestsTaken
    | TestScore
    | MoreTests
    | DoneTogether
    | Win
    | Improvement
    | ChildQuestion
    | Trend
    | StrongTopic
    | Awards
    | Overdue
    | NextStep
    | DueSoon
    | CourseLine
    | NewMaterials
    | TeacherComment
    | StaleNote
    | PartialNote
    | SubscriptionNote
    | WeekLine,
    TaggedByType(),
]


@dataclass(frozen=True, slots=True)
class Shell:
    """The words that a model wrote around the sentences of a document: `[[S1]]`… stand where each of them goes.

    They hold no figure and nobody's name, and fit the sentences in this one language.
    """

    language: Language
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDocument:
    """`chart` is None where the text stands alone; `shell` where no model has worded it."""

    student_id: int
    name: str
    period: Period
    wording: Wording
    verdict: Verdict
    blocks: tuple[Block, ...]
    chart: Chart | None = None
    tone: ReportTone = ReportTone.WARM
    shell: Shell | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it tells all there is, as the report on a child that is covered does."""
        return not any(isinstance(block, SubscriptionNote) for block in self.blocks)

    @property
    def has_pdf(self) -> bool:
        """Whether there is a file of it: of a month, for who may read all of it."""
        return self.is_whole and self.period.kind is PeriodKind.MONTH

    @property
    def week_told(self) -> Period | None:
        """The week that a month's report tells of, where the two are one message."""
        return next((block.period for block in self.blocks if isinstance(block, WeekLine)), None)

    @property
    def action_id(self) -> str | None:
        return next((block.action_id for block in self.blocks if isinstance(block, Improvement)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReport:
    """A report as it is sent and kept: plain text, a photo's caption where there is a picture (PNG or JPEG).

    `words`: the teacher's, to be said after it; `made_at` is aware, None for one that has just been made.
    """

    report_id: int
    text: str
    picture: bytes | None
    document: ReportDocument
    words: str | None = None
    made_at: datetime | None = None
