"""Starting a report run: noticed once, however many look, and however late that is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from mentorium_core.reports.batches import enqueue_batch
from mentorium_core.reports.calendar import Run, Schedule
from mentorium_db import get_session
from mentorium_db.repositories import PlatformRepository, ReportRunRepository
from mentorium_db.session import platform_connection
from mentorium_kit import clock
from mentorium_kit.clock import start_of_day
from mentorium_kit.errors import UnavailableError
from mentorium_observability import EventLogService, get_logger

OPENS_AT_THE_LATEST: Final = timedelta(hours=1)
"""After a run is due, or was started late: a batch that cannot be made keeps the others' messages no longer."""

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class StartDueRun:
    """The due check of a schedule: what the run starter asks. Joins the unit of work in which it is asked."""

    schedule: Schedule

    async def __call__(self, now: datetime, held: Collection[Run] = ()) -> bool:
        """Start the runs that are due and that nobody has started, but for those that are `held`; whether any was."""
        started = [await _start(run, now) for run in await _unstarted(self.schedule, now) if run not in held]
        return any(started)


async def runs_waiting_for_data(schedules: Sequence[Schedule], now: datetime) -> frozenset[Run]:
    """Runs that are due and not begun because the platform's data do not reach the end of their period yet.

    At noon they are waited for no longer: the reports say how old their data are. It asks the platform, and so is no
    part of a unit of work; while that is away, everything waits.
    """
    due = [run for schedule in schedules for run in await _unstarted(schedule, now) if now < run.fresh_by]
    if not due:
        return frozenset()
    try:
        async with platform_connection() as connection:
            as_of = (await PlatformRepository(connection).meta()).activity_as_of
    except UnavailableError as error:
        logger.warning("run_waits_for_platform", code=error.code)
        return frozenset(due)
    stale = [run for run in due if as_of is not None and as_of < start_of_day(run.period.last_day + timedelta(days=1))]
    for run in stale:
        logger.warning("run_waits_for_data", type=run.report_type, period=run.period.code, as_of=str(as_of))
    return frozenset(stale)


async def next_report_moment(schedules: Sequence[Schedule], now: datetime) -> datetime:
    """When the next reports begin to be made; not after `now` while there are some that nobody has begun.

    No part of a unit of work, as `runs_waiting_for_data`.
    """
    held = await runs_waiting_for_data(schedules, now)
    waiting = [
        run.fresh_by if run in held else run.made_from
        for schedule in schedules
        for run in await _unstarted(schedule, now)
    ]
    ahead = [schedule.next_moment(now) for schedule in schedules]
    return min([*waiting, *ahead, *[moment for schedule in schedules for moment in await _chosen_days(schedule, now)]])


async def _unstarted(schedule: Schedule, now: datetime) -> list[Run]:
    """Runs that are due, that somebody wants, and that nobody has started."""
    async with get_session() as session:
        runs = ReportRunRepository(session)
        due = list(schedule.due_at(now))
        others = [run.day for run in due if not schedule.is_usual(run)]
        chosen = await runs.days_with_choosers(others) if others else set()
        return [
            run
            for run in due
            if (schedule.is_usual(run) or run.day in chosen)
            and await runs.find(run.report_type, run.period.code, run.day) is None
        ]


async def _chosen_days(schedule: Schedule, now: datetime) -> list[datetime]:
    """When the runs of the coming week begin to be made that only parents want who have chosen their day."""
    if not schedule.any_day:
        return []
    today = clock.local_day(now)
    ahead = [run for days in range(8) if (run := schedule.run_on(today + timedelta(days=days))) is not None]
    async with get_session() as session:
        chosen = await ReportRunRepository(session).days_with_choosers([run.day for run in ahead])
    return [run.made_from for run in ahead if run.day in chosen and run.made_from > now]


async def _start(run: Run, now: datetime) -> bool:
    opens_at = max(run.send_at, now) + OPENS_AT_THE_LATEST
    async with get_session() as session:
        runs = ReportRunRepository(session)
        run_id = await runs.start(run.report_type, run.period.code, run.day, now, opens_at)
        if run_id is None:
            return False
        await runs.list_batch(run_id, 0)
        await enqueue_batch(run, after=0, before=run.send_at)
        await EventLogService.log_system(
            "report_run_started", report_type=run.report_type, period=run.period.code, day=run.day.isoformat()
        )
    return True
