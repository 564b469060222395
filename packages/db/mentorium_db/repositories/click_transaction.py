"""Attempts to pay at Click. Whoever changes one has locked its order before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.tables.payments import ClickTransaction
from mentorium_domain.enums import ClickStatus

LARGEST_ID = 2**31 - 1
"""Of `id`, which Click knows as merchant_prepare_id."""


class ClickTransactionRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(
        self,
        *,
        service_id: int,
        click_trans_id: int,
        click_paydoc_id: int,
        order_id: int,
        payment_id: int,
        amount_minor: int,
        now: datetime,
        next_check_at: datetime,
    ) -> ClickTransaction:
        """A PREPARED one; `amount_minor` in tiyin. IntegrityError if the attempt is known already."""
        attempt = ClickTransaction(
            service_id=service_id,
            click_trans_id=click_trans_id,
            click_paydoc_id=click_paydoc_id,
            order_id=order_id,
            payment_id=payment_id,
            amount_minor=amount_minor,
            status=ClickStatus.PREPARED,
            prepared_at=now,
            next_check_at=next_check_at,
        )
        self.session.add(attempt)
        await self.session.flush()
        return attempt

    async def lock_by_trans_id(self, service_id: int, click_trans_id: int) -> ClickTransaction | None:
        """As stored now, and locked until the unit of work ends; its order is locked before."""
        return await self.session.scalar(
            select(ClickTransaction)
            .where(ClickTransaction.service_id == service_id, ClickTransaction.click_trans_id == click_trans_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )

    async def lock(self, attempt_id: int) -> ClickTransaction | None:
        """As `lock_by_trans_id`; None for an id that no attempt can have."""
        if not 0 < attempt_id <= LARGEST_ID:
            return None
        return await self.session.get(ClickTransaction, attempt_id, with_for_update=True, populate_existing=True)

    async def get(self, attempt_id: int) -> ClickTransaction | None:
        """Unlocked, to be read only."""
        return await self.session.get(ClickTransaction, attempt_id, populate_existing=True)

    async def list_of_order(self, order_id: int) -> Sequence[ClickTransaction]:
        """Oldest first."""
        found = await self.session.scalars(
            select(ClickTransaction).where(ClickTransaction.order_id == order_id).order_by(ClickTransaction.id)
        )
        return list(found)

    async def take_due(self, now: datetime, most: int) -> Sequence[ClickTransaction]:
        """Those that are to be asked about at Click by now, locked; what others have locked is left to them."""
        found = await self.session.scalars(
            select(ClickTransaction)
            .where(ClickTransaction.next_check_at <= now)
            .order_by(ClickTransaction.next_check_at)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        return list(found)

    async def change(self, attempt_id: int, **values: object) -> None:
        """Write these columns."""
        await self.session.execute(update(ClickTransaction).where(ClickTransaction.id == attempt_id).values(**values))
