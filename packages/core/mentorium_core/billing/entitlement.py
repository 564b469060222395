"""The entitlement: giving days of access and taking them back. Its end is always computed from the grants that stand.

All of it happens inside the caller's unit of work, which has locked the parent before (docs/HOW_TO.md, money).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.billing.model import GivenDays, Granted
from mentorium_core.billing.rules import running, stands, stretches
from mentorium_db.repositories import SubscriptionRepository
from mentorium_db.repositories.settlement import SettlementRepository
from mentorium_db.tables.billing import SubscriptionGrant
from mentorium_db.units import Driver
from mentorium_domain.enums import Currency, EndReason, Tariff
from mentorium_domain.payments import GrantRecord, NewGrant, Shown, StandingRecord

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


async def give(driver: Driver, parent_id: int, gift: Gift, now: datetime, grace: timedelta) -> tuple[int, Granted]:
    """The subscription that these days went to, and how it stands. It extends max(now, current end).

    IntegrityError where this request or payment has given already: whoever may be repeated asks before.
    """
    settlement, new = SettlementRepository(driver), _new_grant(parent_id, gift, now)
    standing = await settlement.standing(parent_id)
    if standing is not None and not stands(standing.expires_at, now, grace):
        await settlement.expire(standing.id)
        standing = None
    grants = await _grants(settlement, parent_id, standing) if standing is not None else ()
    found = stretches((*grants, _given_last(new, grants)))
    current, ends_at = running(found, now).grant, found[-1].end
    shown = Shown(current.tariff, current.amount_minor, current.currency, ends_at)
    if standing is None:
        return await settlement.open(new, shown), Granted(gift.tariff, ends_at, extended=False)
    await settlement.extend(standing.id, new, shown)
    return standing.id, Granted(gift.tariff, ends_at, extended=True)


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


def given(grant: SubscriptionGrant | GrantRecord) -> GivenDays:
    return GivenDays(
        grant_id=grant.id,
        given_at=grant.granted_at,
        tariff=grant.tariff,
        days=grant.days,
        until=grant.until,
        amount_minor=grant.amount_minor,
        currency=grant.currency,
    )


def _new_grant(parent_id: int, gift: Gift, now: datetime) -> NewGrant:
    return NewGrant(
        parent_id=parent_id,
        tariff=gift.tariff,
        days=gift.days,
        reason=gift.reason,
        granted_by=gift.granted_by,
        granted_at=now,
        request_key=gift.request_key,
        payment_id=gift.payment_id,
        amount_minor=gift.amount_minor,
        currency=gift.currency,
        until=gift.until,
    )


def _given_last(new: NewGrant, grants: Sequence[GivenDays]) -> GivenDays:
    """As it will stand once it is stored: behind those that were stored before."""
    last = max((one.grant_id for one in grants), default=0)
    return GivenDays(last + 1, new.granted_at, new.tariff, new.days, new.until, new.amount_minor, new.currency)


async def _grants(settlement: SettlementRepository, parent_id: int, standing: StandingRecord) -> tuple[GivenDays, ...]:
    """Those that stand. A row that was made by hand has none: what it says becomes one, so that nothing is lost."""
    if standing.grants:
        return tuple(given(grant) for grant in standing.grants if grant.reversed_at is None)
    adopted = NewGrant(
        parent_id=parent_id,
        tariff=standing.tariff,
        days=max(1, (standing.expires_at - standing.start_date).days),
        reason=_AS_IT_STOOD,
        granted_by="mentorium",
        granted_at=standing.start_date,
        request_key=None,
        until=standing.expires_at,
    )
    await settlement.add_grant(standing.id, adopted)
    return (_given_last(adopted, ()),)
