"""The schedule of reports, as pure functions: Mondays at 9:00 and the 1st at 10:00 in Tashkent.

A run is due from its moment on until nobody wants it any more, however late that is noticed: an outage at nine makes
the reports of a week late, never lost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from mentorium_core.progress.period import DAY, Period, month_of, week_of
from mentorium_domain.enums import ReportType
from mentorium_kit.clock import local_day, start_of_day


@dataclass(frozen=True, slots=True)
class Run:
    """The reports of one finished period: to be sent from `send_at` until `expires_at`, both aware."""

    report_type: ReportType
    period: Period
    send_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Schedule:
    """When reports of one type are due: from `opens` until `closes` after the end of the period they are about.

    `period_of`: the week or month a day is in.
    """

    report_type: ReportType
    period_of: Callable[[date], Period]
    opens: timedelta
    closes: timedelta

    def run_for(self, first_day: date) -> Run:
        """The run about the period that begins on this day: the same whenever that is asked."""
        period = self.period_of(first_day)
        over = start_of_day(period.last_day + DAY)
        return Run(self.report_type, period, over + self.opens, over + self.closes)

    def run_of(self, today: date) -> Run:
        """The run of this week or month, about the one before; whether its moment has come or not."""
        return self.run_for(self.period_of(self.period_of(today).first_day - DAY).first_day)

    def next_moment(self, now: datetime) -> datetime:
        """When reports of this type are due next, after `now` (aware)."""
        today = local_day(now)
        this = self.run_of(today)
        if this.send_at > now:
            return this.send_at
        return self.run_of(self.period_of(today).last_day + DAY).send_at


WEEKLY: Final = Schedule(ReportType.WEEKLY, week_of, opens=timedelta(hours=9), closes=timedelta(days=2, hours=21))
"""Until Wednesday evening."""
MONTHLY: Final = Schedule(ReportType.MONTHLY, month_of, opens=timedelta(hours=10), closes=timedelta(days=4, hours=21))
"""Until the evening of the fifth."""
SCHEDULES: Final = {schedule.report_type: schedule for schedule in (WEEKLY, MONTHLY)}


def run_for(report_type: ReportType, first_day: date) -> Run:
    """The run about the week or month that begins on this day; KeyError for reports on demand."""
    return SCHEDULES[report_type].run_for(first_day)


def run_of(report_type: ReportType, today: date) -> Run:
    """The run of this week or month, whether its moment has come or not; KeyError for reports on demand."""
    return SCHEDULES[report_type].run_of(today)


def is_due(run: Run, now: datetime) -> bool:
    return run.send_at <= now < run.expires_at
