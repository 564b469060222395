"""Noticing what is due. Nothing is done here that takes time: what is due becomes a stored job, or a row's new state.

Every worker may have a ticker. They take turns by an advisory lock that lives as long as one tick's transaction, so
that one that was killed leaves nothing behind.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import text

from mentorium_core.notifications.delivery import OutboxSweeper
from mentorium_db import get_session
from mentorium_db.jobs import by_state, forget_log
from mentorium_kit import clock
from mentorium_kit.errors import MentoriumError
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error, jobs_by_state

OutboxMessage = Callable[[datetime], Awaitable[bool]]

TICK_S: Final = 0.5
TURN: Final = 0x7469636B  # "tick": any number nobody else locks
_STATES: Final = ("queued", "picked", "failed")

logger = get_logger(__name__)


class Ticker:
    """`notices`: job name -> what starts it if it is due. `ran` is told the name of each that was started."""

    def __init__(self, notices: Mapping[str, OutboxMessage], ran: Callable[[str], None]) -> None:
        self._notices = dict(notices)
        self._ran = ran
        self._sweep = OutboxSweeper()
        self._scheduler = AsyncIOScheduler()
        self._ticking = asyncio.Lock()
        self._seen_jobs: set[tuple[str, str]] = set()

    async def run(self) -> None:
        """Tick until it is cancelled; the tick that runs then is finished."""
        self.start()
        try:
            await asyncio.Event().wait()
        finally:
            await self.stop()

    def start(self) -> None:
        """Tick from now on, in the running loop."""
        self._scheduler.add_job(
            self._tick, IntervalTrigger(seconds=TICK_S), max_instances=1, coalesce=True, misfire_grace_time=None
        )
        self._scheduler.start()

    async def stop(self) -> None:
        """No further tick; the one that runs is finished."""
        self._scheduler.pause()
        async with self._ticking:  # its shutdown would cut the tick short
            self._scheduler.shutdown(wait=False)

    async def _tick(self) -> None:
        async with self._ticking:
            try:
                await self.tick()
            except MentoriumError as error:
                count_error(error)
                logger.warning("tick_failed", code=error.code)
            except Exception as error:
                count_error(error)
                logger.error("tick_failed", exc_info=error)

    async def tick(self) -> bool:
        """Start what is due and sweep the outbox; False where another worker has the turn."""
        async with get_session() as session:
            if not await session.scalar(text("SELECT pg_try_advisory_xact_lock(:turn)"), {"turn": TURN}):
                return False
            now = clock.now()
            started = [name for name, notice in self._notices.items() if await notice(now)]
            while await self._sweep():
                continue
            await forget_log(session)
            jobs = await by_state(session)
        for name in started:
            logger.info("run_started", job=name)
            self._ran(name)
        self._show(jobs)
        return True

    def _show(self, jobs: Mapping[tuple[str, str], int]) -> None:
        self._seen_jobs |= {(kind, state) for kind, _ in jobs for state in _STATES}
        for kind, state in self._seen_jobs:
            jobs_by_state.labels(job=kind, state=state).set(jobs.get((kind, state), 0))
