"""Runs of reports: begun once, listed batch by batch, and open to senders once everything is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ARRAY, Date, DateTime, Integer, Select, String, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.models import Parent
from mentorium_db.repositories.notification_sql import CHANNEL
from mentorium_db.statements import prepared
from mentorium_db.tables.notification_settings import NotificationSettings
from mentorium_db.tables.outbox import ReportRun
from mentorium_db.tables.report_runs import PeriodRun, PeriodRunBatch
from mentorium_domain.enums import ReportFrequency, ReportType
from mentorium_domain.preferences import DEFAULTS

_WANTED: Final = {
    ReportType.WEEKLY: (ReportFrequency.BOTH, ReportFrequency.WEEKLY),
    ReportType.MONTHLY: (ReportFrequency.BOTH, ReportFrequency.MONTHLY),
}
# Whoever stores the last batch opens the run: the run's row, locked first, lets two who are last take turns.
_OPEN: Final = prepared(
    """
    WITH opened AS (
        UPDATE period_runs SET stored_at = :now
        WHERE id = :run_id AND stored_at IS NULL AND listed_at IS NOT NULL
            AND NOT EXISTS (SELECT FROM period_run_batches b WHERE b.run_id = :run_id AND b.stored_at IS NULL)
        RETURNING id
    )
    SELECT id, (SELECT pg_notify(:channel, '')) FROM opened
    """,
    run_id=Integer(),
    now=DateTime(timezone=True),
    channel=String(),
)
_CHOSEN_DAYS: Final = prepared(
    """
    SELECT day FROM unnest(:days) AS day
    WHERE EXISTS (
        SELECT FROM notification_settings s
        WHERE s.report_weekday = extract(isodow FROM day)::smallint AND s.report_frequency IN ('both', 'weekly')
    )
    """,
    days=ARRAY(Date),
)


@dataclass(frozen=True, slots=True)
class RunProgress:
    """How far a run is: batches that are listed, and those of them that are stored."""

    run_id: int
    batches: int
    stored: int
    stored_at: datetime | None


class ReportRunRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def start(
        self, report_type: ReportType, report_period: str, day: date, now: datetime, opens_at: datetime
    ) -> int | None:
        """The id of the run; None where somebody has started it before."""
        started = await self.session.scalar(
            insert(PeriodRun)
            .values(report_type=report_type, report_period=report_period, day=day, started_at=now, opens_at=opens_at)
            .on_conflict_do_nothing()
            .returning(PeriodRun.id)
        )
        if started is not None:  # the release before starts none of its own then
            known = insert(ReportRun).values(report_type=report_type, report_period=report_period, started_at=now)
            await self.session.execute(known.on_conflict_do_nothing())
        return started

    async def close(
        self, report_type: ReportType, report_period: str, day: date, now: datetime, opens_at: datetime
    ) -> None:
        """The run counts as made, whether it was begun or not."""
        await self.start(report_type, report_period, day, now, opens_at)
        await self.session.execute(
            update(PeriodRun)
            .where(PeriodRun.report_type == report_type, PeriodRun.report_period == report_period, PeriodRun.day == day)
            .values(
                listed_at=func.coalesce(PeriodRun.listed_at, now), stored_at=func.coalesce(PeriodRun.stored_at, now)
            )
        )

    async def find(self, report_type: ReportType, report_period: str, day: date) -> int | None:
        return await self.session.scalar(
            select(PeriodRun.id).where(
                PeriodRun.report_type == report_type, PeriodRun.report_period == report_period, PeriodRun.day == day
            )
        )

    async def days_with_choosers(self, days: Sequence[date]) -> set[date]:
        """Those of these days that some parent wants a weekly report on."""
        return set(await self.session.scalars(_CHOSEN_DAYS, {"days": list(days)}))

    async def list_batch(self, run_id: int, after: int) -> bool:
        """There is a batch behind this parent id; whether that is news."""
        moved = await self.session.scalar(
            update(PeriodRun)
            .where(PeriodRun.id == run_id, PeriodRun.reached <= after, PeriodRun.listed_at.is_(None))
            .values(reached=after)
            .returning(PeriodRun.id)
        )
        if moved is None:
            return False
        added = await self.session.scalar(
            insert(PeriodRunBatch)
            .values(run_id=run_id, after=after)
            .on_conflict_do_nothing()
            .returning(PeriodRunBatch.after)
        )
        return added is not None

    async def all_listed(self, run_id: int, now: datetime) -> None:
        """There are no batches but those that are listed. Harmless twice."""
        await self.session.execute(
            update(PeriodRun).where(PeriodRun.id == run_id, PeriodRun.listed_at.is_(None)).values(listed_at=now)
        )

    async def batch_stored(self, run_id: int, after: int, now: datetime) -> bool:
        """The reports of this batch stand; whether all of the run do with it. Harmless twice."""
        await self.session.execute(select(PeriodRun.id).where(PeriodRun.id == run_id).with_for_update())
        await self.session.execute(
            update(PeriodRunBatch)
            .where(PeriodRunBatch.run_id == run_id, PeriodRunBatch.after == after, PeriodRunBatch.stored_at.is_(None))
            .values(stored_at=now)
        )
        opened = await self.session.execute(_OPEN, {"run_id": run_id, "now": now, "channel": CHANNEL})
        return opened.first() is not None

    async def progress(self, run_id: int) -> RunProgress | None:
        run = await self.session.get(PeriodRun, run_id)
        if run is None:
            return None
        counted = await self.session.execute(
            select(func.count(), func.count(PeriodRunBatch.stored_at)).where(PeriodRunBatch.run_id == run_id)
        )
        batches, stored = counted.one()
        return RunProgress(run_id, batches, stored, run.stored_at)

    async def list_wanting(
        self,
        report_type: ReportType,
        after: int,
        before: datetime,
        most: int,
        *,
        weekday: int | None = None,
    ) -> list[Parent]:
        """The next registered parents behind this id who came before then and want reports of this type, by id.

        `weekday`: those who want it on this one (ISO, 1 is Monday).
        """
        found = await self.session.scalars(
            _wanting(select(Parent), report_type, before, weekday)
            .where(Parent.id > after)
            .order_by(Parent.id)
            .limit(most)
        )
        return list(found)

    async def count_wanting(self, report_type: ReportType, before: datetime) -> int:
        """How many there are of them, on whatever day."""
        return await self.session.scalar(_wanting(select(func.count()), report_type, before, None)) or 0


def _wanting(chosen: Select[Any], report_type: ReportType, before: datetime, weekday: int | None) -> Select[Any]:
    settings = NotificationSettings
    frequency = func.coalesce(settings.report_frequency, DEFAULTS.report_frequency)
    wanting = (
        chosen.select_from(Parent)
        .outerjoin(settings, settings.parent_id == Parent.id)
        .where(Parent.created_at < before, Parent.registration_completed, frequency.in_(_WANTED[report_type]))
    )
    if weekday is None:
        return wanting
    return wanting.where(func.coalesce(settings.report_weekday, DEFAULTS.report_weekday) == weekday)
