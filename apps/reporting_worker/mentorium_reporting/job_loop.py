"""The job queue's consumer: each stored job is done at least once, by whoever is alive, with retries that end.

A job that fails is tried again after a backoff that doubles up to five minutes; after its last try it is held, for an
operator to look at. A worker that was killed is noticed by its missing heartbeat, or by the one that comes up at its
place, and its jobs are taken over. Tries are counted when a job is begun: one that has killed three workers is held.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import asyncpg
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.executors import AbstractEntrypointExecutor, EntrypointExecutorParameters
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.errors import FailingListenerError, RetryRequested
from pgqueuer.domain.models import Context, Job, TracebackRecord
from pgqueuer.domain.types import Channel, QueueManagerId

from mentorium_db import dsn as dsns
from mentorium_db.claims import MOST_TRIES as MOST_DEATHS
from mentorium_db.job_consumer import manager_id, queries_of, release_predecessors, take, trace_of_job
from mentorium_db.jobs import CHANNEL
from mentorium_db.sqlstates import classified_from_outside
from mentorium_domain.enums import JobKind, Severity
from mentorium_kit.backoff import backoff_s
from mentorium_kit.errors import MentoriumError, OutcomeUnknownError, UnavailableError
from mentorium_kit.progress import Progress
from mentorium_kit.retry import retry_conflicts
from mentorium_kit.trace import tracing
from mentorium_observability import EventLogService, error_context, get_logger, log_context
from mentorium_observability.metrics import count_error, from_the_start, jobs_done
from mentorium_observability.outage import Outage

Handler = Callable[[Mapping[str, Any]], Awaitable[None]]

FIRST_PAUSE_S: Final = 2.0
LONGEST_PAUSE_S: Final = 300.0
MOST_TRIES: Final = 60
"""Some four and a half hours: an outage of a night shift's length costs no report."""
MOST_TRIES_OF: Final = {
    JobKind.END_RENEWAL: 2_100,
    JobKind.RESUME_RENEWAL: 2_100,
    JobKind.RETURN_STARS: 2_100,
    JobKind.REFUND_PAYMENT: 2_100,
    JobKind.CLICK_REVERSAL: 2_100,
    JobKind.CLICK_RECEIPT: 2_100,
    JobKind.REMOVE_CARD: 2_100,
    JobKind.CANCEL_RECEIPT: 2_100,
    JobKind.MAIL_MESSAGE: 4_200,  # longer than any letter lives: it ends as expired, not here
}
"""Seven days: what a provider is to be told about money is told as long as that, and then an event calls a person.
The nightly check of the books names a refund or a surplus that hangs long before."""
_OF_PAYMENTS: Final = frozenset(MOST_TRIES_OF) - {JobKind.MAIL_MESSAGE} | {
    *(JobKind.CHECK_BOOKS, JobKind.CHECK_RENEWALS, JobKind.CLICK_CHECK, JobKind.RECONCILE_STARS),
    *(JobKind.CHARGE_CARD, JobKind.END_CARD_RENEWAL),
}
"""Whoever's money is held hears of it late where one of these fails."""
MOST_TRIES_AWAY: Final = {JobKind.MAKE_REPORTS: 1_500}
"""While a server is away: five days, longer than the reports of any period are wanted. A fault of ours has its end
after `MOST_TRIES`, and calls a person while there is still time.
"""
HEARTBEAT_S: Final = 48.0
"""Without a heartbeat for so long a job is another worker's: a beat may be 30 s old, and a loop stall for 16 s."""
GRACE_S: Final = 8.0
"""What is in hand when the worker is asked to stop has so long; then it is stored again, for whoever lives."""
_AT_ONCE: Final = 4
_LOOK_AGAIN: Final = timedelta(seconds=5)
_FIRST_REST_S: Final = 1.0
_LONGEST_REST_S: Final = 5.0
_CONNECT_TIMEOUT_S: Final = 5.0
_COMMAND_TIMEOUT_S: Final = 15.0
"""Where the database hangs, one look and the end of its connections are over within a minute: then it has tried."""
_AWAY: Final = (
    *(OSError, FailingListenerError),
    *(asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError),
)
"""The last of the driver's is what a server that is killed in the middle of a statement may look like."""

logger = get_logger(__name__)


class JobHeldError(Exception):
    """A job has failed for the last time. Says what kind of failure it was, never what the failure said."""


def pause_s(failures: int, jitter: float) -> float:
    """Backoff: seconds between a failure and the next try, by how often it has failed before; `jitter` is 0 to 1."""
    return backoff_s(failures + 1, FIRST_PAUSE_S, LONGEST_PAUSE_S, jitter=jitter / 2)


def most_tries(kind: JobKind, error: Exception) -> int:
    """How often a job is tried in all that fails like this now, before it is held."""
    usual = MOST_TRIES_OF.get(kind, MOST_TRIES)
    is_away = isinstance(error, UnavailableError | OutcomeUnknownError)
    return MOST_TRIES_AWAY.get(kind, usual) if is_away else usual


@dataclass
class _JobExecutor(AbstractEntrypointExecutor):
    """Does jobs of one kind, and decides on their retry.

    pgqueuer's own executor would keep the words of exceptions, which may hold a parent's data. `begin` counts the try
    and tells how many there were.
    """

    kind: JobKind
    handle: Handler
    on_done: Callable[[JobKind], None]
    begin: Callable[[Job], Awaitable[int | None]]
    running: set[asyncio.Task[object]] = field(default_factory=set)

    async def execute(self, job: Job, context: Context) -> None:  # noqa: ARG002 - pgqueuer's
        task, began = asyncio.current_task(), time.monotonic()
        assert task is not None
        self.running.add(task)
        payload: dict[str, Any] = json.loads(job.payload or b"{}")
        user_id = payload.get("telegram_id")
        with (
            tracing(trace_of_job(job)),
            log_context(job_id=job.id, handler=self.kind),
            error_context(user_id=user_id, handler=self.kind, parameters={**payload, "job_id": job.id}),
        ):
            try:
                await self._begin(job)
                await retry_conflicts(lambda: self.handle(payload))
            except (JobHeldError, RetryRequested):
                raise
            except asyncio.CancelledError:  # the end of the process is no failure of the job's
                logger.warning("job_cut_short")
                raise RetryRequested(delay=timedelta(), reason="worker_stopped") from None
            except Exception as error:  # noqa: BLE001 - the edge of the job loop
                await self._failed(job, error)
            else:
                jobs_done.labels(job_name=self.kind, status="done").inc()
                logger.info("job_done", tries=job.attempts + 1, took_s=round(time.monotonic() - began, 2))
            finally:
                self.running.discard(task)
                self.on_done(self.kind)

    async def _begin(self, job: Job) -> None:
        tries = await self.begin(job)
        if tries is None:
            logger.warning("job_claim_lost")
            raise RetryRequested(delay=timedelta(), reason="claim_lost")
        if tries > MOST_DEATHS:
            await self._hold("worker_died", tries - 1)

    async def _failed(self, job: Job, error: Exception) -> None:
        count_error(error, of_payment=self.kind in _OF_PAYMENTS)
        code = error.code if isinstance(error, MentoriumError) else type(error).__name__
        known = error if not isinstance(error, MentoriumError) else None
        if job.attempts + 1 >= most_tries(self.kind, error):
            await self._hold(code, job.attempts + 1, known)
        pause = pause_s(job.attempts, random.random())  # noqa: S311 - spreads retries, guards nothing
        jobs_done.labels(job_name=self.kind, status="retried").inc()
        tell = logger.warning if known is None or job.attempts else logger.error
        tell("job_failed", code=code, tries=job.attempts + 1, pause_s=round(pause, 1), exc_info=known)
        raise RetryRequested(delay=timedelta(seconds=pause), reason=code) from None

    async def _hold(self, code: str, tries: int, known: Exception | None = None) -> None:
        """Set aside (dead-letter): `pgq failed` shows it, and gives it another go."""
        jobs_done.labels(job_name=self.kind, status="held").inc()
        logger.error("job_held", code=code, tries=tries, exc_info=known)
        try:
            await EventLogService.log_system("job_held", severity=Severity.ERROR, job=self.kind, code=code, tries=tries)
        except MentoriumError as error:
            count_error(error)
        raise JobHeldError(code) from None


@dataclass
class _PatientQueries(Queries):
    """pgqueuer gives a job up where its retry cannot be stored: here a database that is away is waited for.

    `lost`: jobs that somebody else has by now; nothing is written of them here. `looked`: told at each look for jobs.
    """

    stopping: Callable[[], bool] = lambda: False
    looked: Callable[[], None] = lambda: None
    lost: set[int] = field(default_factory=set)

    async def dequeue(self, *arguments: Any, **options: Any) -> list[Job]:
        """Asked every few seconds, also while everybody is busy: so the loop turns."""
        self.looked()
        try:
            return await super().dequeue(*arguments, **options)
        finally:
            self.looked()

    async def retry_job(self, job: Job, delay: timedelta, traceback_record: TracebackRecord | None) -> None:
        if job.id in self.lost:
            self.lost.discard(job.id)
            raise asyncio.CancelledError  # the one way out of pgqueuer that touches no row
        for failures in itertools.count(1):
            try:
                await super().retry_job(job, delay, traceback_record)
                return
            except _AWAY as error:
                count_error(error)
                if self.stopping():  # it stays with the dead, and is taken over
                    raise asyncio.CancelledError from None
                await asyncio.sleep(backoff_s(failures, _FIRST_REST_S, _LONGEST_REST_S))


class JobLoop:
    """Takes stored jobs and has them done. `on_done` is told the kind of each job that was tried.

    `place`: where only one process can be at a time, such as its port: what one that died there had in hand goes on at
    once. `heartbeat_s`: how long a job is this worker's without a sign of life. `at_once`: half of how many jobs are
    done side by side.
    """

    def __init__(
        self,
        dsn: str,
        handlers: Mapping[JobKind, Handler],
        on_done: Callable[[JobKind], None],
        *,
        place: str | None = None,
        heartbeat_s: float = HEARTBEAT_S,
        grace_s: float = GRACE_S,
        at_once: int = _AT_ONCE,
        application: str = "mentorium-jobs",
    ) -> None:
        self._dsn = dsns.asyncpg_dsn(dsn)
        self._application = application
        self._handlers = dict(handlers)
        from_the_start(jobs_done, job_name=self.kinds, status=("done", "retried", "held"))
        self._on_done = on_done
        self._place = place
        self._heartbeat = timedelta(seconds=heartbeat_s)
        self._grace_s = grace_s
        self._at_once = at_once
        self._running: set[asyncio.Task[object]] = set()
        self._outage = Outage(logger, "jobs_not_reached")
        self._stopping = asyncio.Event()
        self._progress = Progress()
        self._manager: QueueManager | None = None

    @property
    def kinds(self) -> frozenset[JobKind]:
        """What is done here; stored jobs of any other kind wait."""
        return frozenset(self._handlers)

    @property
    def busy(self) -> int:
        """Jobs that are being done here."""
        return len(self._manager.job_context) if self._manager is not None else 0

    def stalled_s(self) -> float:
        """For how many seconds it has neither looked for jobs nor tried to reach the database."""
        return self._progress.stalled_s()

    def stop(self) -> None:
        """Take no further job; what is in hand is finished within `grace_s` seconds, or stored again."""
        if not self._stopping.is_set():
            asyncio.get_running_loop().call_later(self._grace_s, self._cut_short)
        self._stopping.set()
        if self._manager is not None:
            self._manager.shutdown.set()

    async def run(self) -> None:
        """Until `stop`. While the database is away it is tried again and again."""
        failures = 0
        while not self._stopping.is_set():
            began = time.monotonic()
            self._progress.mark()
            try:
                await self._work()
            except _AWAY as error:
                failures = failures + 1 if time.monotonic() - began < _LONGEST_REST_S else 1
                self._outage.failed(classified_from_outside("bot_db", error) or error)
                await self._rest(backoff_s(failures, _FIRST_REST_S, _LONGEST_REST_S))
        self._progress.rest()

    def _cut_short(self) -> None:
        for task in tuple(self._running):
            task.cancel()

    async def _work(self) -> None:
        async with _pool(self._dsn, self._application) as pool:
            stored = queries_of(_PatientQueries, pool)
            stored.stopping = self._stopping.is_set
            stored.looked = self._progress.mark
            manager = QueueManager(stored, Channel(CHANNEL))
            own_id = manager_id(self._place)
            manager.queue_manager_id = QueueManagerId(own_id)
            if self._place is not None and (released := await release_predecessors(stored.driver, own_id)):
                logger.warning("predecessor_released", jobs=released)
            self._outage.over()

            async def begin(job: Job) -> int | None:
                tries = await take(stored.driver, job.id, own_id, MOST_DEATHS)
                if tries is None:
                    stored.lost.add(job.id)
                return tries

            for kind, handle in self._handlers.items():
                parameters = EntrypointExecutorParameters(concurrency_limit=0, func=_unused, on_failure="hold")
                executor = _JobExecutor(parameters, kind, handle, self._on_done, begin, self._running)
                manager.register_executor(kind, executor)
            self._manager = manager
            if self._stopping.is_set():
                return
            await manager.run(
                batch_size=self._at_once,
                max_concurrent_tasks=2 * self._at_once,
                dequeue_timeout=_LOOK_AGAIN,
                heartbeat_timeout=self._heartbeat,
                shutdown_on_listener_failure=True,
            )

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return


async def _unused(_: Job) -> None:
    """pgqueuer wants a function beside the executor that calls it; ours holds its handler itself."""


async def _keep_as_it_is(_: asyncpg.Connection[asyncpg.Record]) -> None:
    """No statement of ours leaves anything behind in a connection; asyncpg's own reset costs a round trip for each."""


@asynccontextmanager
async def _pool(dsn: str, application: str) -> AsyncIterator[asyncpg.Pool[asyncpg.Record]]:
    """It does not wait for long at its end for a connection that the server has hung up: then nobody would do jobs."""
    pool = await asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=_AT_ONCE,
        timeout=_CONNECT_TIMEOUT_S,
        command_timeout=_COMMAND_TIMEOUT_S,
        server_settings={"application_name": application},
        reset=_keep_as_it_is,
    )
    try:
        yield pool
    finally:
        try:
            async with asyncio.timeout(_CONNECT_TIMEOUT_S):
                await pool.close()
        except _AWAY:
            pool.terminate()
