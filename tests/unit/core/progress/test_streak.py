from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorium_core.progress.model import WeekRun
from mentorium_core.progress.rules import streak, week_number
from tests.unit.core.progress.slow_facts import walked_streak

SUNDAY = date(2026, 11, 22)
THIS_WEEK = week_number(SUNDAY)


def runs_of(weeks: Iterable[int]) -> list[WeekRun]:
    runs: list[WeekRun] = []
    for week in sorted(weeks):
        if runs and runs[-1].first + runs[-1].weeks == week:
            runs[-1] = WeekRun(runs[-1].first, runs[-1].weeks + 1)
        else:
            runs.append(WeekRun(week, 1))
    return runs


def weeks_of(picture: str) -> list[int]:
    """`picture` has a letter a week up to this one: x a good week, . a missed one."""
    first = THIS_WEEK - len(picture) + 1
    return [first + n for n, letter in enumerate(picture) if letter == "x"]


@pytest.mark.parametrize(
    ("picture", "current"),
    [
        ("", 0),
        ("x", 1),
        ("xxx", 3),
        ("xx.", 2),
        ("xx..", 0),
        ("xx.x", 3),
        ("xx..x", 1),
        ("xx.x.x", 1),
        ("xxx.xxxxx.x", 9),
        ("xxx.xxxx.x", 1),
        ("xxxxx.x.", 0),
        ("x.xxxxx.xxxxx.", 11),
        ("..x", 1),
    ],
)
def test_one_missed_week_in_any_six_is_free(picture: str, current: int) -> None:
    assert streak(runs_of(weeks_of(picture)), SUNDAY) == current


@pytest.mark.parametrize("weekday", range(6))
def test_a_week_that_is_not_over_breaks_nothing(weekday: int) -> None:
    today = SUNDAY - timedelta(days=6 - weekday)
    assert streak(runs_of(weeks_of("xxx.")), today) == 3
    assert streak(runs_of(weeks_of("xxx..")), today) == 3
    assert streak(runs_of(weeks_of("xxx...")), today) == 0
    assert streak(runs_of(weeks_of("xxxx")), today) == 4


@given(st.sets(st.integers(THIS_WEEK - 40, THIS_WEEK)), st.integers(0, 6))
def test_runs_give_what_a_walk_over_the_weeks_gives(good: set[int], back: int) -> None:
    last_day = SUNDAY - timedelta(days=back)
    assert streak(runs_of(good), last_day) == walked_streak(good, last_day)


@given(st.sets(st.integers(THIS_WEEK - 40, THIS_WEEK)))
def test_a_streak_is_never_longer_than_the_good_weeks(good: set[int]) -> None:
    assert 0 <= streak(runs_of(good), SUNDAY) <= len(good)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_week_numbers_turn_on_mondays(day: date) -> None:
    assert week_number(day + timedelta(days=1)) - week_number(day) == (day.weekday() == 6)
