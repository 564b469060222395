"""The schedule of reports, as pure functions: Mondays at 9:00 and the 1st at 10:00 in Tashkent, unless a parent chose
another hour, or another day for the week.

A run is made early in the morning of its day, so that its messages leave from the minute they are due. It is due until
nobody wants it any more, however late that is noticed: an outage makes the reports of a week late, never lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Final

from mentorium_core.progress.period import DAY, Period, month_of, week_of
from mentorium_domain.enums import ReportType
from mentorium_domain.preferences import Preferences
from mentorium_kit.clock import local_day, start_of_day

MADE_FROM: Final = timedelta(hours=6)
"""After midnight of the day: then a run's reports begin to be made."""
FRESH_BY: Final = timedelta(hours=12)
"""After midnight of the day: so long a run waits for data that end before its period does."""
WORDED_FOR: Final = timedelta(hours=1)
"""From when a run begins to be made: then a model is still asked for words."""
ACTIVE_FOR: Final = timedelta(days=14)
_HALF_A_SECOND: Final = 500_000


@dataclass(frozen=True, slots=True)
class Run:
    """The reports of one finished period: to be sent from `send_at` until `expires_at`, both aware."""

    report_type: ReportType
    period: Period
    send_at: datetime
    expires_at: datetime

    @property
    def day(self) -> date:
        """On which it goes out."""
        return local_day(self.send_at)

    @property
    def made_from(self) -> datetime:
        """From when on its reports are made; not after `send_at`."""
        return min(start_of_day(self.day) + MADE_FROM, self.send_at)

    @property
    def fresh_by(self) -> datetime:
        """Until when it waits for data that do not reach the end of its period."""
        return start_of_day(self.day) + FRESH_BY

    def moment_of(self, chosen: Preferences) -> datetime:
        """From when on a parent who has chosen so wants it."""
        if chosen.report_hour is None:
            return self.send_at
        return start_of_day(self.day) + timedelta(hours=chosen.report_hour)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When reports of one type are due: from `opens` until `closes` after the beginning of their day.

    `period_of`: the week or month a day is in. The day is the one after that period; `any_day`: or one that a parent
    has chosen, before the next such period is over.
    """

    report_type: ReportType
    period_of: Callable[[date], Period]
    opens: timedelta
    closes: timedelta
    any_day: bool = False

    def run_for(self, first_day: date, day: date | None = None) -> Run:
        """The run about the period that begins on this first day, which goes out on `day`: the same whenever asked."""
        period = self.period_of(first_day)
        begins = start_of_day(day or period.last_day + DAY)
        return Run(self.report_type, period, begins + self.opens, begins + self.closes)

    def run_of(self, today: date) -> Run:
        """The run of this week or month, about the one before; whether its moment has come or not."""
        return self.run_for(self._before(today).first_day)

    def run_on(self, day: date) -> Run | None:
        """The run that goes out on this day; None where there can be none."""
        period = self._before(day)
        if not self.any_day and day != period.last_day + DAY:
            return None
        return self.run_for(period.first_day, day)

    def is_usual(self, run: Run) -> bool:
        """Whether it goes out on the day of those who have chosen none."""
        return run.day == run.period.last_day + DAY

    def due_at(self, now: datetime) -> Iterator[Run]:
        """The runs that are due at `now` (aware), the oldest first; whether anybody wants them or not."""
        today = local_day(now)
        for days_ago in range(self.closes.days, -1, -1):
            run = self.run_on(today - DAY * days_ago)
            if run is not None and is_due(run, now):
                yield run

    def next_moment(self, now: datetime) -> datetime:
        """When reports of this type begin to be made next, after `now` (aware), for those who have chosen no day."""
        today = local_day(now)
        this = self.run_of(today)
        if this.made_from > now:
            return this.made_from
        return self.run_of(self.period_of(today).last_day + DAY).made_from

    def _before(self, day: date) -> Period:
        return self.period_of(self.period_of(day).first_day - DAY)


WEEKLY: Final = Schedule(
    ReportType.WEEKLY, week_of, opens=timedelta(hours=9), closes=timedelta(days=2, hours=21), any_day=True
)
"""Until Wednesday evening, or the evening of the second day after the one that was chosen."""
MONTHLY: Final = Schedule(ReportType.MONTHLY, month_of, opens=timedelta(hours=10), closes=timedelta(days=4, hours=21))
"""Until the evening of the fifth."""
SCHEDULES: Final = {schedule.report_type: schedule for schedule in (WEEKLY, MONTHLY)}


def run_for(report_type: ReportType, first_day: date, day: date | None = None) -> Run:
    """The run about the week or month that begins on this first day; KeyError for reports on demand."""
    return SCHEDULES[report_type].run_for(first_day, day)


def run_of(report_type: ReportType, today: date) -> Run:
    """The run of this week or month, whether its moment has come or not; KeyError for reports on demand."""
    return SCHEDULES[report_type].run_of(today)


def is_due(run: Run, now: datetime) -> bool:
    return run.made_from <= now < run.expires_at


def asks_in_time(run: Run, now: datetime) -> bool:
    """Whether words may still be asked for without the run being made later than its first messages are due."""
    return now < run.made_from + WORDED_FOR


def told_together(run: Run, chosen: Preferences, now: datetime) -> tuple[Run, ...]:
    """What of this run's day a parent who has chosen so is told in one message, the longest period first.

    A month that begins on the day of the week's report is told with it, at the week's hour, while both are wanted.
    """
    month, week = MONTHLY.run_on(run.day), WEEKLY.run_on(run.day)
    if month is None or week is None or run not in {month, week} or now >= week.expires_at:
        return (run,)
    if run.day.isoweekday() != chosen.report_weekday or not all(map(chosen.wants_report, SCHEDULES)):
        return (run,)
    return (month, week)


def place_in_line(moment: datetime, parent_id: int, run: Run, *, active: bool) -> datetime:
    """When this parent's messages are due, within a second after `moment`: who is due first is sent first.

    Parents who wrote or pressed something lately come first; in both halves a hash that changes with the period draws
    the order, so that nobody is always last. All messages of one parent stand together.
    """
    drawn = blake2b(f"{run.period.first_day}:{parent_id}".encode(), digest_size=8).digest()
    place = int.from_bytes(drawn) % _HALF_A_SECOND
    return moment + timedelta(microseconds=place if active else place + _HALF_A_SECOND)
