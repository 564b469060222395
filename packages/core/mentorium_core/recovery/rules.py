"""How a restored database is to be taken: as one that was moved, or as one that lost what came after its backup."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from mentorium_core.progress.period import DAY
from mentorium_core.reports.calendar import SCHEDULES, Run
from mentorium_kit.clock import local_day

MOVED_WITHIN: Final = timedelta(minutes=15)
"""A younger backup was made in order to be restored, such as on another machine: what waited then still waits."""

DATED_EARLIER: Final = timedelta(hours=1)
"""What a backup does not hold may be dated so long before it: by a slower clock than that of the machine which made the
backup, or in a transaction that was open just then.
"""


def has_lost_time(taken_at: datetime, until: datetime) -> bool:
    """Whether a database that worked `until` then did things that its backup of `taken_at` knows nothing of."""
    return until - taken_at > MOVED_WITHIN


def runs_between(taken_at: datetime, until: datetime) -> Iterator[Run]:
    """The report runs that began to be made after the one moment and up to the other, the oldest first."""
    day, last = local_day(taken_at), local_day(until)
    while day <= last:
        for schedule in SCHEDULES.values():
            run = schedule.run_on(day)
            if run is not None and taken_at < run.made_from <= until:
                yield run
        day += DAY
