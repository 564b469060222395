"""The one win that opens a report: the best that really happened in the period, or none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from mentorium_core.advice.rules import HARD_PERCENT
from mentorium_core.progress.model import CourseStatus, LearnerFacts, PeriodKind, TestResult
from mentorium_core.progress.rules import has_before, milestones_reached
from mentorium_core.reports.model import (
    Achievement,
    AwardEarned,
    CameBack,
    CaughtUp,
    CourseFinished,
    FinishedLessons,
    GoodTest,
    Mended,
    MilestoneReached,
    StudiedMore,
    WeeksInARow,
    Win,
)

GOOD_PERCENT = 80
WEEKS_WORTH_A_WORD = 3
MORE_STUDY_FACTOR = 1.2
STUDY_WORTH_A_WORD = timedelta(minutes=30)


def choose_win(facts: LearnerFacts) -> Win | None:
    """The first that is true, most telling first; None where nothing is, for a win is never made up."""
    return next((Win(achievement) for achievement in _achievements(facts)), None)


def _achievements(facts: LearnerFacts) -> Iterator[Achievement]:
    best = _best_test(facts)
    yield from _courses_finished(facts)
    if best is not None and best.percent == 100:
        yield best
    yield from _mended(facts)
    for course in facts.courses:
        if course.status is not CourseStatus.DROPPED and (shares := milestones_reached(course)):
            yield MilestoneReached(course.title, shares[-1])
    if best is not None:
        yield best
    if facts.before_overdue and not facts.overdue:
        yield CaughtUp(facts.before_overdue)
    if facts.awards:
        yield AwardEarned(facts.awards[-1].title)
    yield from _diligence(facts)


def _diligence(facts: LearnerFacts) -> Iterator[Achievement]:
    if _came_back(facts):
        yield CameBack(facts.active_days)
    if facts.streak_weeks >= WEEKS_WORTH_A_WORD and facts.active_days:
        yield WeeksInARow(facts.streak_weeks)
    if _studied_more(facts):
        yield StudiedMore(facts.active_seconds, facts.before_active_seconds)
    if facts.lessons_done:
        yield FinishedLessons(facts.lessons_done, facts.lesson_titles[-1] if facts.lesson_titles else None)


def _courses_finished(facts: LearnerFacts) -> Iterator[Achievement]:
    for course in facts.courses:
        if course.completed_on and facts.period.first_day <= course.completed_on <= facts.period.last_day:
            yield CourseFinished(course.title)


def _mended(facts: LearnerFacts) -> Iterator[Mended]:
    """Retakes that went better, to a result that needs no more work; the greatest step first."""
    steps = [
        (test.score - test.retaken_from, test)
        for test in facts.tests
        if test.retaken_from is not None and test.score > test.retaken_from
    ]
    for _, test in sorted(steps, key=lambda step: step[0], reverse=True):
        if test.percent is not None and test.percent >= HARD_PERCENT and test.retaken_from is not None:
            yield Mended(test.title, test.score, test.max_score, test.retaken_from)


def _best_test(facts: LearnerFacts) -> GoodTest | None:
    """The test with the highest share, the later of equals; None below 80 %."""
    graded = [test for test in facts.tests if test.percent is not None and test.percent >= GOOD_PERCENT]
    if not graded:
        return None
    best = max(graded, key=lambda test: (test.percent, test.day))
    assert best.percent is not None
    return GoodTest(best.title, best.score, best.max_score, best.percent, _is_best_in_month(best, facts))


def _is_best_in_month(best: TestResult, facts: LearnerFacts) -> bool:
    earlier = [test.percent for test in facts.earlier_tests if test.percent is not None]
    is_week = facts.period.kind is PeriodKind.WEEK
    return is_week and bool(earlier) and best.percent is not None and best.percent > max(earlier)


def _came_back(facts: LearnerFacts) -> bool:
    """Active again after a whole period without study, by one who had studied before that."""
    began_earlier = facts.first_active_day is not None and facts.first_active_day < facts.period.previous().first_day
    return began_earlier and facts.active_days > 0 and facts.before_active_days == 0


def _studied_more(facts: LearnerFacts) -> bool:
    more = facts.active_seconds - facts.before_active_seconds
    return (
        has_before(facts)
        and facts.before_active_seconds > 0
        and facts.active_seconds >= facts.before_active_seconds * MORE_STUDY_FACTOR
        and more >= STUDY_WORTH_A_WORD.total_seconds()
    )
