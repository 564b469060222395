"""Subscriptions that Telegram renews."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, and_, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.tables.payments import StarsSubscription
from mentorium_domain.enums import StarsRenewal


def renews_after(moment: BindParameter[datetime]) -> ColumnElement[bool]:
    """Whether a subscription has a period that is paid beyond that moment, and Telegram renews it at its end."""
    return and_(StarsSubscription.renewal == StarsRenewal.ACTIVE, StarsSubscription.period_ends_at > moment)


class StarsSubscriptionRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def lock_of_order(self, order_id: int) -> StarsSubscription | None:
        """As stored now, locked until the unit of work ends; its order is locked before."""
        return await self.session.scalar(
            select(StarsSubscription)
            .where(StarsSubscription.order_id == order_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )

    async def get_by_first_charge(self, first_charge_id: str) -> StarsSubscription | None:
        """Unlocked, to be read only."""
        return await self.session.scalar(
            select(StarsSubscription)
            .where(StarsSubscription.first_charge_id == first_charge_id)
            .execution_options(populate_existing=True)
        )

    async def list_of(self, parent_id: int, ends_after: datetime) -> Sequence[StarsSubscription]:
        """Those of a parent whose paid period ends after that, renewed or not; the longest first. Unlocked."""
        found = await self.session.scalars(
            select(StarsSubscription)
            .where(StarsSubscription.parent_id == parent_id, StarsSubscription.period_ends_at > ends_after)
            .order_by(StarsSubscription.period_ends_at.desc(), StarsSubscription.id.desc())
            .execution_options(populate_existing=True)
        )
        return found.all()

    async def list_renewing(self, ends_after: datetime, ends_by: datetime) -> Sequence[StarsSubscription]:
        """Those that Telegram will renew within this time, the first to end first. Unlocked."""
        found = await self.session.scalars(
            select(StarsSubscription)
            .where(
                StarsSubscription.renewal == StarsRenewal.ACTIVE,
                StarsSubscription.period_ends_at > ends_after,
                StarsSubscription.period_ends_at <= ends_by,
            )
            .order_by(StarsSubscription.period_ends_at, StarsSubscription.id)
        )
        return found.all()

    async def orders_not_renewed(self, ended_before: datetime, most: int) -> Sequence[int]:
        """The orders of those that Telegram should have renewed by then; the first to end first. Unlocked."""
        found = await self.session.scalars(
            select(StarsSubscription.order_id)
            .where(StarsSubscription.renewal == StarsRenewal.ACTIVE, StarsSubscription.period_ends_at < ended_before)
            .order_by(StarsSubscription.period_ends_at, StarsSubscription.id)
            .limit(most)
        )
        return found.all()

    async def add(
        self,
        order_id: int,
        parent_id: int,
        *,
        first_charge_id: str,
        renewal: StarsRenewal,
        period_ends_at: datetime,
        now: datetime,
    ) -> StarsSubscription:
        """IntegrityError where the order has one, or the charge has begun another."""
        subscription = StarsSubscription(
            order_id=order_id,
            parent_id=parent_id,
            first_charge_id=first_charge_id,
            renewal=renewal,
            ended_by_us=False,
            period_ends_at=period_ends_at,
            updated_at=now,
        )
        self.session.add(subscription)
        await self.session.flush()
        return subscription

    async def set_renewal(self, subscription_id: int, renewal: StarsRenewal, now: datetime) -> None:
        """As Telegram says. What it renews is no longer ended by us."""
        values: dict[str, object] = {"ended_by_us": False} if renewal is StarsRenewal.ACTIVE else {}
        await self._update(subscription_id, renewal=renewal, updated_at=now, **values)

    async def set_ended_by_us(self, subscription_id: int, now: datetime, *, is_ended: bool) -> None:
        """With the ban goes the renewal; without it, nothing renews before Telegram says so."""
        values: dict[str, object] = {"renewal": StarsRenewal.CANCELLED} if is_ended else {}
        await self._update(subscription_id, ended_by_us=is_ended, updated_at=now, **values)

    async def set_period(self, subscription_id: int, period_ends_at: datetime, now: datetime) -> None:
        await self._update(subscription_id, period_ends_at=period_ends_at, updated_at=now)

    async def exists_any(self) -> bool:
        return bool(await self.session.scalar(select(exists().where(StarsSubscription.id > 0))))

    async def _update(self, subscription_id: int, **values: object) -> None:
        await self.session.execute(
            update(StarsSubscription).where(StarsSubscription.id == subscription_id).values(**values)
        )
