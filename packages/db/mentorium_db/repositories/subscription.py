"""Stretches of access, paid or granted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import CollectionAggregate, Select, exists, func, select, true, update
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from mentorium_db.columns import among
from mentorium_db.models import Learner, Subscription
from mentorium_db.repositories.learner import link_stands
from mentorium_db.tables.billing import SubscriptionGrant
from mentorium_domain.access import LinkedPayer
from mentorium_domain.enums import Currency, EndReason, SubscriptionStatus, Tariff
from mentorium_domain.money import amount

_REQUESTS = 0x4752414E  # sets these advisory locks apart from others


def payers(student_ids: CollectionAggregate[bool]) -> Select[Any]:
    """Whoever may cover these children: guardians and students of all their links, and until when they have paid."""
    their = aliased(Learner)
    links = (
        select(
            func.array_agg(aggregate_order_by(their.guardian_id, their.id)),
            func.array_agg(aggregate_order_by(their.platform_student_id, their.id)),
        )
        .where(their.parent_id == Subscription.parent_id, link_stands(their))
        .lateral("links")
    )
    linked = select(Learner.parent_id).where(Learner.platform_student_id == student_ids, link_stands(Learner))
    return (
        select(links.c[0], links.c[1], Subscription.expires_at)
        .join_from(Subscription, links, true())
        .where(Subscription.parent_id.in_(linked), Subscription.status == SubscriptionStatus.ACTIVE)
        .order_by(Subscription.parent_id)
    )


class SubscriptionRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def active_for_parent(self, parent_id: int) -> Subscription | None:
        """The one whose status is ACTIVE; whether its time has run out is for the caller to say."""
        active = await self.active_for_parents([parent_id])
        return active[0] if active else None

    async def active_for_parents(self, parent_ids: Collection[int]) -> list[Subscription]:
        """At most one a parent."""
        found = await self.session.scalars(
            select(Subscription)
            .where(Subscription.parent_id == among(parent_ids), Subscription.status == SubscriptionStatus.ACTIVE)
            .order_by(Subscription.parent_id)
        )
        return list(found)

    async def payers_of(self, student_ids: Collection[int]) -> list[LinkedPayer]:
        """Whoever may cover these children: every parent linked to one of them, if ACTIVE; with all their links."""
        found = await self.session.execute(payers(among(student_ids)))
        return [LinkedPayer(tuple(zip(row[0], row[1], strict=True)), row[2]) for row in found]

    async def add(
        self,
        parent_id: int,
        *,
        tariff: Tariff,
        amount_minor: int,
        currency: Currency,
        start: datetime,
        expires_at: datetime,
    ) -> Subscription:
        """A new ACTIVE one, made at `start`; `amount_minor` in tiyin or Stars. IntegrityError if there is one."""
        subscription = Subscription(
            parent_id=parent_id,
            tariff=tariff,
            amount=amount(amount_minor, currency),
            amount_minor=amount_minor,
            currency=currency,
            status=SubscriptionStatus.ACTIVE,
            start_date=start,
            expires_at=expires_at,
            auto_renew=False,
            created_at=start,
        )
        self.session.add(subscription)
        await self.session.flush()
        return subscription

    async def show(
        self, subscription_id: int, *, expires_at: datetime, tariff: Tariff, amount_minor: int, currency: Currency
    ) -> None:
        """What its grants make of an ACTIVE subscription; one that has ended stays ended."""
        await self._update_active(
            subscription_id,
            expires_at=expires_at,
            tariff=tariff,
            amount=amount(amount_minor, currency),
            amount_minor=amount_minor,
            currency=currency,
        )

    async def set_auto_renew(self, subscription_id: int, auto_renew: bool) -> None:
        await self._update_active(subscription_id, auto_renew=auto_renew)

    async def expire(self, subscription_id: int) -> None:
        """End an ACTIVE subscription whose time has run out."""
        await self._update_active(subscription_id, status=SubscriptionStatus.EXPIRED, auto_renew=False)

    async def cancel(self, subscription_id: int, because: EndReason) -> None:
        """End an ACTIVE subscription before its time."""
        await self._update_active(
            subscription_id, status=SubscriptionStatus.CANCELLED, end_reason=because, auto_renew=False
        )

    async def list_active_by_end(self, before: datetime, limit: int) -> list[tuple[int, int]]:
        """(subscription, parent) of ACTIVE ones that ended before then, the oldest end first."""
        rows = await self.session.execute(
            select(Subscription.id, Subscription.parent_id)
            .where(Subscription.status == SubscriptionStatus.ACTIVE, Subscription.expires_at <= before)
            .order_by(Subscription.expires_at)
            .limit(limit)
        )
        return [(row[0], row[1]) for row in rows]

    async def grants_of(self, subscription_id: int) -> list[SubscriptionGrant]:
        """All of them, taken back or not, in the order in which they were given."""
        found = await self.session.scalars(
            select(SubscriptionGrant)
            .where(SubscriptionGrant.subscription_id == subscription_id)
            .order_by(SubscriptionGrant.granted_at, SubscriptionGrant.id)
            .execution_options(populate_existing=True)
        )
        return list(found)

    async def grants_of_all(self, subscription_ids: Collection[int]) -> dict[int, list[SubscriptionGrant]]:
        """As `grants_of`, of several; one without grants is left out."""
        found = await self.session.scalars(
            select(SubscriptionGrant)
            .where(SubscriptionGrant.subscription_id == among(subscription_ids))
            .order_by(SubscriptionGrant.granted_at, SubscriptionGrant.id)
        )
        grants: dict[int, list[SubscriptionGrant]] = {}
        for grant in found:
            grants.setdefault(grant.subscription_id, []).append(grant)
        return grants

    async def grant_of_payment(self, payment_id: int) -> SubscriptionGrant | None:
        return await self.session.scalar(select(SubscriptionGrant).where(SubscriptionGrant.payment_id == payment_id))

    async def reverse_grant(self, grant_id: int, because: str, now: datetime) -> None:
        """Take a grant back; harmless twice."""
        await self.session.execute(
            update(SubscriptionGrant)
            .where(SubscriptionGrant.id == grant_id, SubscriptionGrant.reversed_at.is_(None))
            .values(reversed_at=now, reversed_because=because)
        )

    async def add_grant(
        self,
        subscription_id: int,
        parent_id: int,
        *,
        tariff: Tariff,
        days: int,
        reason: str,
        granted_by: str,
        now: datetime,
        request_key: str | None,
        payment_id: int | None = None,
        amount_minor: int = 0,
        currency: Currency = Currency.UZS,
        until: datetime | None = None,
    ) -> SubscriptionGrant:
        """Record who gave these days and why, or which payment did; `amount_minor` in tiyin or Stars.

        IntegrityError if the subscription is not this parent's, or the request is recorded already.
        """
        grant = SubscriptionGrant(
            subscription_id=subscription_id,
            parent_id=parent_id,
            tariff=tariff,
            days=days,
            reason=reason,
            granted_by=granted_by,
            granted_at=now,
            request_key=request_key,
            payment_id=payment_id,
            amount_minor=amount_minor,
            currency=currency,
            until=until,
        )
        self.session.add(grant)
        await self.session.flush()
        return grant

    async def lock_request(self, request_key: str) -> None:
        """Until this unit ends nobody else works on this request; one who does already is waited for."""
        await self.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(request_key, _REQUESTS))))

    async def granted_on_request(self, request_key: str) -> tuple[SubscriptionGrant, Subscription, bool] | None:
        """The grant of this request, its subscription as it is now, and whether that had been granted before."""
        earlier = aliased(SubscriptionGrant)
        extended = exists().where(
            earlier.subscription_id == SubscriptionGrant.subscription_id, earlier.id < SubscriptionGrant.id
        )
        found = await self.session.execute(
            select(SubscriptionGrant, Subscription, extended)
            .join(Subscription, Subscription.id == SubscriptionGrant.subscription_id)
            .where(SubscriptionGrant.request_key == request_key)
        )
        row = found.one_or_none()
        return (row[0], row[1], row[2]) if row is not None else None

    async def _update_active(self, subscription_id: int, **values: object) -> None:
        await self.session.execute(
            update(Subscription)
            .where(Subscription.id == subscription_id, Subscription.status == SubscriptionStatus.ACTIVE)
            .values(**values)
        )
