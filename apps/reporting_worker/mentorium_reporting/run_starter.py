"""Starting runs at their moment of the product's clock: what is due becomes a stored job, and nothing is done here.

Every worker may have a starter. They take turns by an advisory lock that lives as long as one transaction, so that one
that was killed leaves nothing behind.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text

from mentorium_core.reports.calendar import Run
from mentorium_db import get_session
from mentorium_kit import clock
from mentorium_kit.backoff import backoff_s
from mentorium_kit.errors import OutcomeUnknownError, UnavailableError
from mentorium_kit.progress import Progress
from mentorium_kit.trace import tracing
from mentorium_observability import get_logger
from mentorium_observability.outage import Outage
from mentorium_reporting.clock_guard import ClockGuard
from mentorium_reporting.jobs.scheduled import DueCheck

LONGEST_SLEEP: Final = timedelta(minutes=1)
"""Of product time: a run that has vanished, with a database restored from yesterday, is due again at any moment."""
LOOK_AGAIN_S: Final = 0.5
"""Machine time: while somebody else has the turn; ever longer while the database is away or the clock is wrong."""
LONGEST_PAUSE_S: Final = 15.0
TURN: Final = 0x72756E73  # "runs": any number nobody else locks

logger = get_logger(__name__)


async def nothing_held(_: datetime) -> Collection[Run]:
    return ()


class RunStarter:
    """`due_checks`: by job name. `next_due` tells when the next run is due, not after the moment it is given while one
    that is due has not been started. `on_done` is told the name of each job that was started. By a clock that is wrong
    nothing is started (`guard`), and no run that is `held`, which is asked outside of any unit of work.
    """

    def __init__(
        self,
        due_checks: Mapping[str, DueCheck],
        next_due: Callable[[datetime], Awaitable[datetime]],
        on_done: Callable[[str], None],
        guard: ClockGuard | None = None,
        held: Callable[[datetime], Awaitable[Collection[Run]]] = nothing_held,
    ) -> None:
        self._held = held
        self._due_checks = dict(due_checks)
        self._next_due = next_due
        self._on_done = on_done
        self._guard = guard or ClockGuard()
        self._outage = Outage(logger, "runs_not_started")
        self._progress = Progress()

    def stalled_s(self) -> float:
        """For how many seconds it has been at one look for what is due."""
        return self._progress.stalled_s()

    async def run(self) -> None:
        """Until it is cancelled: start what is due, and sleep until more is."""
        failures = 0
        while True:
            self._progress.mark()
            try:
                right = await self.start_due() is not None
                moment = await self._next_due(clock.now())
            except (UnavailableError, OutcomeUnknownError) as error:
                self._outage.failed(error)
                right, moment = False, clock.now()
            else:
                self._outage.over()
            self._progress.rest()
            failures = 0 if right else failures + 1
            if not right:
                await asyncio.sleep(backoff_s(failures, LOOK_AGAIN_S, LONGEST_PAUSE_S))
            elif moment > clock.now():
                await clock.sleep_until(min(moment, clock.now() + LONGEST_SLEEP))
            else:
                await asyncio.sleep(LOOK_AGAIN_S)

    async def start_due(self) -> bool | None:
        """Start what is due now; False where another worker has the turn, None where the clock is wrong."""
        held = await self._held(clock.now())
        async with get_session() as session:
            if not await session.scalar(text("SELECT pg_try_advisory_xact_lock(:turn)"), {"turn": TURN}):
                return False
            if not await self._guard.is_right():
                return None
            now, started = clock.now(), list[tuple[str, str]]()
            for name, start_if_due in self._due_checks.items():
                with tracing(None) as trace_id:
                    if await start_if_due(now, held):
                        started.append((name, trace_id))
        for name, trace_id in started:
            logger.info("run_started", job=name, trace_id=trace_id)
            self._on_done(name)
        return True
