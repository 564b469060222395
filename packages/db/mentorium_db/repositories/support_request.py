"""What parents ask about their payments."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.tables.billing import SupportRequest


class SupportRequestRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(
        self, parent_id: int, *, order_id: int | None, reason: str, request_key: str, now: datetime
    ) -> SupportRequest:
        """The request; the one that was made with this key before, where there is one."""
        await self.session.execute(
            insert(SupportRequest)
            .values(parent_id=parent_id, order_id=order_id, reason=reason, request_key=request_key, created_at=now)
            .on_conflict_do_nothing(index_elements=[SupportRequest.request_key])
        )
        return (
            await self.session.scalars(select(SupportRequest).where(SupportRequest.request_key == request_key))
        ).one()

    async def get(self, request_id: int) -> SupportRequest | None:
        return await self.session.get(SupportRequest, request_id, populate_existing=True)

    async def count_others(self, parent_id: int, request_key: str, since: datetime) -> int:
        """How many requests of this parent there are from then on, this one not counted."""
        counted = select(func.count()).where(
            SupportRequest.parent_id == parent_id,
            SupportRequest.created_at >= since,
            SupportRequest.request_key != request_key,
        )
        return int(await self.session.scalar(counted) or 0)

    async def mark_told(self, request_id: int, now: datetime) -> None:
        """The first time counts."""
        await self.session.execute(
            update(SupportRequest)
            .where(SupportRequest.id == request_id, SupportRequest.told_at.is_(None))
            .values(told_at=now)
        )
