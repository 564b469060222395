"""A document as whole sentences in one order, in four sections, and what each says in a word or two without figures.

The sentences are ours, numbers and names and all; a model hears the glosses alone, and writes around the sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import singledispatch
from typing import Final

from mentorium_core.advice.model import (
    ChildQuestion,
    DoneTogether,
    HardTest,
    Improvement,
    LessStudy,
    OverdueWork,
    WeakTopic,
)
from mentorium_core.progress.model import Verdict
from mentorium_core.reports.lines import Lines
from mentorium_core.reports.model import (
    Awards,
    Block,
    CameBack,
    CaughtUp,
    CourseFinished,
    FinishedLessons,
    GoodTest,
    LessonsDone,
    Mended,
    MilestoneReached,
    MoreTests,
    PartialNote,
    PeriodNote,
    StaleNote,
    StrongTopic,
    StudiedMore,
    StudyTime,
    TeacherComment,
    TestScore,
    TestsTaken,
    Trend,
    VerdictLine,
    WeekLine,
    WeeksInARow,
    Win,
)

NO_SENTENCES: tuple[type[Block], ...] = (PeriodNote, TeacherComment, StaleNote, PartialNote)
"""Said by us alone, before or after what a model has worded."""
_OF_TESTS = (TestsTaken, TestScore, MoreTests)
_ACHIEVED = (
    VerdictLine,
    StudyTime,
    LessonsDone,
    *_OF_TESTS,
    WeekLine,
    Trend,
    DoneTogether,
    Win,
    StrongTopic,
    Awards,
)


_A_STEP: Final = "a short step for parent and child to take together"


class Section(StrEnum):
    """The four parts of a report, in their order; the names are those of the schema that a model answers in."""

    ACHIEVEMENTS = "achievements"
    IMPROVEMENTS = "improvements"
    RECOMMENDATIONS = "recommendations"
    UPCOMING = "upcoming"


@dataclass(frozen=True, slots=True)
class FixedSentence:
    """`text`: one line or several, as it is shown; `gloss`: what it says, in English, without a digit or a name."""

    section: Section
    text: str
    gloss: str


def sentences_of(blocks: Sequence[Block], lines: Lines) -> tuple[FixedSentence, ...]:
    """Those of these blocks that are sentences, section by section."""
    told = [sentence for blocks_of in _together(blocks) for sentence in _told(blocks_of, lines)]
    return tuple(sentence for section in Section for sentence in told if sentence.section is section)


def _together(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Tests are one sentence, with their list."""
    tests: list[Block] = [block for block in blocks if isinstance(block, _OF_TESTS)]
    for block in blocks:
        if isinstance(block, NO_SENTENCES) or any(block is test for test in tests[1:]):
            continue
        yield tests if tests and block is tests[0] else [block]


def _told(blocks: Sequence[Block], lines: Lines) -> Iterator[FixedSentence]:
    first = blocks[0]
    text = "\n".join(lines.of(block) for block in blocks)
    if isinstance(first, Improvement):
        what, _, action = text.partition("\n")
        yield FixedSentence(Section.IMPROVEMENTS, what, gloss(first))
        yield FixedSentence(Section.RECOMMENDATIONS, action.strip(), _A_STEP)
    elif isinstance(first, ChildQuestion):
        yield FixedSentence(Section.RECOMMENDATIONS, text, "a question for the parent to ask the child")
    else:
        section = Section.ACHIEVEMENTS if isinstance(first, _ACHIEVED) else Section.UPCOMING
        yield FixedSentence(section, text, gloss(first))


_VERDICTS = {
    Verdict.ON_TRACK: "the pace is good",
    Verdict.AS_USUAL: "the pace is as usual",
    Verdict.UNEVEN: "the pace was uneven",
    Verdict.UNDER_WAY: "lessons are under way, and there is nothing to compare with yet",
    Verdict.SLOWED_DOWN: "the pace has slowed down; be supportive",
    Verdict.PAUSED: "learning is paused; be supportive",
    Verdict.FINISHED: "the course is finished",
    Verdict.TOO_EARLY: "learning has just begun, it is too early to judge",
}
_WINS: dict[type, str] = {
    CourseFinished: "a course is finished",
    GoodTest: "a test went well",
    Mended: "a test was retaken and went better",
    MilestoneReached: "a part of the course is done",
    CameBack: "lessons go on after a break",
    CaughtUp: "all work is handed in",
    StudiedMore: "there was time for learning",
    WeeksInARow: "lessons are regular",
    FinishedLessons: "lessons are finished",
}
_SHORTFALLS: dict[type, str] = {
    WeakTopic: "a topic that needs practice",
    HardTest: "a test that was hard",
    OverdueWork: "work that is past its date",
    LessStudy: "the time for learning",
}
_OTHERS: dict[str, str] = {
    "DoneTogether": "what the parent and the child have practised together",
    "StrongTopic": "the strongest topic",
    "Awards": "awards",
    "Trend": "the time for learning in the course of the month",
    "WeekLine": "the last week of the month in one line",
    "Overdue": "work that is past its date",
    "NextStep": "the lesson that comes next",
    "DueSoon": "work with a date ahead",
    "CourseLine": "how far the course is",
    "NewMaterials": "new materials",
}


@singledispatch
def gloss(block: object) -> str:
    """What a block says, as a model may know it."""
    return _OTHERS.get(type(block).__name__, "another fact")


@gloss.register
def _(block: VerdictLine) -> str:
    return f"the verdict: {_VERDICTS[block.verdict]}"


@gloss.register
def _(block: StudyTime) -> str:
    return f"time for learning, and on how many days{_change(block.seconds, block.before_seconds)}"


@gloss.register
def _(block: LessonsDone) -> str:
    return f"lessons finished{_change(block.count, block.before)}"


@gloss.register
def _(block: TestsTaken) -> str:
    return f"tests and their results{_change(block.average, block.before)}"


@gloss.register
def _(block: Win) -> str:
    return f"good news: {_WINS.get(type(block.achievement), 'an award')}"


@gloss.register
def _(block: Improvement) -> str:
    return f"what to improve: {_SHORTFALLS[type(block.shortfall)]}"


def _change(now: Decimal | int | None, before: Decimal | int | None) -> str:
    if now is None or before is None:
        return ""
    if now == before:
        return ", as before"
    return ", more than before" if now > before else ", less than before"
