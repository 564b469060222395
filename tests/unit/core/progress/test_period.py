from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorium_core.progress.model import (
    Period,
    PeriodKind,
    last_days,
    last_finished_month,
    last_finished_week,
    month_of,
    week_of,
)

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@given(DAYS)
def test_a_week_is_seven_days_from_monday_around_its_day(day: date) -> None:
    week = week_of(day)
    assert (week.first_day.isoweekday(), week.last_day.isoweekday(), week.days) == (1, 7, 7)
    assert week.first_day <= day <= week.last_day


@given(DAYS)
def test_a_month_is_bounded_by_days_of_other_months(day: date) -> None:
    month = month_of(day)
    assert month.first_day.day == 1
    assert {d.month for d in month.dates()} == {day.month}
    assert (month.last_day + timedelta(days=1)).day == 1


@given(DAYS)
def test_finished_periods_end_before_today_and_the_next_one_does_not(today: date) -> None:
    week, month = last_finished_week(today), last_finished_month(today)
    assert week.last_day < today <= week.last_day + timedelta(days=7)
    assert month.last_day < today
    assert month_of(month.last_day + timedelta(days=1)).last_day >= today


@given(DAYS, st.sampled_from(["week", "month"]))
def test_previous_periods_tile_the_calendar(day: date, kind: str) -> None:
    period = week_of(day) if kind == "week" else month_of(day)
    before = period.previous()
    assert before.kind == period.kind
    assert before.last_day + timedelta(days=1) == period.first_day
    assert before == (week_of if kind == "week" else month_of)(before.first_day)


@given(DAYS)
def test_an_unfinished_period_is_compared_with_the_same_stretch_of_the_one_before(today: date) -> None:
    week, month = week_of(today).until(today), month_of(today).until(today)
    assert week.last_day == month.last_day == today
    assert week.previous().days == week.days
    assert week.previous().last_day == today - timedelta(days=7)
    before = month.previous()
    assert before.first_day.day == 1
    if today != month_of(today).last_day:
        assert before.days == min(month.days, month_of(before.first_day).days)


@given(DAYS, st.integers(1, 400))
def test_so_many_days_are_compared_with_as_many_before(today: date, days: int) -> None:
    period = last_days(today, days)
    assert (period.days, period.last_day, period.kind) == (days, today, PeriodKind.DAYS)
    assert period.previous().days == days
    assert period.previous().last_day + timedelta(days=1) == period.first_day


def test_the_code_is_what_report_history_keeps() -> None:
    assert week_of(date(2026, 11, 18)).code == "2026-11-16/2026-11-22"


def test_a_period_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Period(date(2026, 11, 2), date(2026, 11, 1), PeriodKind.DAYS)
