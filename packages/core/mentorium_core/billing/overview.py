"""What /subscription shows: what stands until when, what is charged next, and what was paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from mentorium_core.billing.card_renewal import CardRenewalView, get_card_renewal
from mentorium_core.billing.model import GRACE, CurrentSubscription
from mentorium_core.billing.rules import stands
from mentorium_core.billing.stars_renewal import StarsRenewalView, get_stars_renewal
from mentorium_core.identity.model import ParentView
from mentorium_db import get_session
from mentorium_db.repositories import SubscriptionRepository
from mentorium_db.repositories.billing_overview import BillingOverviewRepository
from mentorium_domain.enums import Currency, PaymentStatus, ProviderName, Tariff

MOST_PAYMENTS: Final = 10


@dataclass(frozen=True, slots=True)
class PaidView:
    """A payment of the history, amounts in minor units. `tariff` is None where its order is not kept."""

    tariff: Tariff | None
    amount_minor: int
    currency: Currency
    provider: ProviderName
    returned: bool
    at: datetime
    receipt_url: str | None


@dataclass(frozen=True, slots=True)
class SubscriptionOverview:
    """`subscription` is None where there is no access; `in_grace`: paid days are over, and access is about to end.

    `renewal`: Telegram's, which may have been switched off; None where it has been paid for no period that runs.
    `card`: the one that is saved for renewals.
    """

    subscription: CurrentSubscription | None
    in_grace: bool
    renewal: StarsRenewalView | None
    card: CardRenewalView | None
    payments: Sequence[PaidView]


@dataclass(frozen=True, slots=True)
class GetSubscriptionOverview:
    """`grace`: how long access outlives what was paid for."""

    grace: timedelta = GRACE

    async def __call__(self, parent: ParentView, now: datetime) -> SubscriptionOverview:
        """At `now`; the newest payments first. UnitOfWorkError inside a unit of work."""
        async with get_session() as session:
            standing = await SubscriptionRepository(session).active_for_parent(parent.parent_id)
            paid = await BillingOverviewRepository(session).payments(parent.parent_id, MOST_PAYMENTS)
            current = None
            if standing is not None and stands(standing.expires_at, now, self.grace):
                ends = standing.expires_at
                current = CurrentSubscription(Tariff(standing.tariff), ends, ends + self.grace)
        return SubscriptionOverview(
            current,
            current is not None and current.expires_at <= now,
            await get_stars_renewal(parent.parent_id),
            await get_card_renewal(parent.parent_id),
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
