"""What /subscription shows: what stands until when, what is charged next, and what was paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from mentorium_core.billing.model import GRACE, CurrentSubscription
from mentorium_core.billing.rules import stands
from mentorium_core.identity.model import ParentView
from mentorium_db import get_session
from mentorium_db.repositories import SubscriptionRepository
from mentorium_db.repositories.billing_overview import BillingOverviewRepository, StarsRenewalRow
from mentorium_domain.enums import Currency, PaymentProvider, PaymentStatus, StarsRenewal, Tariff

MOST_PAYMENTS: Final = 10


@dataclass(frozen=True, slots=True)
class RenewalView:
    """Telegram's renewal in Stars: `next_at` is when so many are charged next, or when the paid period ends."""

    is_on: bool
    next_at: datetime
    stars: int


@dataclass(frozen=True, slots=True)
class PaidView:
    """A payment of the history, amounts in minor units. `tariff` is None where its order is not kept."""

    tariff: Tariff | None
    amount_minor: int
    currency: Currency
    provider: PaymentProvider
    returned: bool
    at: datetime
    receipt_url: str | None


@dataclass(frozen=True, slots=True)
class SubscriptionOverview:
    """`subscription` is None where there is no access; `in_grace`: paid days are over, and access is about to end.

    `renewal`: on, or off and to be switched on again; None where there is none.
    """

    subscription: CurrentSubscription | None
    in_grace: bool
    renewal: RenewalView | None
    payments: Sequence[PaidView]


@dataclass(frozen=True, slots=True)
class GetSubscriptionOverview:
    """`grace`: how long access outlives what was paid for."""

    grace: timedelta = GRACE

    async def __call__(self, parent: ParentView, now: datetime) -> SubscriptionOverview:
        """At `now`; the newest payments first."""
        async with get_session() as session:
            standing = await SubscriptionRepository(session).active_for_parent(parent.parent_id)
            overview = BillingOverviewRepository(session)
            renewals = await overview.stars_renewals(parent.parent_id)
            paid = await overview.payments(parent.parent_id, MOST_PAYMENTS)
            current = None
            if standing is not None and stands(standing.expires_at, now, self.grace):
                current = CurrentSubscription(Tariff(standing.tariff), standing.expires_at)
        return SubscriptionOverview(
            current,
            current is not None and current.expires_at <= now,
            _renewal(renewals, now),
            [
                PaidView(
                    one.tariff,
                    one.amount_minor,
                    one.currency,
                    one.provider,
                    one.status is PaymentStatus.REFUNDED,
                    one.at,
                    one.receipt_url,
                )
                for one in paid
            ],
        )


async def renewal_is_on(parent_id: int) -> bool:
    """Whether Telegram charges this parent again by itself."""
    async with get_session() as session:
        renewals = await BillingOverviewRepository(session).stars_renewals(parent_id)
    return any(one.renewal is StarsRenewal.ACTIVE for one in renewals)


def _renewal(renewals: Sequence[StarsRenewalRow], now: datetime) -> RenewalView | None:
    """The one that is on; else the newest one that may be switched on again, its paid period still running."""
    for one in renewals:
        if one.renewal is StarsRenewal.ACTIVE:
            return RenewalView(True, one.period_ends_at, one.stars)
    for one in renewals:
        if one.renewal is StarsRenewal.CANCELLED and one.period_ends_at > now:
            return RenewalView(False, one.period_ends_at, one.stars)
    return None
