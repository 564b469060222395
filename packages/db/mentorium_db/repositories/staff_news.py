"""Events that the staff's chat is to hear of, and those it has heard of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ARRAY, DateTime, Integer
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.statements import prepared

_MOMENT: Final = DateTime(timezone=True)
_UNTOLD: Final = prepared(
    """
    SELECT e.id, e.event_name AS name, e.user_telegram_id AS telegram_id, e.metadata AS details, e.created_at
    FROM event_logs e
    WHERE e.created_at >= :since AND e.severity IN ('ERROR', 'CRITICAL') AND e.event_type IN ('SYSTEM', 'PAYMENT')
        AND NOT EXISTS (SELECT FROM staff_news n WHERE n.event_id = e.id)
    ORDER BY e.created_at, e.id LIMIT :most
    """,
    since=_MOMENT,
    most=Integer(),
)
# An event may have gone meanwhile, with whom it spoke of.
_TOLD: Final = prepared(
    """
    INSERT INTO staff_news (event_id, told_at) SELECT id, :now FROM event_logs WHERE id = ANY(:event_ids)
    ON CONFLICT DO NOTHING
    """,
    event_ids=ARRAY(Integer),
    now=_MOMENT,
)


@dataclass(frozen=True, slots=True)
class UntoldEvent:
    """An event of the system or of payments that is an error or worse; `details` hold ids, no words."""

    id: int
    name: str
    telegram_id: int | None
    details: dict[str, Any]
    created_at: datetime


class StaffNewsRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def untold(self, since: datetime, most: int) -> list[UntoldEvent]:
        """The oldest first."""
        rows = await self.session.execute(_UNTOLD, {"since": since, "most": most})
        return [UntoldEvent(*row) for row in rows]

    async def told(self, event_ids: Collection[int], now: datetime) -> None:
        await self.session.execute(_TOLD, {"event_ids": list(event_ids), "now": now})
