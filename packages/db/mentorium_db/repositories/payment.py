"""What parents paid."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ARRAY, String, any_, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.models import Payment
from mentorium_domain.enums import Currency, PaymentStatus, ProviderName
from mentorium_domain.money import amount


class PaymentRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get_by_transaction_id(self, transaction_id: str) -> Payment | None:
        return await self.session.scalar(select(Payment).where(Payment.transaction_id == transaction_id))

    async def list_for_parent(self, parent_id: int) -> list[Payment]:
        """Oldest first."""
        found = await self.session.scalars(select(Payment).where(Payment.parent_id == parent_id).order_by(Payment.id))
        return list(found)

    async def add(
        self,
        parent_id: int | None,
        *,
        transaction_id: str,
        amount_minor: int,
        currency: Currency,
        provider: ProviderName,
        now: datetime,
        subscription_id: int | None = None,
        external_ref: str | None = None,
        order_id: int | None = None,
    ) -> Payment:
        """A PENDING payment; `amount_minor` in tiyin or Stars. IntegrityError if the transaction is known already.

        Who may be told of a transaction twice locks its order first, and looks for it then.
        """
        payment = Payment(
            parent_id=parent_id,
            order_id=order_id,
            subscription_id=subscription_id,
            transaction_id=transaction_id,
            amount=amount(amount_minor, currency),
            amount_minor=amount_minor,
            currency=currency,
            provider=provider,
            status=PaymentStatus.PENDING,
            external_ref=external_ref,
            created_at=now,
        )
        self.session.add(payment)
        await self.session.flush()
        return payment

    async def get(self, payment_id: int) -> Payment | None:
        return await self.session.get(Payment, payment_id, populate_existing=True)

    async def lock(self, payment_id: int) -> Payment:
        """As stored now, locked until the unit of work ends; its order is locked before. NoResultFound."""
        return await self.session.get_one(Payment, payment_id, with_for_update=True, populate_existing=True)

    async def list_of_order(self, order_id: int) -> list[Payment]:
        """Oldest first."""
        found = await self.session.scalars(select(Payment).where(Payment.order_id == order_id).order_by(Payment.id))
        return list(found)

    async def statuses(self, transaction_ids: Collection[str]) -> dict[str, PaymentStatus]:
        """Of those transactions that are known."""
        among = any_(literal(list(transaction_ids), ARRAY(String)))
        found = await self.session.execute(
            select(Payment.transaction_id, Payment.status).where(Payment.transaction_id == among)
        )
        return {transaction_id: status for transaction_id, status in found if transaction_id is not None}

    async def mark(self, payment_id: int, status: PaymentStatus, **moments: object) -> None:
        """Set the status, and with it `paid_at`, `refunded_at`, `subscription_id` or `receipt_url`."""
        await self.session.execute(update(Payment).where(Payment.id == payment_id).values(status=status, **moments))
