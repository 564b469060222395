"""The job queue: jobs that are stored in the bot's database, in the same commit as the fact that calls for them.

pgqueuer keeps them in a schema of its own. A job that fails is taken up again by whoever is alive; how often is for
those who work on it to say (`mentorium_reporting.job_loop`). Due moments are no business of jobs: they live in our own
tables, where the clock of the product is asked.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final, TypeVar
from uuid import UUID, uuid4

import asyncpg
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver, AsyncpgPoolDriver
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder, QuerySchedulerBuilder
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.models import Job
from pgqueuer.domain.settings import DBSettings
from pgqueuer.ports.driver import Driver
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.claims import JOB_SCHEMA, MOST_TRIES
from mentorium_domain.enums import JobKind
from mentorium_kit.trace import current_trace, read_trace

SCHEMA: Final = JOB_SCHEMA
CHANNEL: Final = "ch_pgqueuer"
_TRACE: Final = "trace_id"


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


async def enqueue(session: AsyncSession, kind: JobKind, payload: Mapping[str, Any], *, dedup_key: str) -> bool:
    """Store a job that is done once this unit of work has been committed, and never without it.

    `dedup_key` is its idempotency key: False where a job with this key waits already, or is being done. `payload` is
    kept as JSON: it holds ids, no names. The job goes on with the trace in which it is stored.
    """
    # SQLAlchemy begins the transaction with its first statement: what goes around it must not come before.
    await session.execute(text("SELECT 1"))
    connection = await (await session.connection()).get_raw_connection()
    driver = connection.driver_connection
    assert driver is not None
    trace_id = current_trace()
    (job_id,) = await queries(driver).enqueue(
        kind,
        json.dumps(payload).encode(),
        dedupe_key=dedup_key,
        headers={_TRACE: trace_id} if trace_id else None,
        on_conflict="skip",
    )
    return job_id is not None


def trace_of_job(job: Job) -> str | None:
    """The trace in which it was stored; jobs of the release before have none."""
    headers = job.headers
    return read_trace(headers.get(_TRACE)) if isinstance(headers, Mapping) else None


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


async def load(session: AsyncSession) -> int:
    """How many jobs are being done, or may be within the next two seconds."""
    busy: int = await session.scalar(
        text(
            "SELECT count(*) FROM pgqueuer.pgqueuer WHERE status = 'picked'"
            " OR (status = 'queued' AND execute_after <= now() + interval '2 seconds')"
        )
    )
    return busy


async def by_state(session: AsyncSession) -> dict[tuple[str, str], int]:
    """(kind, state) -> how many jobs: those that wait (`queued`), are being done (`picked`) or are held (`failed`)."""
    rows = await session.execute(
        text("SELECT entrypoint, status::text AS state, count(*) FROM pgqueuer.pgqueuer GROUP BY 1, 2")
    )
    return {(kind, state): count for kind, state, count in rows}


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
