"""Requests to have one's data erased: asked, confirmed within minutes, declined."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.tables.privacy import EraseRequest


class EraseRequestRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, parent_id: int, now: datetime, expires_at: datetime) -> EraseRequest:
        request = EraseRequest(parent_id=parent_id, asked_at=now, expires_at=expires_at)
        self.session.add(request)
        await self.session.flush()
        return request

    async def find(self, parent_id: int, request_id: int | None) -> EraseRequest | None:
        """This request of the parent, or where none is named the newest one."""
        wanted = select(EraseRequest).where(EraseRequest.parent_id == parent_id)
        if request_id is not None:
            wanted = wanted.where(EraseRequest.id == request_id)
        return await self.session.scalar(wanted.order_by(EraseRequest.id.desc()).limit(1))

    async def decline(self, parent_id: int, request_id: int, now: datetime) -> None:
        """Its yes counts no more, nor that of one before it; harmless where they are gone meanwhile."""
        await self.session.execute(
            update(EraseRequest)
            .where(
                EraseRequest.parent_id == parent_id, EraseRequest.id <= request_id, EraseRequest.declined_at.is_(None)
            )
            .values(declined_at=now)
        )
