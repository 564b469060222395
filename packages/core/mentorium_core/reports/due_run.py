"""Starting a report run: noticed once, however many look, and however late that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mentorium_core.reports.batches import enqueue_batch
from mentorium_core.reports.calendar import Schedule, is_due
from mentorium_db import get_session
from mentorium_db.repositories import ReportHistoryRepository
from mentorium_kit import clock
from mentorium_observability import EventLogService


@dataclass(frozen=True, slots=True)
class StartDueRun:
    """The due check of a schedule: what the run starter asks. Joins the unit of work in which it is asked."""

    schedule: Schedule

    async def __call__(self, now: datetime) -> bool:
        """Start the run of this week or month if it is due and nobody has started it; whether that was so."""
        run = self.schedule.run_of(clock.local_day(now))
        if not is_due(run, now):
            return False
        async with get_session() as session:
            started = await ReportHistoryRepository(session).start_run(run.report_type, run.period.code, now)
            if started:
                await enqueue_batch(run, after=0, before=run.send_at)
                await EventLogService.log_system(
                    "report_run_started", report_type=run.report_type, period=run.period.code
                )
        return started


async def next_report_moment(schedules: Sequence[Schedule], now: datetime) -> datetime:
    """When the next reports are due; not after `now` while there are some that nobody has started."""
    today = clock.local_day(now)
    due = [run for schedule in schedules if is_due(run := schedule.run_of(today), now)]
    async with get_session() as session:
        history = ReportHistoryRepository(session)
        waiting = [run.send_at for run in due if not await history.run_started(run.report_type, run.period.code)]
    return min([*waiting, *(schedule.next_moment(now) for schedule in schedules)])
