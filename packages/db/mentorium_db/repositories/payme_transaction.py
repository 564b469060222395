"""Transactions of PayMe's Merchant API. Moments are milliseconds since 1970."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import and_, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.tables.payments import PaymeTransaction

# Made once: each call of PayMe's comes through here.
_WITH_ID: Final = PaymeTransaction.payme_id == bindparam("payme_id")
_OPEN_OF_ORDER: Final = and_(PaymeTransaction.order_id == bindparam("order_id"), PaymeTransaction.state.in_((1, 2)))
_GET: Final = select(PaymeTransaction).where(_WITH_ID).execution_options(populate_existing=True)
_OPEN: Final = select(PaymeTransaction).where(_OPEN_OF_ORDER).execution_options(populate_existing=True)
_IN_THE_WAY: Final = (
    select(PaymeTransaction)
    .where(or_(_WITH_ID, _OPEN_OF_ORDER))
    .order_by(PaymeTransaction.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)


class PaymeTransactionRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, payme_id: str) -> PaymeTransaction | None:
        """As stored now, unlocked."""
        return await self.session.scalar(_GET, {"payme_id": payme_id})

    async def lock(self, transaction_id: int) -> PaymeTransaction:
        """As stored now, locked until the unit of work ends; its order is locked before. NoResultFound."""
        return await self.session.get_one(
            PaymeTransaction, transaction_id, with_for_update=True, populate_existing=True
        )

    async def open_of_order(self, order_id: int) -> PaymeTransaction | None:
        """The one that is created or performed: at most one an order. Unlocked."""
        return await self.session.scalar(_OPEN, {"order_id": order_id})

    async def lock_in_the_way(self, order_id: int, payme_id: str) -> list[PaymeTransaction]:
        """Of a locked order: the one that is open, and one with this id, locked; what stands now."""
        found = await self.session.scalars(_IN_THE_WAY, {"payme_id": payme_id, "order_id": order_id})
        return list(found)

    async def add(
        self,
        payme_id: str,
        *,
        order_id: int,
        payment_id: int,
        amount_minor: int,
        account: dict[str, Any],
        payme_time: int,
        create_time: int,
    ) -> PaymeTransaction:
        """In state 1. IntegrityError if the id is known, or another one of this order is open."""
        transaction = PaymeTransaction(
            payme_id=payme_id,
            order_id=order_id,
            payment_id=payment_id,
            amount_minor=amount_minor,
            account=account,
            state=1,
            payme_time=payme_time,
            create_time=create_time,
            perform_time=0,
            cancel_time=0,
        )
        self.session.add(transaction)
        await self.session.flush()
        return transaction

    async def perform(self, transaction_id: int, perform_time: int) -> None:
        await self._update(transaction_id, state=2, perform_time=perform_time)

    async def cancel(self, transaction_id: int, *, state: int, reason: int | None, cancel_time: int) -> None:
        """`state`: -1 or -2."""
        await self._update(transaction_id, state=state, reason=reason, cancel_time=cancel_time)

    async def set_fiscal(self, transaction_id: int, *, cancelled: bool, data: dict[str, Any]) -> None:
        """Of the sale, or of its cancellation: two receipts, each kept as it was told last."""
        await self._update(transaction_id, **{"fiscal_cancel" if cancelled else "fiscal_perform": data})

    async def list_between(self, since: int, until: int) -> Sequence[PaymeTransaction]:
        """All that PayMe began in this time, both ends included, by its own time, the oldest first."""
        found = await self.session.scalars(
            select(PaymeTransaction)
            .where(PaymeTransaction.payme_time.between(since, until))
            .order_by(PaymeTransaction.payme_time, PaymeTransaction.id)
        )
        return list(found)

    async def list_created_before(self, payme_time: int, most: int) -> list[str]:
        """PayMe's ids of those that are still only created, begun before then; the oldest first."""
        found = await self.session.scalars(
            select(PaymeTransaction.payme_id)
            .where(PaymeTransaction.state == 1, PaymeTransaction.payme_time < payme_time)
            .order_by(PaymeTransaction.payme_time)
            .limit(most)
        )
        return list(found)

    async def _update(self, transaction_id: int, **values: object) -> None:
        await self.session.execute(
            update(PaymeTransaction).where(PaymeTransaction.id == transaction_id).values(**values)
        )
