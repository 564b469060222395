from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorium_core.progress.model import (
    CourseProgress,
    CourseStatus,
    DueTest,
    LearnerFacts,
    Titles,
    Verdict,
    month_of,
    week_of,
)
from mentorium_core.progress.rules import has_before, verdict, weeks_of_trend
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


WORK = DueTest(Titles(en="Check"), date(2026, 11, 20))


def through(facts: LearnerFacts) -> LearnerFacts:
    """With every lesson of every course done; the platform has not ended the courses yet."""
    courses = tuple(replace(one, done_lessons=one.required_lessons) for one in facts.courses)
    return replace(facts, courses=courses)


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
    # no active day, but work that was done: no pause
    (replace(learner(0), lessons_done=1), Verdict.UNEVEN),
    (replace(learner(0), lessons_done=1, before_lessons_done=2), Verdict.SLOWED_DOWN),
    # time and lessons went different ways
    (replace(learner(2 * HOUR, 5 * HOUR), lessons_done=5, before_lessons_done=3), Verdict.UNEVEN),
    (replace(learner(9 * HOUR, 5 * HOUR), lessons_done=2, before_lessons_done=3), Verdict.UNEVEN),
    (replace(learner(), lessons_done=1, before_lessons_done=5), Verdict.UNEVEN),
    # slowed down: below 75 % of the time before; late work is no pace
    (learner(3 * HOUR, 4 * HOUR), Verdict.AS_USUAL),
    (learner(3 * HOUR - 1, 4 * HOUR), Verdict.SLOWED_DOWN),
    # who has done every lesson and owes no work is not slower for having less to do
    (through(learner(HOUR)), Verdict.UNDER_WAY),
    (through(replace(learner(), before_lessons_done=9)), Verdict.UNDER_WAY),
    (through(learner(6 * HOUR)), Verdict.ON_TRACK),
    (replace(through(learner(HOUR)), late=(WORK,)), Verdict.SLOWED_DOWN),
    (replace(through(learner(HOUR)), due_next=(WORK,)), Verdict.SLOWED_DOWN),
    (replace(learner(HOUR), courses=(*through(learner()).courses, course(A))), Verdict.SLOWED_DOWN),
    (replace(learner(HOUR), courses=(replace(course(A), required_lessons=0, done_lessons=0),)), Verdict.SLOWED_DOWN),
    (learner(60, 80), Verdict.AS_USUAL),
    (learner(60, 81), Verdict.SLOWED_DOWN),
    (learner(4 * HOUR, overdue=(1, 0)), Verdict.AS_USUAL),
    (learner(overdue=(3, 2)), Verdict.ON_TRACK),
    (learner(9 * HOUR, 5 * HOUR, overdue=(1, 0)), Verdict.ON_TRACK),
    # as usual: a little less time, or fewer lessons
    (learner(5 * HOUR - 1, 5 * HOUR), Verdict.AS_USUAL),
    (replace(learner(), lessons_done=2, before_lessons_done=3), Verdict.AS_USUAL),
    # nothing to compare with, or to measure with
    (replace(learner(0, 0), missing_views=frozenset({"v_activity_day"})), Verdict.UNDER_WAY),
    # else on track
    (learner(), Verdict.ON_TRACK),
    (learner(60, 0), Verdict.ON_TRACK),
    (learner(overdue=(2, 2)), Verdict.ON_TRACK),
    (learner(overdue=(1, 2)), Verdict.ON_TRACK),
]


@pytest.mark.parametrize(("facts", "expected"), TABLE)
def test_the_first_verdict_that_fits(facts: LearnerFacts, expected: Verdict) -> None:
    assert verdict(facts, MONDAY) is expected


@pytest.mark.parametrize(("now_seconds", "expected"), [(0, Verdict.AS_USUAL), (-1, Verdict.SLOWED_DOWN)])
def test_months_are_compared_by_the_day(now_seconds: int, expected: Verdict) -> None:
    """An hour a day all of January, 45 minutes a day in the 28 days of February: 75 %, though only 68 % in sum."""
    march = datetime(2026, 3, 1, 10, 0, tzinfo=TASHKENT)
    facts = replace(
        learner(first=date(2025, 6, 1)),
        period=month_of(date(2026, 2, 1)),
        day_seconds=(45 * 60,) * 27 + (45 * 60 + now_seconds,),
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
    has_before = first is not None and first <= WEEK.previous().first_day
    slower = has_before and seconds * 4 < before * 3
    assert (said is Verdict.FINISHED) == finished
    assert (said is Verdict.TOO_EARLY) == (not finished and early)
    assert (said is Verdict.PAUSED) == (not finished and not early and seconds < 60)
    assert (said is Verdict.SLOWED_DOWN) == (not finished and not early and seconds >= 60 and slower)
    assert (said is Verdict.ON_TRACK) <= (seconds >= before), "praise only where time did not fall"


@pytest.mark.parametrize(
    ("enrolled", "first", "expected"),
    [
        (date(2026, 10, 1), date(2026, 10, 1), True),
        (date(2026, 10, 1), date(2026, 10, 31), True),
        (date(2026, 10, 2), date(2026, 10, 2), False),
        (date(2026, 9, 30), None, False),
        (date(2026, 9, 30), date(2026, 11, 1), False),
        (None, date(2026, 10, 1), True),
        (None, date(2026, 10, 2), False),
    ],
)
def test_a_part_of_a_month_is_no_month_before(enrolled: date | None, first: date | None, expected: bool) -> None:
    """parents A1: who came in the middle of October has nothing to compare November with."""
    joined = replace(course(A), enrolled_on=enrolled)
    november = replace(learner(first=first), period=month_of(date(2026, 11, 1)), courses=(joined,))
    assert has_before(november) is expected
    months = replace(november, day_seconds=(HOUR,) * 30, before_day_seconds=(0,) * 21 + (5 * HOUR,) * 10)
    if first is not None and not expected:
        assert verdict(months, datetime(2026, 12, 1, 10, 0, tzinfo=TASHKENT)) is Verdict.UNDER_WAY


NOVEMBER, DECEMBER = month_of(date(2026, 11, 1)), datetime(2026, 12, 1, 10, 0, tzinfo=TASHKENT)


@given(
    weeks=st.lists(st.integers(0, 20 * HOUR), min_size=4, max_size=4),
    first_days=st.integers(0, 2 * 86400),
    before=st.integers(0, 60 * HOUR),
    lessons=st.tuples(st.integers(0, 3), st.integers(0, 3)),
    began=st.dates(date(2026, 9, 1), date(2026, 11, 17)),
)
def test_a_months_verdict_agrees_with_its_trend_and_its_figures(
    weeks: list[int], first_days: int, before: int, lessons: tuple[int, int], began: date
) -> None:
    """parents A1, A2"""
    days = [first_days // 2, first_days // 2, *(seconds // 7 for seconds in weeks for _ in range(7))]
    facts = replace(
        learner(first=began),
        period=NOVEMBER,
        day_seconds=tuple(days),
        before_day_seconds=(before // 31,) * 31,
        lessons_done=lessons[0],
        before_lessons_done=lessons[1],
    )
    said, told = verdict(facts, DECEMBER), weeks_of_trend(facts)
    if said is Verdict.SLOWED_DOWN:
        assert facts.active_seconds < facts.before_active_seconds
        assert facts.lessons_done <= facts.before_lessons_done
        assert not told or told[-1] <= told[0]
    if said in {Verdict.ON_TRACK, Verdict.AS_USUAL, Verdict.UNDER_WAY}:
        assert not told or told[-1] * 4 >= told[0] * 3
    if said is Verdict.ON_TRACK:
        assert facts.active_seconds >= facts.before_active_seconds
        assert facts.lessons_done >= facts.before_lessons_done
    if began >= NOVEMBER.first_day:
        assert said not in {Verdict.ON_TRACK, Verdict.AS_USUAL, Verdict.SLOWED_DOWN}, "a first month has no before"


def test_a_trend_does_not_count_weeks_before_enrolment() -> None:
    """parents A22"""
    late = replace(course(A), enrolled_on=date(2026, 11, 12))
    month = replace(learner(first=date(2026, 11, 13)), period=NOVEMBER, day_seconds=(0,) * 11 + (600,) * 19)
    assert weeks_of_trend(replace(month, courses=(late,))) == (4200, 4200)
    assert weeks_of_trend(
        replace(month, courses=(replace(late, enrolled_on=date(2026, 11, 20)),)),
    ) == (4200, 4200)
    assert weeks_of_trend(replace(month, first_active_day=date(2026, 11, 20), courses=())) == ()
