from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorium_core.progress.model import (
    CourseProgress,
    CourseStatus,
    LearnerFacts,
    Titles,
    Verdict,
    month_of,
    week_of,
)
from mentorium_core.progress.rules import verdict
from mentorium_kit.clock import TASHKENT, start_of_day

WEEK = week_of(date(2026, 11, 16))
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=TASHKENT)
LONG_AGO = date(2026, 3, 1)
HOUR = 3600
A, C, P, D = CourseStatus.ACTIVE, CourseStatus.COMPLETED, CourseStatus.PAUSED, CourseStatus.DROPPED


def course(status: CourseStatus) -> CourseProgress:
    return CourseProgress(1, "ai", Titles(en="AI"), status, required_lessons=40, done_lessons=16)


def learner(
    seconds: int = 5 * HOUR,
    before: int = 5 * HOUR,
    *,
    statuses: tuple[CourseStatus, ...] = (A,),
    first: date | None = LONG_AGO,
    overdue: tuple[int, int] = (0, 0),
) -> LearnerFacts:
    return LearnerFacts(
        student_id=1,
        display_name="Aziza",
        period=WEEK,
        day_seconds=(seconds, 0, 0, 0, 0, 0, 0),
        before_day_seconds=(before, 0, 0, 0, 0, 0, 0),
        first_active_day=first,
        overdue=overdue[0],
        before_overdue=overdue[1],
        courses=tuple(course(status) for status in statuses),
    )


TABLE = [
    # finished comes first, whatever else is true
    (learner(statuses=(C,)), Verdict.FINISHED),
    (learner(statuses=(C, C)), Verdict.FINISHED),
    (learner(statuses=(C, P)), Verdict.FINISHED),
    (learner(statuses=(C, D)), Verdict.FINISHED),
    (learner(0, 0, statuses=(C,)), Verdict.FINISHED),
    (learner(statuses=(C,), first=None), Verdict.FINISHED),
    (learner(statuses=(C,), overdue=(3, 0)), Verdict.FINISHED),
    (learner(statuses=(C, A)), Verdict.ON_TRACK),
    (learner(statuses=(D, P)), Verdict.ON_TRACK),
    (learner(statuses=()), Verdict.ON_TRACK),
    # too early: fewer than 14 days since the first activity
    (learner(first=None), Verdict.TOO_EARLY),
    (learner(0, first=None), Verdict.TOO_EARLY),
    (learner(first=date(2026, 11, 22)), Verdict.TOO_EARLY),
    (learner(0, first=date(2026, 11, 15)), Verdict.TOO_EARLY),
    (learner(first=date(2026, 11, 10)), Verdict.TOO_EARLY),
    (learner(first=date(2026, 11, 9)), Verdict.ON_TRACK),
    (learner(1 * HOUR, 5 * HOUR, first=date(2026, 11, 10)), Verdict.TOO_EARLY),
    # paused: no active day; less than a minute makes none
    (learner(0), Verdict.PAUSED),
    (learner(0, 0), Verdict.PAUSED),
    (learner(59), Verdict.PAUSED),
    (learner(0, overdue=(2, 1)), Verdict.PAUSED),
    # slowed down: below 60 % of the time before, or more overdue work
    (learner(3 * HOUR, 5 * HOUR), Verdict.ON_TRACK),
    (learner(3 * HOUR - 1, 5 * HOUR), Verdict.SLOWED_DOWN),
    (learner(60, 100), Verdict.ON_TRACK),
    (learner(60, 101), Verdict.SLOWED_DOWN),
    (learner(overdue=(1, 0)), Verdict.SLOWED_DOWN),
    (learner(overdue=(3, 2)), Verdict.SLOWED_DOWN),
    (learner(9 * HOUR, 5 * HOUR, overdue=(1, 0)), Verdict.SLOWED_DOWN),
    # else on track
    (learner(), Verdict.ON_TRACK),
    (learner(60, 0), Verdict.ON_TRACK),
    (learner(overdue=(2, 2)), Verdict.ON_TRACK),
    (learner(overdue=(1, 2)), Verdict.ON_TRACK),
]


@pytest.mark.parametrize(("facts", "expected"), TABLE)
def test_the_first_verdict_that_fits(facts: LearnerFacts, expected: Verdict) -> None:
    assert verdict(facts, MONDAY) is expected


@pytest.mark.parametrize(("now_seconds", "expected"), [(0, Verdict.ON_TRACK), (-1, Verdict.SLOWED_DOWN)])
def test_months_are_compared_by_the_day(now_seconds: int, expected: Verdict) -> None:
    """An hour a day all of January, 36 minutes a day in the 28 days of February: 60 %, though only 54 % in sum."""
    march = datetime(2026, 3, 1, 10, 0, tzinfo=TASHKENT)
    facts = replace(
        learner(first=date(2025, 6, 1)),
        period=month_of(date(2026, 2, 1)),
        day_seconds=(36 * 60,) * 27 + (36 * 60 + now_seconds,),
        before_day_seconds=(HOUR,) * 31,
    )
    assert verdict(facts, march) is expected


def test_a_report_says_the_same_however_late_it_is_asked_for() -> None:
    facts = learner(first=date(2026, 11, 10))
    assert {verdict(facts, MONDAY + timedelta(days=n)) for n in range(60)} == {Verdict.TOO_EARLY}


def test_inside_the_period_time_counts_to_today() -> None:
    facts = learner(first=date(2026, 11, 4))
    assert verdict(facts, start_of_day(date(2026, 11, 18)) - timedelta(microseconds=1)) is Verdict.TOO_EARLY
    assert verdict(facts, start_of_day(date(2026, 11, 18))) is Verdict.ON_TRACK


@given(
    seconds=st.integers(0, 86400),
    before=st.integers(0, 86400),
    statuses=st.lists(st.sampled_from(CourseStatus), max_size=4).map(tuple),
    first=st.none() | st.dates(date(2026, 10, 20), date(2026, 11, 22)),
    overdue=st.tuples(st.integers(0, 5), st.integers(0, 5)),
)
def test_each_verdict_means_what_it_says(
    seconds: int, before: int, statuses: tuple[CourseStatus, ...], first: date | None, overdue: tuple[int, int]
) -> None:
    facts = learner(seconds, before, statuses=statuses, first=first, overdue=overdue)
    said = verdict(facts, MONDAY)
    finished = any(s is C for s in statuses) and all(s is not A for s in statuses)
    early = first is None or MONDAY.date() - first < timedelta(days=14)
    slower = seconds * 10 < before * 6 or overdue[0] > overdue[1]
    assert (said is Verdict.FINISHED) == finished
    assert (said is Verdict.TOO_EARLY) == (not finished and early)
    assert (said is Verdict.PAUSED) == (not finished and not early and seconds < 60)
    assert (said is Verdict.SLOWED_DOWN) == (not finished and not early and seconds >= 60 and slower)
