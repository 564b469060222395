"""Refunds that the team asked for, and how far each has come."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, exists, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.models import Payment
from mentorium_db.tables.billing import Refund, SubscriptionGrant
from mentorium_domain.enums import ProviderName, RefundStatus

UNDER_WAY = (RefundStatus.REQUESTED, RefundStatus.UNKNOWN)


class RefundRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def ask(self, payment_id: int, *, reason: str, requested_by: str, now: datetime, again: bool) -> Refund:
        """A REQUESTED refund of a locked payment, or the one that stands; one that failed is asked for `again`."""
        values = {"reason": reason, "requested_by": requested_by, "requested_at": now, "problem": None}
        await self.session.execute(
            insert(Refund)
            .values(payment_id=payment_id, status=RefundStatus.REQUESTED, **values)
            .on_conflict_do_update(
                index_elements=[Refund.payment_id],
                set_={"status": RefundStatus.REQUESTED, **values},
                where=and_(Refund.status == RefundStatus.FAILED, literal(again)),
            )
        )
        return (await self.session.scalars(select(Refund).where(Refund.payment_id == payment_id))).one()

    async def get(self, refund_id: int) -> Refund | None:
        return await self.session.get(Refund, refund_id, populate_existing=True)

    async def mark(
        self, refund_id: int, status: RefundStatus, *, problem: str | None = None, done_at: datetime | None = None
    ) -> None:
        """One that is done stays done."""
        await self.session.execute(
            update(Refund)
            .where(Refund.id == refund_id, Refund.status != RefundStatus.DONE)
            .values(status=status, problem=problem, done_at=done_at)
        )

    async def is_under_way_for(self, parent_id: int) -> bool:
        """Whether a payment of this parent is being given back."""
        found = await self.session.scalar(
            select(
                exists()
                .where(Refund.payment_id == Payment.id, Payment.parent_id == parent_id)
                .where(Refund.status.in_(UNDER_WAY))
            )
        )
        return bool(found)

    async def list_stars_under_way(self, parent_id: int) -> list[str]:
        """Charges of this parent that the team gives back, and Telegram has not given back yet."""
        found = await self.session.scalars(
            select(Payment.transaction_id)
            .join(Refund, Refund.payment_id == Payment.id)
            .where(Payment.parent_id == parent_id, Payment.provider == ProviderName.TELEGRAM_STARS)
            .where(Refund.status.in_(UNDER_WAY), Payment.transaction_id.is_not(None))
        )
        return [str(charge_id) for charge_id in found]

    async def of_payment(self, payment_id: int) -> Refund | None:
        return await self.session.scalar(
            select(Refund).where(Refund.payment_id == payment_id).execution_options(populate_existing=True)
        )

    async def was_given_back_after(self, parent_id: int, moment: datetime) -> bool:
        """Whether money has gone back to this parent from then on, and what it gave was taken back."""
        found = await self.session.scalar(
            select(
                exists()
                .where(SubscriptionGrant.parent_id == parent_id, SubscriptionGrant.payment_id.is_not(None))
                .where(SubscriptionGrant.reversed_at >= moment)
            )
        )
        return bool(found)

    async def was_extended_after(self, parent_id: int, moment: datetime) -> bool:
        """Whether days without payment, given to this parent from then on, stand."""
        found = await self.session.scalar(
            select(
                exists()
                .where(SubscriptionGrant.parent_id == parent_id, SubscriptionGrant.payment_id.is_(None))
                .where(SubscriptionGrant.reversed_at.is_(None), SubscriptionGrant.granted_at >= moment)
            )
        )
        return bool(found)
