"""The job queue's consumer: each stored job is done at least once, by whoever is alive, with retries that end.

A job that fails is tried again after a backoff that doubles up to five minutes; after its last try it is held, for an
operator to look at. A worker that was killed is noticed by its missing heartbeat, and its jobs are taken over.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import asyncpg
from pgqueuer.core.executors import AbstractEntrypointExecutor, EntrypointExecutorParameters
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.errors import FailingListenerError, RetryRequested
from pgqueuer.domain.models import Context, Job
from pgqueuer.domain.types import Channel

from mentorium_db import dsn as dsns
from mentorium_db.jobs import CHANNEL, queries
from mentorium_domain.enums import JobKind
from mentorium_kit.backoff import backoff_s
from mentorium_kit.errors import MentoriumError
from mentorium_observability import get_logger, log_context
from mentorium_observability.metrics import count_error, jobs_done

Handler = Callable[[Mapping[str, Any]], Awaitable[None]]

FIRST_PAUSE_S: Final = 2.0
LONGEST_PAUSE_S: Final = 300.0
MOST_TRIES: Final = 60
"""Some four and a half hours: an outage of a night shift's length costs no report."""
_AT_ONCE: Final = 4
_HEARTBEAT: Final = timedelta(seconds=10)
_LOOK_AGAIN: Final = timedelta(seconds=5)
_PAUSE_S: Final = 1.0
_CONNECT_TIMEOUT_S: Final = 5.0
_COMMAND_TIMEOUT_S: Final = 35.0
_AWAY: Final = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, FailingListenerError)

logger = get_logger(__name__)


class JobHeldError(Exception):
    """A job has failed for the last time. Says what kind of failure it was, never what the failure said."""


def pause_s(failures: int, jitter: float) -> float:
    """Backoff: seconds between a failure and the next try, by how often it has failed before; `jitter` is 0 to 1."""
    return backoff_s(failures + 1, FIRST_PAUSE_S, LONGEST_PAUSE_S, jitter=jitter / 2)


@dataclass
class _JobExecutor(AbstractEntrypointExecutor):
    """Does jobs of one kind, and decides on their retry.

    pgqueuer's own executor would keep the words of exceptions, which may hold a parent's data.
    """

    kind: JobKind
    handle: Handler
    on_done: Callable[[JobKind], None]

    async def execute(self, job: Job, context: Context) -> None:  # noqa: ARG002 - pgqueuer's
        with log_context(correlation_id=f"job-{job.id}", job=self.kind):
            try:
                await self.handle(json.loads(job.payload or b"{}"))
            except Exception as error:  # noqa: BLE001 - the edge of the job loop
                self._failed(job, error)
            else:
                jobs_done.labels(job=self.kind, status="done").inc()
            finally:
                self.on_done(self.kind)

    def _failed(self, job: Job, error: Exception) -> None:
        count_error(error)
        code = error.code if isinstance(error, MentoriumError) else type(error).__name__
        known = error if not isinstance(error, MentoriumError) else None
        if job.attempts + 1 >= MOST_TRIES:
            jobs_done.labels(job=self.kind, status="held").inc()
            logger.error("job_held", code=code, tries=job.attempts + 1, exc_info=known)
            raise JobHeldError(code) from None
        pause = pause_s(job.attempts, random.random())  # noqa: S311 - spreads retries, guards nothing
        jobs_done.labels(job=self.kind, status="retried").inc()
        tell = logger.warning if known is None or job.attempts else logger.error
        tell("job_failed", code=code, tries=job.attempts + 1, pause_s=round(pause, 1), exc_info=known)
        raise RetryRequested(delay=timedelta(seconds=pause), reason=code) from None


class JobLoop:
    """Takes stored jobs and has them done. `on_done` is told the kind of each job that was tried."""

    def __init__(self, dsn: str, handlers: Mapping[JobKind, Handler], on_done: Callable[[JobKind], None]) -> None:
        self._dsn = dsns.asyncpg_dsn(dsn)
        self._handlers = dict(handlers)
        self._on_done = on_done
        self._stopping = asyncio.Event()
        self._manager: QueueManager | None = None

    @property
    def kinds(self) -> frozenset[JobKind]:
        """What is done here; stored jobs of any other kind wait."""
        return frozenset(self._handlers)

    @property
    def busy(self) -> int:
        """Jobs that are being done here."""
        return len(self._manager.job_context) if self._manager is not None else 0

    def stop(self) -> None:
        """Take no further job; what is in hand is finished."""
        self._stopping.set()
        if self._manager is not None:
            self._manager.shutdown.set()

    async def run(self) -> None:
        """Until `stop`. While the database is away it is tried again every second."""
        while not self._stopping.is_set():
            try:
                await self._work()
            except _AWAY as error:
                count_error(error)
                logger.warning("jobs_not_reached", reason=type(error).__name__)
                await self._rest()

    async def _work(self) -> None:
        async with asyncpg.create_pool(
            self._dsn,
            min_size=1,
            max_size=_AT_ONCE,
            timeout=_CONNECT_TIMEOUT_S,
            command_timeout=_COMMAND_TIMEOUT_S,
            server_settings={"application_name": "mentorium-jobs"},
        ) as pool:
            manager = QueueManager(queries(pool), Channel(CHANNEL))
            for kind, handle in self._handlers.items():
                parameters = EntrypointExecutorParameters(concurrency_limit=0, func=_unused, on_failure="hold")
                manager.register_executor(kind, _JobExecutor(parameters, kind, handle, self._on_done))
            self._manager = manager
            if self._stopping.is_set():
                return
            await manager.run(
                batch_size=_AT_ONCE,
                max_concurrent_tasks=2 * _AT_ONCE,
                dequeue_timeout=_LOOK_AGAIN,
                heartbeat_timeout=_HEARTBEAT,
                shutdown_on_listener_failure=True,
            )

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(_PAUSE_S):
                await self._stopping.wait()
        except TimeoutError:
            return


async def _unused(_: Job) -> None:
    """pgqueuer wants a function beside the executor that calls it; ours holds its handler itself."""
