"""Reports as they were written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.columns import among
from mentorium_db.models import ReportHistory
from mentorium_db.tables.outbox import ReportRun
from mentorium_domain.enums import Language, ReportType


class ReportHistoryRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def recent(self, parent_telegram_id: int, student_id: int, limit: int) -> list[ReportHistory]:
        """The last `limit` reports to this parent about this child, newest last."""
        found = await self.session.scalars(
            select(ReportHistory)
            .where(
                ReportHistory.parent_telegram_id == parent_telegram_id,
                ReportHistory.platform_student_id == student_id,
            )
            .order_by(ReportHistory.id.desc())
            .limit(limit)
        )
        return list(found)[::-1]

    async def get(self, report_id: int) -> ReportHistory | None:
        return await self.session.get(ReportHistory, report_id)

    async def mark_done(self, parent_telegram_id: int, report_id: int, now: datetime) -> bool:
        """Whether this report of this parent was not marked as done before."""
        marked = await self.session.scalar(
            update(ReportHistory)
            .where(
                ReportHistory.id == report_id,
                ReportHistory.parent_telegram_id == parent_telegram_id,
                ReportHistory.done_at.is_(None),
            )
            .values(done_at=now)
            .returning(ReportHistory.id)
        )
        return marked is not None

    async def take_turn(self, parent_telegram_id: int, student_id: int) -> None:
        """Until the unit of work ends nobody else asks for reports to this parent about this child."""
        turn = func.hashtextextended(f"report:{parent_telegram_id}:{student_id}", 0)
        await self.session.execute(select(func.pg_advisory_xact_lock(turn)))

    async def newest(
        self,
        parent_telegram_id: int,
        student_id: int,
        report_type: ReportType,
        report_period: str,
        language: Language,
    ) -> ReportHistory | None:
        return await self.session.scalar(
            select(ReportHistory)
            .where(
                ReportHistory.parent_telegram_id == parent_telegram_id,
                ReportHistory.platform_student_id == student_id,
                ReportHistory.report_type == report_type,
                ReportHistory.report_period == report_period,
                ReportHistory.language == language,
            )
            .order_by(ReportHistory.id.desc())
            .limit(1)
        )

    async def start_run(self, report_type: ReportType, report_period: str, now: datetime) -> bool:
        """Whether nobody has started the reports of this type and period before."""
        started = await self.session.scalar(
            insert(ReportRun)
            .values(report_type=report_type, report_period=report_period, started_at=now)
            .on_conflict_do_nothing()
            .returning(ReportRun.report_period)
        )
        return started is not None

    async def advance_run(self, report_type: ReportType, report_period: str, parent_id: int) -> bool:
        """Whether the run gets further by this: False where its parents up to this one are somebody's work already."""
        reached = await self.session.scalar(
            update(ReportRun)
            .where(
                ReportRun.report_type == report_type,
                ReportRun.report_period == report_period,
                ReportRun.reached < parent_id,
            )
            .values(reached=parent_id)
            .returning(ReportRun.reached)
        )
        return reached is not None

    async def run_started(self, report_type: ReportType, report_period: str) -> bool:
        return await self.session.get(ReportRun, (report_type, report_period)) is not None

    async def made(
        self, telegram_ids: Sequence[int], report_type: ReportType, report_period: str
    ) -> set[tuple[int, int]]:
        """(parent's Telegram id, student id) of the reports of this type and period that these parents have."""
        found = await self.session.execute(
            select(ReportHistory.parent_telegram_id, ReportHistory.platform_student_id).where(
                ReportHistory.parent_telegram_id == among(telegram_ids),
                ReportHistory.report_type == report_type,
                ReportHistory.report_period == report_period,
            )
        )
        return {(telegram_id, student_id) for telegram_id, student_id in found}

    async def add(
        self,
        parent_telegram_id: int,
        student_id: int,
        *,
        report_type: ReportType,
        report_period: str,
        language: Language,
        content: str,
        document: Mapping[str, Any],
        now: datetime,
        template_id: str | None = None,
        action_id: str | None = None,
    ) -> int | None:
        """Store a report; `report_period` is its first and last day, `YYYY-MM-DD/YYYY-MM-DD`. Its id.

        None if this parent has a weekly or monthly report about this child and period already.
        """
        return await self.session.scalar(
            insert(ReportHistory)
            .values(
                parent_telegram_id=parent_telegram_id,
                platform_student_id=student_id,
                report_type=report_type,
                report_period=report_period,
                language=language,
                template_id=template_id,
                action_id=action_id,
                content=content,
                document=dict(document),
                generated_at=now,
            )
            .on_conflict_do_nothing()
            .returning(ReportHistory.id)
        )
