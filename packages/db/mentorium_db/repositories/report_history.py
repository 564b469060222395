"""Reports as they were written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.enums import Language, ReportType
from mentorium_db.models import ReportHistory


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
    ) -> ReportHistory:
        """Store a report; `report_period` is its first and last day, `YYYY-MM-DD/YYYY-MM-DD`.

        IntegrityError if a weekly or monthly report of that period is stored already.
        """
        report = ReportHistory(
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
        self.session.add(report)
        await self.session.flush()
        return report
