"""What time alone does to rows: the outbox is swept, jobs are counted, houses are kept. Nothing here takes long.

Each duty has a unit of work and a catch of its own: one that fails stops no other. Every worker may have a ticker. They
take turns by an advisory lock that lives as long as one duty's transaction, so that one that was killed leaves nothing
behind.
"""

from __future__ import annotations

import asyncio
import time
import zlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import text

from mentorium_core.inbox.queries import inbox_load
from mentorium_core.privacy.keep_retention import KeepRetention
from mentorium_db import autocommit_session, get_session
from mentorium_db.jobs import by_state
from mentorium_domain.enums import JobKind
from mentorium_kit import clock
from mentorium_kit.errors import UnavailableError
from mentorium_kit.trace import tracing
from mentorium_observability import error_context, get_logger, log_context
from mentorium_observability.metrics import inbox_oldest_seconds, inbox_waiting, jobs_by_state, ticked_at
from mentorium_observability.outage import Outage
from mentorium_reporting.clock_guard import ClockGuard
from mentorium_reporting.outbox.sweeper import OutboxSweeper

SWEEP_S: Final = 2.0
EXPIRE_S: Final = 5.0
SHOW_S: Final = 15.0
MINUTE_S: Final = 60.0
HOUR_S: Final = 3600.0
LONGEST_S: Final = 50.0
"""No duty may take longer: it is cut short, and begins again when its time has come."""
ENOUGH_S: Final = 20.0
"""What is done in batches goes on no longer than that; the rest is for the next time."""
TURN: Final = 0x7469636B  # "tick": any number nobody else locks
_TRY_TO_TAKE_TURN: Final = "SELECT pg_try_advisory_xact_lock(:turn), clock_timestamp()"
_WAIT_FOR_TURN: Final = "SELECT pg_advisory_xact_lock(:turn) IS NOT NULL, clock_timestamp()"
_STATES: Final = ("queued", "picked", "failed")

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to be done every so many seconds (machine time), by one ticker at a time.

    `work` joins the unit of work that holds the turn. `by_the_clock`: it goes by the product's clock, and so is not
    done while that is wrong. `in_batches`: the work tells whether there is more of it, which is then done at once, in
    a unit of its own. `rests`: whether there is surely nothing to do, asked before the database is. `in_own_units`: the
    work joins no unit and begins once the turn was had; two tickers may then be at it, so each row is judged locked.
    `follows`: where somebody moves the product's clock, as a sandbox does, it is done at once, and does not rest.
    """

    name: str
    work: Callable[[], Awaitable[object]]
    every_s: float
    by_the_clock: bool = True
    in_batches: bool = False
    rests: Callable[[], bool] = lambda: False
    in_own_units: bool = False
    follows: bool = False

    @property
    def turn(self) -> int:
        """The key of its advisory lock."""
        return TURN << 32 | zlib.crc32(self.name.encode())


class JobCounts:
    """Tells the metrics how many jobs there are of each kind and state: 0 of those that nobody has stored yet, too."""

    def __init__(self) -> None:
        self._seen = {(kind.value, state) for kind in JobKind for state in _STATES}

    async def show(self) -> None:
        async with autocommit_session() as session:
            jobs = await by_state(session)
        self._seen |= {(kind, state) for kind, _ in jobs for state in _STATES}
        for kind, state in self._seen:
            jobs_by_state.labels(job_name=kind, state=state).set(jobs.get((kind, state), 0))


def outbox_duties(sweeper: OutboxSweeper) -> tuple[Duty, ...]:
    """What keeps the outbox going, and what shows it and the jobs."""
    return (
        Duty("sweep-leases", sweeper.leases, SWEEP_S, by_the_clock=False),
        Duty("expire-messages", sweeper.expire, EXPIRE_S, in_batches=True, follows=True),
    )


def retention_duty(keep_retention: KeepRetention) -> Duty:
    """Once an hour everything is forgotten whose time is over, a batch of one table after the other."""
    return Duty("keep-retention", keep_retention, HOUR_S, in_batches=True)


async def show_inbox() -> None:
    """Tell the metrics what waits in the inbox, what is in hand, what was set aside, and for how long."""
    load = await inbox_load()
    for status, count in (("waiting", load.waiting), ("taken", load.taken), ("set_aside", load.set_aside)):
        inbox_waiting.labels(status=status).set(count)
    inbox_oldest_seconds.set((clock.now() - load.oldest).total_seconds() if load.oldest else 0.0)


def shows(sweeper: OutboxSweeper) -> tuple[Duty, ...]:
    """What every ticker does for its own metrics, whoever has the turn."""
    return (
        Duty("show-outbox", sweeper.show, SHOW_S, by_the_clock=False),
        Duty("show-jobs", JobCounts().show, SHOW_S, by_the_clock=False),
        Duty("show-inbox", show_inbox, SHOW_S, by_the_clock=False),
    )


class Ticker:
    """`duties` are done by one ticker at a time, `shows` by each for itself."""

    def __init__(self, duties: Sequence[Duty], shows: Sequence[Duty] = (), guard: ClockGuard | None = None) -> None:
        self._duties = tuple(duties)
        self._shows = tuple(shows)
        self._guard = guard or ClockGuard()
        self._outages = {duty.name: Outage(logger, "duty_failed") for duty in (*duties, *shows)}
        self._ended_at: dict[Duty, float] = {}

    def stalled_s(self) -> float:
        """For how long a duty has been overdue, in seconds: none may be, whether it fails or not."""
        now = time.monotonic()
        return max((now - ended - duty.every_s for duty, ended in self._ended_at.items()), default=0.0)

    async def run(self) -> None:
        """Tick until it is cancelled; what is being done then is finished. It may be run again."""
        scheduler, doing = AsyncIOScheduler(timezone=UTC), set[asyncio.Task[object]]()
        for duty in (*self._duties, *self._shows):
            self._ended_at[duty] = time.monotonic()
            scheduler.add_job(
                self._guarded,
                IntervalTrigger(seconds=duty.every_s),
                [duty, doing],
                next_run_time=datetime.now(UTC),  # at once, by the machine's clock: APScheduler knows no other
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )
        scheduler.start()
        try:
            await self._follow(scheduler, doing)
        finally:
            self._ended_at.clear()
            scheduler.pause()
            if doing:  # its shutdown would cut them short
                await asyncio.wait(doing)
            scheduler.shutdown(wait=False)

    async def _follow(self, scheduler: AsyncIOScheduler, doing: set[asyncio.Task[object]]) -> None:
        """Have what follows the product's clock done whenever somebody moves it; without a clock file nobody can."""
        known = clock.offset()
        while True:
            known = await clock.moved(known)
            for duty in self._duties:
                if duty.follows:
                    scheduler.add_job(self._guarded, args=[duty, doing, True], misfire_grace_time=None)

    async def _guarded(self, duty: Duty, doing: set[asyncio.Task[object]], moved: bool = False) -> None:
        task = asyncio.current_task()
        assert task is not None
        doing.add(task)
        try:
            with tracing(None), log_context(handler=duty.name), error_context(handler=duty.name):
                async with asyncio.timeout(LONGEST_S):
                    await self.do(duty, moved=moved)
        except TimeoutError:
            slow = UnavailableError("bot_db_unavailable", reason="no answer in time")
            self._outages[duty.name].failed(slow, duty=duty.name)
        except Exception as error:  # noqa: BLE001 - an edge: each duty's failures are its own
            self._outages[duty.name].failed(error, duty=duty.name)
        else:
            self._outages[duty.name].over()
            ticked_at.labels(duty=duty.name).set_to_current_time()
        finally:
            doing.discard(task)
            if duty in self._ended_at:
                self._ended_at[duty] = time.monotonic()

    async def do(self, duty: Duty, *, moved: bool = False) -> bool:
        """Do it now; False where another ticker has its turn, or the clock is wrong.

        After the clock was `moved` it does not rest, and the turn is waited for: who has it may have begun before.
        """
        if duty.rests() and not moved:
            return True
        if duty in self._shows:
            await duty.work()
            return True
        enough, take = time.monotonic() + ENOUGH_S, text(_WAIT_FOR_TURN if moved else _TRY_TO_TAKE_TURN)
        while True:
            async with get_session() as session:
                before = clock.now()
                has_turn, theirs = (await session.execute(take, {"turn": duty.turn})).one()
                if not has_turn:
                    return False
                if duty.by_the_clock and not await self._guard.agrees(before, theirs):
                    return False
                more = None if duty.in_own_units else await duty.work()
            if duty.in_own_units:
                more = await duty.work()
            if not (duty.in_batches and more) or time.monotonic() > enough:
                return True
