"""The moments of reports as rules: when a period is reported on, and for how long."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mentorium_core.reports.calendar import SCHEDULES, is_due, run_for, run_of
from mentorium_domain.enums import ReportType
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
