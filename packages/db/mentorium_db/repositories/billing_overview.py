"""What a parent is shown of their money: read only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.models import Payment
from mentorium_db.tables.billing import Order
from mentorium_domain.enums import Currency, PaymentStatus, ProviderName, Tariff

_MONEY_MOVED = (PaymentStatus.SUCCESS, PaymentStatus.REFUNDED)


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """`tariff` is None for a payment of before orders were kept; amounts in minor units."""

    tariff: Tariff | None
    amount_minor: int
    currency: Currency
    provider: ProviderName
    status: PaymentStatus
    at: datetime
    receipt_url: str | None


class BillingOverviewRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def payments(self, parent_id: int, limit: int) -> Sequence[PaymentRow]:
        """Those with which money has moved, the newest first."""
        at = func.coalesce(Payment.paid_at, Payment.created_at)
        rows = await self.session.execute(
            select(
                Order.tariff,
                Payment.amount_minor,
                Payment.currency,
                Payment.provider,
                Payment.status,
                at,
                Payment.receipt_url,
            )
            .outerjoin(Order, Order.id == Payment.order_id)
            .where(Payment.parent_id == parent_id, Payment.status.in_(_MONEY_MOVED))
            .order_by(at.desc(), Payment.id.desc())
            .limit(limit)
        )
        return [PaymentRow(*row) for row in rows]
