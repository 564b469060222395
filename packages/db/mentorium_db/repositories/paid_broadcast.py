"""Runs whose messages may be paid for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.models import Notification
from mentorium_db.tables.report_runs import PaidBroadcast, PeriodRun
from mentorium_domain.enums import ReportType


class PaidBroadcastRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def find(self, report_type: ReportType, report_period: str) -> PaidBroadcast | None:
        return await self.session.get(PaidBroadcast, (report_type, report_period))

    async def allow(
        self, report_type: ReportType, report_period: str, star_budget: int, reason: str, now: datetime
    ) -> None:
        """Up to so many Stars, never less than are spent by now; one that was stopped goes on."""
        given = {"star_budget": star_budget, "reason": reason, "allowed_at": now, "stopped_at": None}
        spent = func.ceil(PaidBroadcast.taken / 10.0)
        await self.session.execute(
            insert(PaidBroadcast)
            .values(report_type=report_type, report_period=report_period, **given)
            .on_conflict_do_update(
                index_elements=["report_type", "report_period"],
                set_={**given, "star_budget": func.greatest(star_budget, spent)},
            )
        )

    async def stop(self, report_type: ReportType, report_period: str, now: datetime) -> PaidBroadcast | None:
        """None where there is none."""
        return await self.session.scalar(
            update(PaidBroadcast)
            .where(PaidBroadcast.report_type == report_type, PaidBroadcast.report_period == report_period)
            .values(stopped_at=func.coalesce(PaidBroadcast.stopped_at, now))
            .returning(PaidBroadcast),
            execution_options={"populate_existing": True},
        )

    async def stop_of(self, notification_id: int, now: datetime) -> PaidBroadcast | None:
        """That of the run of this message; None where there is none that was not stopped before."""
        return await self.session.scalar(
            update(PaidBroadcast)
            .where(
                PaidBroadcast.stopped_at.is_(None),
                PaidBroadcast.report_type == PeriodRun.report_type,
                PaidBroadcast.report_period == PeriodRun.report_period,
                PeriodRun.id == Notification.run_id,
                Notification.id == notification_id,
            )
            .values(stopped_at=now)
            .returning(PaidBroadcast),
            execution_options={"populate_existing": True, "synchronize_session": False},
        )

    async def taken_since(self, since: datetime) -> int | None:
        """Messages that were claimed to be paid for in broadcasts allowed since then, or of which something was sent
        since then, whenever they were allowed; None where there was none.
        """
        sent = (
            exists()
            .where(PeriodRun.report_type == PaidBroadcast.report_type)
            .where(PeriodRun.report_period == PaidBroadcast.report_period)
            .where(Notification.run_id == PeriodRun.id, Notification.sent_at >= since)
        )
        recent = or_(PaidBroadcast.allowed_at >= since, and_(PaidBroadcast.taken > 0, sent))
        return await self.session.scalar(select(func.sum(PaidBroadcast.taken)).where(recent))
