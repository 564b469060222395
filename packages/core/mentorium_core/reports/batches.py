"""A report run in batches of parents, each a stored job of its own: one that fails holds up nobody else.

No message of a run leaves before all its batches are stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mentorium_core.identity.model import ParentView
from mentorium_core.identity.queries import views_of
from mentorium_core.reports.calendar import SCHEDULES, Run
from mentorium_core.reports.idempotency_keys import batch_key, parent_key
from mentorium_db import get_session
from mentorium_db.jobs import enqueue
from mentorium_db.repositories import ReportRunRepository
from mentorium_domain.enums import JobKind
from mentorium_kit import clock
from mentorium_observability import get_logger

A_BATCH: Final = 250

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Batch:
    """Parents of a run. `run_id` is None where the run was started by the release before, or by nobody."""

    parents: tuple[ParentView, ...]
    run_id: int | None


async def enqueue_batch(run: Run, *, after: int, before: datetime) -> None:
    """Have the parents behind the id `after` made as a job of their own, in the commit of the open unit of work.

    The job names the run by its type, first day and day. `before`: who came later than that is left out; they can ask
    for the report.
    """
    payload = {
        "report_type": run.report_type,
        "first_day": run.period.first_day.isoformat(),
        "day": run.day.isoformat(),
        "after": after,
        "before": before.isoformat(),
    }
    async with get_session() as session:
        await enqueue(session, JobKind.MAKE_REPORTS, payload, dedup_key=batch_key(run, after))


async def enqueue_parent(run: Run, parent_id: int) -> None:
    """Have this run made for one parent, as a job of its own, in the commit of the open unit of work.

    Harmless twice.
    """
    payload = {
        "report_type": run.report_type,
        "first_day": run.period.first_day.isoformat(),
        "day": run.day.isoformat(),
        "parent_id": parent_id,
    }
    async with get_session() as session:
        await enqueue(session, JobKind.MAKE_REPORTS, payload, dedup_key=parent_key(run, parent_id))


async def next_batch(run: Run, *, after: int, before: datetime) -> Batch:
    """The parents behind `after` who want this run, at most a batch of them; those behind them become a job of their
    own, if they are not one yet. So a batch that fails holds up nobody else.
    """
    async with get_session() as session:
        runs = ReportRunRepository(session)
        run_id = await runs.find(run.report_type, run.period.code, run.day)
        found = await runs.list_wanting(run.report_type, after, before, A_BATCH, weekday=weekday_of(run))
        parents = await views_of(session, found)
        if len(parents) < A_BATCH:
            if run_id is not None:
                await runs.all_listed(run_id, clock.now())
        elif run_id is None or await runs.list_batch(run_id, parents[-1].parent_id):
            await enqueue_batch(run, after=parents[-1].parent_id, before=before)
    return Batch(parents, run_id)


async def batch_stored(batch: Batch, after: int) -> None:
    """The reports of this batch stand, or have failed for good: with the last one the run's messages may leave."""
    if batch.run_id is None:
        return
    async with get_session() as session:
        opened = await ReportRunRepository(session).batch_stored(batch.run_id, after, clock.now())
    if opened:
        logger.info("report_run_stored", run_id=batch.run_id)


async def close_late_batch(run: Run, after: int) -> None:
    """Nobody wants this run any more: nothing of this batch is made, and those behind it are not begun."""
    async with get_session() as session:
        runs = ReportRunRepository(session)
        run_id = await runs.find(run.report_type, run.period.code, run.day)
        if run_id is not None:
            await runs.all_listed(run_id, clock.now())
            await runs.batch_stored(run_id, after, clock.now())
    logger.warning("report_batch_too_late", run_id=run_id, after=after)


async def list_wanting(run: Run, after: int, before: datetime, most: int) -> tuple[ParentView, ...]:
    """The next registered parents behind this id who came before then and want such reports, on whatever day."""
    async with get_session() as session:
        found = await ReportRunRepository(session).list_wanting(run.report_type, after, before, most)
        return await views_of(session, found)


async def count_wanting(run: Run, before: datetime) -> int:
    """How many `list_wanting` lists in all."""
    async with get_session() as session:
        return await ReportRunRepository(session).count_wanting(run.report_type, before)


def weekday_of(run: Run) -> int | None:
    """The weekday on which parents want such a run; None where they choose none."""
    return run.day.isoweekday() if SCHEDULES[run.report_type].any_day else None
