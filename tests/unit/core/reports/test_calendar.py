"""The moments of reports as rules: when a period is reported on, and for how long."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mentorium_core.reports.calendar import (
    MONTHLY,
    SCHEDULES,
    WEEKLY,
    asks_in_time,
    is_due,
    place_in_line,
    run_for,
    run_of,
    told_together,
)
from mentorium_domain.enums import ReportFrequency, ReportType
from mentorium_domain.preferences import Preferences
from mentorium_kit.clock import TASHKENT

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2032, 1, 1)).map(lambda naive: naive.replace(tzinfo=TASHKENT))
SCHEDULED = st.sampled_from(sorted(SCHEDULES))


@given(SCHEDULED, MOMENTS)
def test_reports_are_due_on_mondays_at_nine_and_on_the_first_at_ten(kind: ReportType, now: datetime) -> None:
    run, upcoming = run_of(kind, now.date()), SCHEDULES[kind].next_moment(now)
    assert upcoming > now
    assert run_of(kind, upcoming.date()).made_from == upcoming
    for moment in (run.send_at, run_of(kind, upcoming.date()).send_at):
        if kind is ReportType.WEEKLY:
            assert (moment.weekday(), moment.hour, moment.minute) == (0, 9, 0)
        else:
            assert (moment.day, moment.hour, moment.minute) == (1, 10, 0)
    assert run.period.last_day < run.send_at.date(), "a period is reported on when it is over"
    assert is_due(run, run.send_at)
    assert not is_due(run, run.expires_at)
    assert not is_due(run, run.made_from - timedelta(microseconds=1))
    assert run.send_at - run.made_from >= timedelta(hours=3), "they are made before they are sent"
    assert is_due(run_of(kind, upcoming.date()), upcoming)
    assert run_for(kind, run.period.first_day) == run, "a run is named by its type and its period's first day"


@given(SCHEDULED, MOMENTS)
def test_no_two_runs_are_about_the_same_period(kind: ReportType, now: datetime) -> None:
    first = run_of(kind, now.date())
    second = run_of(kind, SCHEDULES[kind].next_moment(now).date())
    if first.send_at != second.send_at:
        assert first.period.last_day + timedelta(days=1) == second.period.first_day


DAYS = MOMENTS.map(lambda moment: moment.date())


@given(DAYS, st.integers(1, 7), st.sampled_from(ReportFrequency))
def test_a_month_is_told_with_the_week_of_its_first_day_and_with_no_other(
    day: date, weekday: int, frequency: ReportFrequency
) -> None:
    chosen = Preferences(report_frequency=frequency, report_weekday=weekday)
    run = WEEKLY.run_on(day)
    assert run is not None
    together = told_together(run, chosen, run.send_at)
    expected = day.day == 1 and day.isoweekday() == weekday and frequency is ReportFrequency.BOTH
    assert [one.report_type for one in together] == (
        [ReportType.MONTHLY, ReportType.WEEKLY] if expected else [ReportType.WEEKLY]
    )
    month = MONTHLY.run_on(day)
    if month is not None:
        assert told_together(month, chosen, run.send_at) == (together if expected else (month,))
        assert told_together(month, chosen, run.expires_at) == (month,), "a week that has expired is told by nobody"


@given(DAYS, st.sets(st.integers(1, 10**6), min_size=2, max_size=20), st.integers(8, 20))
def test_places_in_line_are_within_a_second_and_change_with_the_week(day: date, parents: set[int], hour: int) -> None:
    run, later = WEEKLY.run_on(day), WEEKLY.run_on(day + timedelta(weeks=1))
    assert run is not None
    assert later is not None
    moment = run.moment_of(Preferences(report_hour=hour))
    assert (moment.date(), moment.hour) == (day, hour)
    first = {one: place_in_line(moment, one, run, active=True) - moment for one in parents}
    last = {one: place_in_line(moment, one, run, active=False) - moment for one in parents}
    assert timedelta() <= min(first.values())
    assert max(first.values()) < min(last.values()) < timedelta(seconds=1)
    again = {one: place_in_line(moment, one, later, active=True) - moment for one in parents}
    assert again != first


@given(MOMENTS)
def test_what_is_due_is_found_on_each_of_its_days_until_it_expires(now: datetime) -> None:
    for schedule in SCHEDULES.values():
        due = list(schedule.due_at(now))
        assert all(is_due(run, now) and run.period.last_day < run.day <= now.date() for run in due)
        assert len(due) <= (3 if schedule.any_day else 1)
        assert len({run.day for run in due}) == len(due)


def test_words_are_asked_for_in_the_first_hour_in_which_a_run_is_made() -> None:
    run = WEEKLY.run_for(date(2026, 11, 16))
    assert asks_in_time(run, run.made_from)
    assert not asks_in_time(run, run.made_from + timedelta(hours=1))
    assert run.made_from + timedelta(hours=1) < run.send_at, "words hold up no message"
