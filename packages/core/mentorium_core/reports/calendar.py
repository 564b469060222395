"""When reports are due, as pure functions: Monday 9:00 and the 1st 10:00 in Tashkent.

A run is due from its moment on until nobody wants it any more, however late that is noticed: an outage at nine makes
the reports of a week late, never lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from mentorium_core.progress.period import DAY, Period, last_finished_month, last_finished_week, month_of, week_of
from mentorium_domain.enums import ReportType
from mentorium_kit.clock import TASHKENT, start_of_day

_WEEKLY_AT: Final = timedelta(hours=9)
_MONTHLY_AT: Final = timedelta(hours=10)
_UNTIL: Final = timedelta(hours=21)
_WEEKLY_DAYS: Final = 2
"""Until Wednesday evening."""
_MONTHLY_DAYS: Final = 4
"""Until the evening of the fifth."""


@dataclass(frozen=True, slots=True)
class Run:
    """The reports of one finished period: to be sent from `send_at` until `expires_at`, both aware."""

    report_type: ReportType
    period: Period
    send_at: datetime
    expires_at: datetime


def run_of(report_type: ReportType, today: date) -> Run:
    """The run of this week or month, whether its moment has come or not; ValueError for reports on demand."""
    if report_type is ReportType.WEEKLY:
        first, at, days, period = week_of(today).first_day, _WEEKLY_AT, _WEEKLY_DAYS, last_finished_week(today)
    elif report_type is ReportType.MONTHLY:
        first, at, days, period = month_of(today).first_day, _MONTHLY_AT, _MONTHLY_DAYS, last_finished_month(today)
    else:
        raise ValueError("reports on demand have no schedule")
    return Run(report_type, period, start_of_day(first) + at, start_of_day(first + DAY * days) + _UNTIL)


def is_due(run: Run, now: datetime) -> bool:
    return run.send_at <= now < run.expires_at


def next_moment(report_type: ReportType, now: datetime) -> datetime:
    """When reports of this type are due next, after `now` (aware)."""
    today = now.astimezone(TASHKENT).date()
    this = run_of(report_type, today)
    if this.send_at > now:
        return this.send_at
    after = week_of(today).last_day if report_type is ReportType.WEEKLY else month_of(today).last_day
    return run_of(report_type, after + DAY).send_at
