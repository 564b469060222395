"""Orders. Whoever changes one, or what hangs on it, locks it first: the first lock of all that has to do with money."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.columns import among
from mentorium_db.models import Payment
from mentorium_db.tables.billing import Order
from mentorium_db.tables.payments import ClickTransaction, PaymeTransaction, StarsSubscription
from mentorium_domain.enums import (
    ClickStatus,
    Currency,
    OrderKind,
    OrderStatus,
    PaymentStatus,
    ProviderName,
    StarsRenewal,
    Tariff,
)


class OrderRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(
        self,
        parent_id: int,
        *,
        public_id: str,
        provider: ProviderName,
        kind: OrderKind,
        tariff: Tariff,
        days: int,
        amount_minor: int,
        currency: Currency,
        request_key: str,
        now: datetime,
        expires_at: datetime,
    ) -> Order:
        """A PENDING order; the one that was made on this request before, where there is one. Amounts in minor units."""
        await self.session.execute(
            insert(Order)
            .values(
                public_id=public_id,
                parent_id=parent_id,
                provider=provider,
                kind=kind,
                tariff=tariff,
                days=days,
                amount_minor=amount_minor,
                currency=currency,
                status=OrderStatus.PENDING,
                request_key=request_key,
                created_at=now,
                expires_at=expires_at,
            )
            .on_conflict_do_nothing(index_elements=[Order.request_key])
        )
        return (await self.session.scalars(select(Order).where(Order.request_key == request_key))).one()

    async def get(self, public_id: str) -> Order | None:
        """Unlocked, to be read only."""
        return await self.session.scalar(select(Order).where(Order.public_id == public_id))

    async def get_by_id(self, order_id: int) -> Order | None:
        """Unlocked, to be read only."""
        return await self.session.get(Order, order_id)

    async def lock(self, public_id: str) -> Order | None:
        """As stored now, and locked until the unit of work ends."""
        return await self.session.scalar(
            select(Order)
            .where(Order.public_id == public_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )

    async def lock_by_id(self, order_id: int) -> Order | None:
        """As `lock`."""
        return await self.session.scalar(
            select(Order).where(Order.id == order_id).with_for_update().execution_options(populate_existing=True)
        )

    async def lock_all_of(self, parent_id: int) -> list[Order]:
        """All orders of a parent, locked, always in the order of their ids."""
        found = await self.session.scalars(
            select(Order)
            .where(Order.parent_id == parent_id)
            .order_by(Order.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return list(found)

    async def list_of(self, parent_id: int, limit: int) -> list[Order]:
        """The newest first. Up to half of them are those that a payment was begun for, however many came after."""
        begun = exists().where(Payment.order_id == Order.id)
        newest = select(Order).where(Order.parent_id == parent_id).order_by(Order.id.desc())
        tried = list(await self.session.scalars(newest.where(begun).limit((limit + 1) // 2)))
        others = newest.where(Order.id.not_in([order.id for order in tried])).limit(limit - len(tried))
        return sorted([*tried, *await self.session.scalars(others)], key=lambda order: -order.id)

    async def exists_since(self, provider: ProviderName, moment: datetime) -> bool:
        """Whether any order of this provider was made from then on."""
        found = await self.session.scalar(
            select(exists().where(Order.provider == provider, Order.created_at >= moment))
        )
        return bool(found)

    async def set_status(self, order_id: int, status: OrderStatus, *, paid_at: datetime | None = None) -> None:
        """PAID and REFUNDED keep the moment of payment, which is set with the first `paid_at`."""
        values: dict[str, object] = {"status": status}
        if paid_at is not None:
            values["paid_at"] = paid_at
        await self.session.execute(update(Order).where(Order.id == order_id).values(**values))

    async def set_refundable(self, order_id: int, *, refundable: bool) -> None:
        await self.session.execute(update(Order).where(Order.id == order_id).values(refundable=refundable))

    async def cancel_pending(self, parent_id: int, now: datetime, because: int) -> None:
        """Close a parent's orders that are not paid, and whatever a provider has begun for them; they are locked.

        `because`: the reason that PayMe reads (its list of reasons). What is performed or confirmed stays.
        """
        pending = (
            await self.session.scalars(
                update(Order)
                .where(Order.parent_id == parent_id, Order.status == OrderStatus.PENDING)
                .values(status=OrderStatus.CANCELLED)
                .returning(Order.id)
            )
        ).all()
        await self._give_up(pending, now, because)

    async def close(self, order_id: int, now: datetime, because: int) -> bool:
        """As `cancel_pending`, of one locked order: False where it is not PENDING (any more)."""
        closed = (
            await self.session.scalars(
                update(Order)
                .where(Order.id == order_id, Order.status == OrderStatus.PENDING)
                .values(status=OrderStatus.CANCELLED)
                .returning(Order.id)
            )
        ).all()
        await self._give_up(closed, now, because)
        return bool(closed)

    async def _give_up(self, pending: Sequence[int], now: datetime, because: int) -> None:
        milliseconds = int(now.timestamp() * 1000)
        await self.session.execute(
            update(PaymeTransaction)
            .where(PaymeTransaction.order_id == among(pending), PaymeTransaction.state == 1)
            .values(state=-1, cancel_time=milliseconds, reason=because)
        )
        await self.session.execute(
            update(ClickTransaction)
            .where(ClickTransaction.order_id == among(pending), ClickTransaction.status == ClickStatus.PREPARED)
            .values(status=ClickStatus.CANCELLED, cancelled_at=now)
        )
        await self.session.execute(
            update(Payment)
            .where(
                Payment.order_id == among(pending),
                Payment.status == PaymentStatus.PENDING,
                Payment.provider != ProviderName.TELEGRAM_STARS,  # there it is money on its way back
            )
            .values(status=PaymentStatus.FAILED)
        )

    async def end_stars_renewals(self, parent_id: int, now: datetime) -> list[str]:
        """Telegram is to renew nothing of this parent any more: the first charge ids of what it would have renewed."""
        ended = await self.session.scalars(
            update(StarsSubscription)
            .where(StarsSubscription.parent_id == parent_id, StarsSubscription.renewal == StarsRenewal.ACTIVE)
            .values(renewal=StarsRenewal.CANCELLED, updated_at=now)
            .returning(StarsSubscription.first_charge_id)
        )
        return list(ended)
