"""What the tool about prices and the parent's own subscription tells the model: amounts as parents read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mentorium_core.billing.model import CHILDREN_COVERED, TARIFFS, PriceList
from mentorium_core.billing.overview import GetSubscriptionOverview, SubscriptionOverview
from mentorium_core.billing.texts import amount_text, tariff_title
from mentorium_core.identity.model import ParentView
from mentorium_core.mentor.results import Json, compact
from mentorium_domain.enums import Currency, Tariff
from mentorium_domain.money import TIYIN_A_SOUM
from mentorium_kit.clock import local_day

_COMMANDS = {"buy": "/subscribe", "own": "/subscription", "refund_or_help": "/paysupport"}


@dataclass(frozen=True, slots=True)
class SubscriptionFacts:
    """`prices`: at which a tariff can be paid now."""

    get_overview: GetSubscriptionOverview
    prices: PriceList

    async def told(self, parent: ParentView, language: str, now: datetime) -> str:
        """UnavailableError if the bot's database does not answer."""
        return subscription_result(await self.get_overview(parent, now), self.prices, language, now)


def subscription_result(overview: SubscriptionOverview, prices: PriceList, language: str, now: datetime) -> str:
    return compact(
        {
            "tariffs": [_tariff(tariff, prices, language) for tariff in TARIFFS],
            "children_covered": CHILDREN_COVERED,
            "own": _own(overview, language, now),
            "commands": _COMMANDS,
        }
    )


def _tariff(tariff: Tariff, prices: PriceList, language: str) -> Json:
    named = prices.named(tariff)
    return {
        "tariff": tariff_title(language, tariff),
        "days": TARIFFS[tariff].days,
        "price": named.amount_minor if named.currency is Currency.XTR else named.amount_minor // TIYIN_A_SOUM,
        "currency": "stars" if named.currency is Currency.XTR else "soums",
        "price_text": amount_text(language, named.amount_minor, named.currency),
        "saves_percent": prices.saves_percent(tariff),
    }


def _own(overview: SubscriptionOverview, language: str, now: datetime) -> Json | None:
    """`paid_until`: its last day; `renews`: whether the next stretch is charged without the parent doing anything."""
    current = overview.subscription
    if current is None:
        return None
    renews = overview.card is not None and overview.card.next_charge_at is not None
    return {
        "tariff": tariff_title(language, current.tariff),
        "paid_until": local_day(current.expires_at).isoformat(),
        "days_left": max((local_day(current.expires_at) - local_day(now)).days, 0),
        "in_grace": overview.in_grace,
        "renews": renews or (overview.renewal is not None and overview.renewal.renews),
    }
