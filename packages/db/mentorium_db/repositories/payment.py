"""What parents paid."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.models import Payment
from mentorium_domain.enums import Currency, PaymentProvider, PaymentStatus
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
        parent_id: int,
        *,
        transaction_id: str,
        amount_minor: int,
        currency: Currency,
        provider: PaymentProvider,
        now: datetime,
        subscription_id: int | None = None,
        external_ref: str | None = None,
    ) -> Payment:
        """A PENDING payment; `amount_minor` in tiyin or Stars. IntegrityError if the transaction is known already."""
        payment = Payment(
            parent_id=parent_id,
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
