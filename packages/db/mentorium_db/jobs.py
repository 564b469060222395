"""The job queue: jobs that are stored in the bot's database, in the same commit as the fact that calls for them.

pgqueuer works on them (`mentorium_db.job_consumer`), in a schema of its own. A job that fails is taken up again by
whoever is alive; how often is for those who work on it to say (`mentorium_reporting.job_loop`). Due moments are no
business of jobs: they live in our own tables, where the clock of the product is asked.

pgqueuer itself is not imported here: three megabytes, for bot and webhook app, which store jobs and do none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.claims import JOB_SCHEMA
from mentorium_db.driver import driver_of
from mentorium_domain.enums import JobKind
from mentorium_kit.trace import current_trace

SCHEMA: Final = JOB_SCHEMA
CHANNEL: Final = "ch_pgqueuer"
TRACE: Final = "trace_id"
"""The header of a job in which its trace is kept."""

_ENQUEUE: Final = """
    WITH stored AS (
        INSERT INTO pgqueuer.pgqueuer (priority, entrypoint, payload, execute_after, dedupe_key, headers, status)
        VALUES (0, $1, $2, now(), $3, $4, 'queued')
        ON CONFLICT (dedupe_key)
            WHERE status IN ('queued', 'picked') AND dedupe_key IS NOT NULL
            DO NOTHING
        RETURNING id, entrypoint, priority
    ), logged AS (
        INSERT INTO pgqueuer.pgqueuer_log (job_id, status, entrypoint, priority)
        SELECT id, 'queued', entrypoint, priority FROM stored
    )
    SELECT id FROM stored
    """
"""What pgqueuer's own `enqueue` leaves of one job, row for row: a test compares the two."""


async def enqueue(session: AsyncSession, kind: JobKind, payload: Mapping[str, Any], *, dedup_key: str) -> bool:
    """Store a job that is done once this unit of work has been committed, and never without it.

    `dedup_key` is its idempotency key: False where a job with this key waits already, or is being done. `payload` is
    kept as JSON: it holds ids, no names. The job goes on with the trace in which it is stored.
    """
    driver, trace_id = await driver_of(session), current_trace()
    headers = json.dumps({TRACE: trace_id} if trace_id else None)
    return bool(await driver.fetch(_ENQUEUE, kind, json.dumps(payload).encode(), dedup_key, headers))


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
