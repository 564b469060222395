"""A report before it is words: typed blocks in their one order. Every number in it is a fact or made of facts.

Titles keep all their languages, so the same document is read out in any of them, in text, picture or another channel.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from mentorium_core.progress.model import ForecastRange, Period, Titles, Verdict
from mentorium_core.reports.tagged_union import TaggedByType


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
    """`max_score` is 0 where the test was taken without a result."""

    title: Titles
    score: Decimal
    max_score: Decimal


@dataclass(frozen=True, slots=True)
class Trend:
    """Study time of the first and the last of the last four weeks."""

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
class MilestoneReached:
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
class WeakTopic:
    code: str
    title: Titles
    score: Decimal
    max_score: Decimal
    percent: Decimal


@dataclass(frozen=True, slots=True)
class HardTest:
    title: Titles
    score: Decimal
    max_score: Decimal
    percent: Decimal


@dataclass(frozen=True, slots=True)
class OverdueWork:
    count: int


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
    count: int


@dataclass(frozen=True, slots=True)
class NextStep:
    """`position` is 0 where the platform does not say."""

    position: int
    title: Titles


@dataclass(frozen=True, slots=True)
class DueSoon:
    title: Titles
    due_on: date


@dataclass(frozen=True, slots=True)
class CourseLine:
    title: Titles
    done: int
    required: int
    forecast: ForecastRange | None


@dataclass(frozen=True, slots=True)
class NewMaterials:
    count: int


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


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing happened: a short message without figures, and one easy way back where there is one."""

    reason: IdleReason
    way_back: Titles | None


# In the order in which a report shows them, the same every time.
Block = Annotated[
    PeriodNote
    | VerdictLine
    | Idle
    | StudyTime
    | LessonsDone
    | TestsTaken
    | TestScore
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
    | SubscriptionNote,
    TaggedByType(),
]


@dataclass(frozen=True, slots=True)
class Bar:
    """Study time of one day; `before_seconds` is the same day of the period before, None where it had none."""

    day: date
    seconds: int
    before_seconds: int | None


class Tone(StrEnum):
    """How a share is coloured: good, slow (worth a look) or calm (no judgement)."""

    GOOD = "good"
    SLOW = "slow"
    CALM = "calm"


@dataclass(frozen=True, slots=True)
class Meter:
    """A share of a whole: a topic's points or a course's lessons, 0..100."""

    title: Titles
    percent: Decimal
    tone: Tone


@dataclass(frozen=True, slots=True)
class Chart:
    """What only the picture shows: topics (at most the strongest and the weakest) or else courses."""

    bars: tuple[Bar, ...]
    topics: tuple[Meter, ...]
    courses: tuple[Meter, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDocument:
    """`chart` is None where the text stands alone."""

    student_id: int
    name: str
    period: Period
    wording: Wording
    verdict: Verdict
    blocks: tuple[Block, ...]
    chart: Chart | None = None

    @property
    def action_id(self) -> str | None:
        return next((block.action_id for block in self.blocks if isinstance(block, Improvement)), None)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a report about the same period used before, so that asking again changes nothing."""

    template_id: str | None
    action_id: str | None


@dataclass(frozen=True, slots=True)
class Memory:
    """What this parent read about this child lately, newest last: templates, and the actions of 28 days."""

    template_ids: tuple[str, ...] = ()
    action_ids: tuple[str, ...] = ()
    again: Choice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReport:
    """A report as it is sent and kept: plain text, a photo's caption where there is a picture (PNG or JPEG)."""

    report_id: int
    text: str
    picture: bytes | None
    document: ReportDocument
