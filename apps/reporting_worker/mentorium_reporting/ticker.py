"""What time alone does to rows: the outbox is swept, jobs are counted, their log is cleaned. Nothing here takes long.

Every worker may have a ticker. They take turns by an advisory lock that lives as long as one tick's transaction, so
that one that was killed leaves nothing behind.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import text

from mentorium_db import get_session
from mentorium_db.jobs import by_state, forget_log
from mentorium_kit.errors import MentoriumError
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error, jobs_by_state
from mentorium_reporting.outbox.sweeper import OutboxSweeper

TICK_S: Final = 0.5
SHOW_JOBS_S: Final = 5.0
CLEAN_LOG_S: Final = 3600.0
TURN: Final = 0x7469636B  # "tick": any number nobody else locks
_STATES: Final = ("queued", "picked", "failed")

logger = get_logger(__name__)


class Ticker:
    """`sweeper` is the outbox's."""

    def __init__(self, sweeper: OutboxSweeper) -> None:
        self._sweeper = sweeper
        self._scheduler = AsyncIOScheduler()
        self._working = asyncio.Lock()
        self._seen_jobs: set[tuple[str, str]] = set()

    async def run(self) -> None:
        """Tick until it is cancelled; the tick that runs then is finished."""
        self.start()
        try:
            await asyncio.Event().wait()
        finally:
            await self.stop()

    def start(self) -> None:
        """Tick from now on, in the running loop; count the jobs and clean their log now and then."""
        self._schedule(self.tick, TICK_S)
        self._schedule(self.show_jobs, SHOW_JOBS_S)
        self._schedule(self.clean_log, CLEAN_LOG_S)
        self._scheduler.add_job(self._guarded, args=[self.clean_log])  # once now: not every worker lives for so long
        self._scheduler.start()

    async def stop(self) -> None:
        """No further tick; the one that runs is finished."""
        self._scheduler.pause()
        async with self._working:  # its shutdown would cut the tick short
            self._scheduler.shutdown(wait=False)

    def _schedule(self, work: Callable[[], Awaitable[object]], every_s: float) -> None:
        """At this interval, in seconds of machine time."""
        self._scheduler.add_job(
            self._guarded,
            IntervalTrigger(seconds=every_s),
            [work],
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )

    async def _guarded(self, work: Callable[[], Awaitable[object]]) -> None:
        async with self._working:
            try:
                await work()
            except MentoriumError as error:
                count_error(error)
                logger.warning("tick_failed", code=error.code)
            except Exception as error:
                count_error(error)
                logger.error("tick_failed", exc_info=error)

    async def tick(self) -> bool:
        """Sweep the outbox; False where another worker has the turn."""
        async with get_session() as session:
            if not await session.scalar(text("SELECT pg_try_advisory_xact_lock(:turn)"), {"turn": TURN}):
                return False
            await self._sweeper.sweep()
        return True

    async def show_jobs(self) -> None:
        """Tell the metrics how many jobs there are of each kind and state."""
        async with get_session() as session:
            jobs = await by_state(session)
        self._seen_jobs |= {(kind, state) for kind, _ in jobs for state in _STATES}
        for kind, state in self._seen_jobs:
            jobs_by_state.labels(job=kind, state=state).set(jobs.get((kind, state), 0))

    async def clean_log(self) -> None:
        """Drop what the job queue has noted of jobs that ended long ago."""
        async with get_session() as session:
            await forget_log(session)
