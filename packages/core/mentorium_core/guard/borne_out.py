"""Whether facts say that a test is passed, a course finished, a day one of study: true, false, or not known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from mentorium_core.guard.folding import title_key
from mentorium_core.guard.model import Fact, Metric, PeriodWords
from mentorium_core.guard.periods import Mention

_LONGEST_BY_DAY: Final = 7
"""Days of a period that a tool tells day by day."""


OF_TAKEN_TESTS: Final = (Metric.SCORE, Metric.TEST_TAKEN, Metric.TEST_PERCENT)
"""A fact of these with a title is of a test that was taken."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Of whom (a bare token), of which titles (`title_key`) and days; `period` of the sentence, or said before.

    `in_time`: that it was done in time.
    """

    child: str | None
    titles: frozenset[str]
    days: tuple[Mention, ...]
    period: PeriodWords | None
    in_time: bool = False


def is_one_day(mention: Mention) -> bool:
    """Whether the words name a day, by its weekday or date, and no week or month."""
    return mention.name.startswith("weekday_") or (mention.first is not None and mention.first == mention.last)


def test_is_passed(facts: Sequence[Fact], claim: Claim) -> bool | None:
    """Points against the pass mark of the same test; None where there is no pass mark, or tests differ."""
    outcomes = {
        score.value >= mark.value
        for score in _of(facts, Metric.SCORE, claim)
        for mark in _of(facts, Metric.PASS_PERCENT, claim)
        if score.value is not None and mark.value is not None
        if (score.title, score.day, score.of) == (mark.title, mark.day, mark.of)
    }
    return outcomes.pop() if len(outcomes) == 1 else None


def test_is_failed(facts: Sequence[Fact], claim: Claim) -> bool | None:
    return None if (passed := test_is_passed(facts, claim)) is None else not passed


def test_is_taken(facts: Sequence[Fact], claim: Claim) -> bool | None:
    """By a result, or by how many were taken."""
    if any(fact.title is not None for metric in OF_TAKEN_TESTS for fact in _of(facts, metric, claim)):
        return True
    counted = [] if claim.titles else [fact.value for fact in _of(facts, Metric.TESTS_TAKEN, claim)]
    return None if not counted else any(counted)


def work_is_done(facts: Sequence[Fact], claim: Claim) -> bool | None:
    """All of it, if nothing is late; that of a title, if it has a result. When it was handed in nobody knows."""
    late = [bool(fact.value) for fact in facts if fact.metric is Metric.OVERDUE and fact.title is None]
    if claim.in_time:
        return False if any(late) else None
    if claim.titles:
        return True if any(_of(facts, Metric.SCORE, claim)) else None
    return None if not late else not any(late)


def has_late_work(facts: Sequence[Fact], _claim: Claim) -> bool | None:
    late = [bool(fact.value) for fact in facts if fact.metric is Metric.OVERDUE]
    return None if not late else any(late)


def course_is_finished(facts: Sequence[Fact], claim: Claim) -> bool | None:
    """A course of the title that is named; else any."""
    if any(_of(facts, Metric.COURSE_FINISHED, claim)):
        return True
    counted = list(_of(facts, Metric.COURSE_LESSONS, claim))
    done = [fact.of is not None and fact.value is not None and fact.value >= fact.of for fact in counted]
    return None if not done else any(done)


def course_is_begun(facts: Sequence[Fact], claim: Claim) -> bool | None:
    return True if any(fact.value for fact in _of(facts, Metric.COURSE_LESSONS, claim)) else None


def course_is_left(facts: Sequence[Fact], claim: Claim) -> bool | None:
    return True if any(_of(facts, Metric.COURSE_LEFT, claim)) else None


def has_awards(facts: Sequence[Fact], _claim: Claim) -> bool | None:
    counted = [fact.value for fact in facts if fact.metric is Metric.AWARDS and fact.value is not None]
    return None if not counted else any(counted)


def nobody_knows(_facts: Sequence[Fact], _claim: Claim) -> bool | None:
    """The platform tells nothing of it: prizes, grades, who came."""
    return None


def was_studied_on(facts: Sequence[Fact], claim: Claim) -> bool | None:
    """By the minutes of that day; not studied, if a week is told day by day and the day is not among its days."""
    studied = [fact for fact in facts if fact.metric is Metric.STUDY_MINUTES and fact.value is not None]
    by_day = {fact.day for fact in studied if fact.day is not None and fact.value}
    told = [day for fact in studied for day in _told_by_day(fact, by_day)]
    days = [
        day
        for day in {*told, *by_day}
        if any(_names(mention, day) for mention in claim.days) and _is_within(day, claim.period)
    ]
    return None if not days else any(day in by_day for day in days)


def _told_by_day(fact: Fact, by_day: set[date]) -> Iterator[date]:
    """The days of a period whose days are told, or that had no study at all."""
    if fact.days is None or fact.is_before:
        return
    length = (fact.days.last_day - fact.days.first_day).days + 1
    dates = [fact.days.first_day + timedelta(days=number) for number in range(min(length, _LONGEST_BY_DAY))]
    if length <= _LONGEST_BY_DAY and (not fact.value or not by_day.isdisjoint(dates)):
        yield from dates


def _names(mention: Mention, day: date) -> bool:
    return mention.first == day or mention.name == f"weekday_{day.weekday()}"


def _is_within(day: date, period: PeriodWords | None) -> bool:
    if not isinstance(period, Mention) or period.first is None or period.last is None or is_one_day(period):
        return True
    return period.first <= day <= period.last


def _of(facts: Sequence[Fact], metric: Metric, claim: Claim) -> Iterator[Fact]:
    for fact in facts:
        if fact.metric is not metric or fact.is_before:
            continue
        if claim.titles and title_key(fact.title) not in claim.titles:
            continue
        if claim.days and fact.day is not None and not any(_names(mention, fact.day) for mention in claim.days):
            continue
        yield fact
