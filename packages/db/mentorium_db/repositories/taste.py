"""What a parent who has bought nothing has had: read in one statement."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import DateTime, Integer
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.statements import prepared
from mentorium_domain.access import Tasted

# An answer that was stopped half-way was read half-way. A full report is one that has a picture.
TASTED: Final = prepared(
    """
    SELECT
        EXISTS (SELECT FROM subscriptions WHERE parent_id = p.id) OR p.created_at <= :since AS is_over,
        (SELECT count(*) FROM dialogs d WHERE d.parent_telegram_id = p.telegram_id
            AND (d.status = 'answered' OR (d.status = 'stopped' AND d.ai_reply IS NOT NULL))) AS answers,
        (SELECT count(*) FROM dialogs d WHERE d.parent_telegram_id = p.telegram_id
            AND d.status IN ('pending', 'answering', 'written')) AS open,
        ARRAY(SELECT DISTINCT platform_student_id || ' ' || report_period FROM report_history r
            WHERE r.parent_telegram_id = p.telegram_id AND r.report_type = 'ON_DEMAND'
                AND jsonb_typeof(r.document -> 'chart') = 'object') AS reports
    FROM parents p WHERE p.id = :parent_id
    """,
    parent_id=Integer(),
    since=DateTime(timezone=True),
)


class TasteRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def tasted(self, parent_id: int, since: datetime) -> Tasted | None:
        """None for who has ever had a subscription, has been here since before `since`, or is not known."""
        row = (await self.session.execute(TASTED, {"parent_id": parent_id, "since": since})).one_or_none()
        if row is None or row.is_over:
            return None
        reports = (one.split(" ", 1) for one in row.reports)
        return Tasted(row.answers, row.open, frozenset((int(student), period) for student, period in reports))
