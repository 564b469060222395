"""What the facts mean: verdict, streak, topics, forecast, milestones. Pure functions, no clock of their own."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from mentorium_core.progress.model import (
    CourseProgress,
    CourseStatus,
    ForecastRange,
    LearnerFacts,
    TopicResult,
    TopicVerdict,
    Verdict,
    WeekRun,
)
from mentorium_kit.clock import local_day

DAYS_TO_JUDGE = 14
SLOWED_BELOW = Fraction(75, 100)
LESS_TIME_BELOW = Fraction(90, 100)
WEEKS_OF_TREND = 4
ACTIVITY_VIEW = "v_activity_day"

WEEKS_PER_PAUSE = 6

TOPICS_TO_JUDGE = 2
RESULTS_TO_JUDGE = 3
USUAL_SHARE = Decimal("0.75")
USUAL_SHARE_WEIGHT = 2

BUSY_WEEKS_TO_FORECAST = 2
FORECAST_PACES = (Fraction(11, 10), Fraction(8, 10))  # a tenth faster, a fifth slower than the last four weeks
FORECAST_HORIZON = timedelta(days=731)  # further ahead a month would be a guess

MILESTONES = (25, 50, 75)

_FIRST_MONDAY = date(1970, 1, 5)


def verdict(facts: LearnerFacts, now: datetime) -> Verdict:
    """The first that fits, in the order below; `now` is aware.

    A report says the same whenever it is asked for, so time counts to the day after the period, or to now before that.
    """
    today = min(local_day(now), facts.period.last_day + timedelta(days=1))
    if is_finished(facts.courses):
        return Verdict.FINISHED
    if ACTIVITY_VIEW in facts.missing_views:
        return Verdict.UNDER_WAY
    if facts.first_active_day is None or (today - facts.first_active_day).days < DAYS_TO_JUDGE:
        return Verdict.TOO_EARLY
    if facts.active_days == 0 and not facts.lessons_done and not facts.tests:
        return Verdict.PAUSED
    return _beside_the_trend(_pace(facts), weeks_of_trend(facts))


def _pace(facts: LearnerFacts) -> Verdict:
    """Time and lessons against the child's own period before: praise only where neither fell, slower only where time
    fell, much or together with the lessons, and lessons did not rise. Who has nothing left to do is not slower for it.
    """
    if not has_before(facts):
        return Verdict.UNDER_WAY
    lessons, lessons_before = facts.lessons_done, facts.before_lessons_done
    fell = facts.active_seconds < facts.before_active_seconds or lessons < lessons_before
    if fell and is_through(facts):
        return Verdict.UNDER_WAY
    if is_slower(facts):
        return Verdict.UNEVEN if lessons > lessons_before else Verdict.SLOWED_DOWN
    if not fell:
        return Verdict.ON_TRACK
    much_more_time = facts.active_seconds * SLOWED_BELOW > facts.before_active_seconds
    far_fewer_lessons = lessons_before - lessons > max(1, lessons_before // 4)
    if far_fewer_lessons and is_slower(facts, below=LESS_TIME_BELOW):
        return Verdict.SLOWED_DOWN
    return Verdict.UNEVEN if much_more_time or far_fewer_lessons else Verdict.AS_USUAL


def _beside_the_trend(pace: Verdict, weeks: Sequence[int]) -> Verdict:
    """A month's verdict says nothing that the trend of its weeks, told beside it, denies."""
    if not weeks:
        return pace
    first, last = weeks[0], weeks[-1]
    denied = last > first if pace is Verdict.SLOWED_DOWN else last < first * SLOWED_BELOW
    return Verdict.UNEVEN if denied else pace


def has_before(facts: LearnerFacts) -> bool:
    """Whether the child was enrolled through the whole period before and had begun to learn by its end.

    A part of a period is no "before": a first month is compared with nothing, nor is the one after half a month.
    """
    before = facts.period.previous()
    if facts.first_active_day is None or facts.began_on is None:
        return False
    return facts.first_active_day <= before.last_day and facts.began_on <= before.first_day


def weeks_of_trend(facts: LearnerFacts) -> tuple[int, ...]:
    """Seconds of each of the last four whole weeks of seven days, oldest first, but for those before the child came.

    Empty for a shorter period, and where fewer than two weeks are left.
    """
    days = list(zip(facts.period.dates(), facts.day_seconds, strict=False))[-7 * WEEKS_OF_TREND :]
    if facts.began_on is None or len(days) < 7 * WEEKS_OF_TREND or ACTIVITY_VIEW in facts.missing_views:
        return ()
    weeks = [days[start : start + 7] for start in range(0, len(days), 7)]
    counted = [sum(seconds for _, seconds in week) for week in weeks if week[0][0] >= facts.began_on]
    return tuple(counted) if len(counted) > 1 else ()


def is_finished(courses: Sequence[CourseProgress]) -> bool:
    """At least one course is completed and none is still going on."""
    statuses = {course.status for course in courses}
    return CourseStatus.COMPLETED in statuses and CourseStatus.ACTIVE not in statuses


def is_through(facts: LearnerFacts) -> bool:
    """Each lesson of the courses that go on is done, no work is late or due: only the platform has not ended them."""
    active = [course for course in facts.courses if course.status is CourseStatus.ACTIVE]
    done = all(0 < course.required_lessons <= course.done_lessons for course in active)
    return bool(active) and done and not facts.late and not facts.due_next


def is_slower(facts: LearnerFacts, *, below: Fraction = SLOWED_BELOW) -> bool:
    """Active time a day below 75 % of the period before; a day's average, because months differ in length."""
    pace = Fraction(facts.active_seconds, facts.period.days)
    pace_before = Fraction(facts.before_active_seconds, facts.period.previous().days)
    return pace < pace_before * below


def week_number(day: date) -> int:
    """Weeks since the one of Monday 5 January 1970; the facts statement counts the same way."""
    return (day - _FIRST_MONDAY).days // 7


def streak(runs: Sequence[WeekRun], last_day: date) -> int:
    """Good weeks in a row up to `last_day`.

    `runs` are good weeks (two active days or more) in unbroken runs, ascending. One missed week in any six is a free
    pause: it neither counts nor breaks the streak. A week that is not over yet breaks nothing.
    """
    count, paused_at, expected = 0, None, None
    for first, weeks in runs:
        if not _stands(expected, first, paused_at):
            count, paused_at = 0, None
        elif expected != first:
            paused_at = expected
        count += weeks
        expected = first + weeks
    return count if _stands(expected, _week_to_come(last_day), paused_at) else 0


@functools.lru_cache(64)
def _week_to_come(last_day: date) -> int:
    """The week that is not over on this day, or begins behind it: the same for a whole batch."""
    return week_number(last_day) + int(last_day.weekday() == 6)


def _stands(expected: int | None, week: int, paused_at: int | None) -> bool:
    """Whether a streak whose next week was to be `expected` reaches `week`, by a free pause if need be."""
    if expected is None or week - expected > 1:
        return False
    is_pause_free = paused_at is None or expected - paused_at >= WEEKS_PER_PAUSE
    return week <= expected or is_pause_free


def topic_verdict(topics: Sequence[TopicResult]) -> TopicVerdict | None:
    """The strongest and the weakest topic; None with too little data or where all stand equal."""
    judged = [topic for topic in topics if topic.max_score > 0 and topic.results > 0]
    if len(judged) < TOPICS_TO_JUDGE or sum(topic.results for topic in judged) < RESULTS_TO_JUDGE:
        return None
    by_strength = sorted(judged, key=lambda topic: (topic_strength(topic), topic.topic_id))
    weakest, strongest = by_strength[0], by_strength[-1]
    if topic_strength(weakest) == topic_strength(strongest):
        return None
    return TopicVerdict(strongest=strongest, weakest=weakest)


def topic_strength(topic: TopicResult) -> Fraction:
    """The share of points earned, drawn towards the usual 75 % as if two such results came on top.

    One lucky test makes no strongest topic.
    """
    share = Fraction(topic.score) / Fraction(topic.max_score)
    usual = Fraction(USUAL_SHARE) * USUAL_SHARE_WEIGHT
    return (share * topic.results + usual) / (topic.results + USUAL_SHARE_WEIGHT)


def forecast(course: CourseProgress, today: date) -> ForecastRange | None:
    """The months between which the course is likely to end at the pace of the last four weeks.

    None for a course that is not going on, has nothing left, was busy in fewer than two of the four weeks, or would
    take more than two years.
    """
    remaining = course.required_lessons - course.done_lessons
    if course.status is not CourseStatus.ACTIVE or remaining <= 0 or course.done_last_28_days <= 0:
        return None
    if course.busy_weeks_of_4 < BUSY_WEEKS_TO_FORECAST:
        return None
    days_per_lesson = Fraction(28, course.done_last_28_days)
    soon, late = (-(-remaining * days_per_lesson // pace) for pace in FORECAST_PACES)
    if late > FORECAST_HORIZON.days:  # days: a course of two thousand million lessons is beyond any timedelta
        return None
    first, last = today + timedelta(days=soon), today + timedelta(days=late)
    return ForecastRange(first.replace(day=1), last.replace(day=1))


def milestones(done: int, required: int) -> tuple[int, ...]:
    """Which of 25, 50 and 75 % of the required lessons are reached, ascending; none where nothing is required."""
    return tuple(share for share in MILESTONES if required > 0 and done * 100 >= required * share)


def milestones_reached(course: CourseProgress) -> tuple[int, ...]:
    """The milestones first reached inside the period."""
    before = milestones(course.done_lessons - course.done_in_period, course.required_lessons)
    return milestones(course.done_lessons, course.required_lessons)[len(before) :]
