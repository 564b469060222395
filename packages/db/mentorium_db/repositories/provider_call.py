"""What was said between a payment provider and us."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.tables.payments import ProviderCall
from mentorium_domain.enums import ProviderName

_ADD: Final = insert(cast("Table", ProviderCall.__table__)).inline()


class ProviderCallRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(
        self,
        provider: ProviderName,
        method: str,
        *,
        request: str,
        answer: str,
        took_ms: int,
        now: datetime,
        order_public_id: str | None = None,
        remote: str | None = None,
    ) -> None:
        """Texts without secrets, and without NUL, which PostgreSQL keeps in no text."""
        # by the table, made once: each call of a provider comes through here, and nobody reads the row back
        connection = await self.session.connection()
        await connection.execute(
            _ADD,
            {
                "provider": provider,
                "method": method,
                "order_public_id": order_public_id,
                "request": request,
                "answer": answer,
                "remote": remote,
                "took_ms": took_ms,
                "created_at": now,
            },
        )

    async def list_of_order(self, order_public_id: str) -> Sequence[ProviderCall]:
        """Oldest first."""
        found = await self.session.scalars(
            select(ProviderCall).where(ProviderCall.order_public_id == order_public_id).order_by(ProviderCall.id)
        )
        return list(found)
