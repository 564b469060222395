"""A report run in batches of parents, each a stored job of its own: one that fails holds up nobody else."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from mentorium_core.identity.model import ParentView
from mentorium_core.identity.queries import list_registered_after
from mentorium_core.reports.calendar import Run
from mentorium_core.reports.idempotency_keys import batch_key
from mentorium_db import get_session
from mentorium_db.jobs import enqueue
from mentorium_db.repositories import ReportHistoryRepository
from mentorium_domain.enums import JobKind

A_BATCH: Final = 50


async def enqueue_batch(run: Run, *, after: int, before: datetime) -> None:
    """Have the parents behind the id `after` made as a job of their own, in the commit of the open unit of work.

    The job names the run by its type and first day. `before`: who came later than that is left out; they can ask for
    the report.
    """
    payload = {
        "report_type": run.report_type,
        "first_day": run.period.first_day.isoformat(),
        "after": after,
        "before": before.isoformat(),
    }
    async with get_session() as session:
        await enqueue(session, JobKind.MAKE_REPORTS, payload, dedup_key=batch_key(run, after))


async def next_batch(run: Run, *, after: int, before: datetime) -> tuple[ParentView, ...]:
    """The parents behind `after`, at most fifty; those behind them become a job of their own, if they are not one yet.

    So a batch that fails holds up nobody else.
    """
    parents = await list_registered_after(after, before, A_BATCH)
    if len(parents) == A_BATCH:
        last = parents[-1].parent_id
        async with get_session() as session:
            if await ReportHistoryRepository(session).advance_run(run.report_type, run.period.code, last):
                await enqueue_batch(run, after=last, before=before)
    return parents
