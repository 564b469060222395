"""What works on stored jobs (`mentorium_db.jobs`): pgqueuer's operations, and what we count beside them."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from hashlib import sha256
from typing import Final, TypeVar
from uuid import UUID, uuid4

import asyncpg
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver, AsyncpgPoolDriver
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder, QuerySchedulerBuilder
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.models import Job
from pgqueuer.domain.settings import DBSettings
from pgqueuer.ports.driver import Driver

from mentorium_db.claims import MOST_TRIES
from mentorium_db.jobs import CHANNEL, SCHEMA, TRACE
from mentorium_kit.trace import read_trace

AnyQueries = TypeVar("AnyQueries", bound=Queries)


def queries(connection: asyncpg.Pool[asyncpg.Record] | asyncpg.Connection[asyncpg.Record]) -> Queries:
    """pgqueuer's own operations on our schema, over this pool or connection."""
    return queries_of(Queries, connection)


def queries_of(
    kind: type[AnyQueries], connection: asyncpg.Pool[asyncpg.Record] | asyncpg.Connection[asyncpg.Record]
) -> AnyQueries:
    """The same, of a kind that does some of them in its own way."""
    driver: Driver = (
        AsyncpgPoolDriver(connection) if isinstance(connection, asyncpg.Pool) else AsyncpgDriver(connection)
    )
    settings = _settings()
    return kind(driver, QueryBuilderEnvironment(settings), QueryQueueBuilder(settings), QuerySchedulerBuilder(settings))


def trace_of_job(job: Job) -> str | None:
    """The trace in which it was stored; jobs of the release before have none."""
    headers = job.headers
    return read_trace(headers.get(TRACE)) if isinstance(headers, Mapping) else None


def manager_id(place: str | None) -> UUID:
    """The name under which one consumer picks jobs; those who stand at one place, one after the other, begin alike.

    `place`: where only one process can be at a time; None: nowhere in particular.
    """
    if place is None:
        return uuid4()
    at = sha256(f"{socket.gethostname()}:{place}".encode()).digest()[:8]
    return UUID(bytes=at + uuid4().bytes[:8])


_TAKE: Final = """
    WITH mine AS (
        SELECT id,
            1 + CASE WHEN (headers ->> 'taken_at')::int = attempts THEN (headers ->> 'takes')::int ELSE 0 END AS n
        FROM pgqueuer.pgqueuer WHERE id = $1 AND queue_manager_id = $2 AND status = 'picked' FOR UPDATE
    )
    UPDATE pgqueuer.pgqueuer job SET headers = CASE
        WHEN n > $3 THEN job.headers - 'takes' - 'taken_at'
        ELSE CASE jsonb_typeof(job.headers) WHEN 'object' THEN job.headers ELSE '{}' END
            || jsonb_build_object('takes', n, 'taken_at', attempts) END
    FROM mine WHERE job.id = mine.id
    RETURNING n
    """


async def take(driver: Driver, job_id: int, manager: UUID, most: int = MOST_TRIES) -> int | None:
    """Count that this job is begun: how often it was since it last failed by itself, this time included.

    So work that kills its worker is counted too. Beyond `most` the count is taken back, for whoever gives the job
    another go. None: somebody else has it by now, and it must not be done here.
    """
    rows = await driver.fetch(_TAKE, job_id, manager, most)
    return int(str(rows[0]["n"])) if rows else None


async def release_predecessors(driver: Driver, manager: UUID) -> int:
    """What consumers that stood at this one's place have in hand may be picked at once; how many jobs that is."""
    first, last = UUID(bytes=manager.bytes[:8] + bytes(8)), UUID(bytes=manager.bytes[:8] + b"\xff" * 8)
    rows = await driver.fetch(
        "UPDATE pgqueuer.pgqueuer SET heartbeat = '-infinity'"
        " WHERE status = 'picked' AND queue_manager_id BETWEEN $1 AND $2 AND queue_manager_id <> $3 RETURNING id",
        first,
        last,
        manager,
    )
    return len(rows)


def _settings() -> DBSettings:
    """Every name is said here: pgqueuer would read those left out from variables as plain as `CHANNEL`."""
    return DBSettings(
        prefix="",
        db_schema=SCHEMA,
        channel=CHANNEL,
        function="fn_pgqueuer_changed",
        statistics_table="pgqueuer_statistics",
        queue_status_type="pgqueuer_status",
        queue_table="pgqueuer",
        queue_table_log="pgqueuer_log",
        trigger="tg_pgqueuer_changed",
        schedules_table="pgqueuer_schedules",
    )
