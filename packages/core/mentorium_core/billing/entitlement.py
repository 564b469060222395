"""The entitlement: giving days of access and taking them back. Its end is always computed from the grants that stand.

All of it happens inside the caller's unit of work, which has locked the parent before (docs/HOW_TO.md, money).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.billing.model import GivenDays, Granted
from mentorium_core.billing.rules import running, stands, stretches
from mentorium_db.models import Subscription
from mentorium_db.repositories import SubscriptionRepository
from mentorium_db.tables.billing import SubscriptionGrant
from mentorium_domain.enums import Currency, EndReason, Tariff

_AS_IT_STOOD = "as it stood before grants were kept"


@dataclass(frozen=True, slots=True)
class Gift:
    """Days to be given: by a payment (`payment_id`, what was paid in minor units) or by an operator, for a reason.

    `request_key` is the idempotency key of whoever gives. `until`: access lasts at least so long.
    """

    tariff: Tariff
    days: int
    reason: str
    granted_by: str
    request_key: str
    payment_id: int | None = None
    amount_minor: int = 0
    currency: Currency = Currency.UZS
    until: datetime | None = None


async def give(
    session: AsyncSession, parent_id: int, gift: Gift, now: datetime, grace: timedelta
) -> tuple[int, Granted]:
    """The subscription that these days went to, and how it stands. It extends max(now, current end).

    IntegrityError where this request or payment has given already: whoever may be repeated asks before.
    """
    subscriptions = SubscriptionRepository(session)
    standing = await subscriptions.active_for_parent(parent_id)
    if standing is not None and not stands(standing.expires_at, now, grace):
        await subscriptions.expire(standing.id)
        standing = None
    extended = standing is not None
    if standing is None:
        standing = await subscriptions.add(
            parent_id,
            tariff=gift.tariff,
            amount_minor=gift.amount_minor,
            currency=gift.currency,
            start=now,
            expires_at=now + timedelta(days=gift.days),
        )
    else:
        await _adopt(subscriptions, standing)
    await subscriptions.add_grant(
        standing.id,
        parent_id,
        tariff=gift.tariff,
        days=gift.days,
        reason=gift.reason,
        granted_by=gift.granted_by,
        now=now,
        request_key=gift.request_key,
        payment_id=gift.payment_id,
        amount_minor=gift.amount_minor,
        currency=gift.currency,
        until=gift.until,
    )
    ends_at = await recompute(session, standing.id, now)
    assert ends_at is not None, "a grant was given"
    return standing.id, Granted(gift.tariff, ends_at, extended)


async def take_back(session: AsyncSession, grant: SubscriptionGrant, because: str, now: datetime) -> datetime | None:
    """Reverse one grant: the new end of access, or None where nothing is left of it. Harmless twice."""
    await SubscriptionRepository(session).reverse_grant(grant.id, because, now)
    return await recompute(session, grant.subscription_id, now)


async def recompute(session: AsyncSession, subscription_id: int, now: datetime) -> datetime | None:
    """Write what the grants that stand make of a subscription: its end, and the tariff and amount of the running one.

    The end; None where no grant stands, and the subscription is cancelled. One that has ended stays as it ended.
    """
    subscriptions = SubscriptionRepository(session)
    found = stretches(given(grant) for grant in await subscriptions.grants_of(subscription_id) if not grant.reversed_at)
    if not found:
        await subscriptions.cancel(subscription_id, EndReason.REFUND)
        return None
    current = running(found, now).grant
    await subscriptions.show(
        subscription_id,
        expires_at=found[-1].end,
        tariff=current.tariff,
        amount_minor=current.amount_minor,
        currency=current.currency,
    )
    return found[-1].end


def given(grant: SubscriptionGrant) -> GivenDays:
    return GivenDays(
        grant_id=grant.id,
        given_at=grant.granted_at,
        tariff=grant.tariff,
        days=grant.days,
        until=grant.until,
        amount_minor=grant.amount_minor,
        currency=grant.currency,
    )


async def _adopt(subscriptions: SubscriptionRepository, standing: Subscription) -> None:
    """A row that was made by hand has no grant: what it says becomes one, so that nothing of it is lost."""
    if await subscriptions.grants_of(standing.id):
        return
    await subscriptions.add_grant(
        standing.id,
        standing.parent_id,
        tariff=standing.tariff,
        days=max(1, (standing.expires_at - standing.start_date).days),
        reason=_AS_IT_STOOD,
        granted_by="mentorium",
        now=standing.start_date,
        request_key=None,
        until=standing.expires_at,
    )
