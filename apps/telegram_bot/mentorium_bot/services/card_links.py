"""Links to the page on which a parent gives a card: offered where there is such a page, and something to renew."""

from __future__ import annotations

from dataclasses import dataclass

from mentorium_core.billing.card_page import make_card_link
from mentorium_core.billing.card_renewal import CardRenewalView
from mentorium_core.billing.card_renewal_rules import first_try_at
from mentorium_core.billing.model import PriceList
from mentorium_core.billing.overview import SubscriptionOverview
from mentorium_core.identity.model import ParentView
from mentorium_domain.enums import ProviderName, Tariff
from mentorium_kit import clock


@dataclass(frozen=True, slots=True)
class CardOffer:
    """What would be charged from the day the card is saved; its number is the saved card's, "" where there is none."""

    url: str
    renewal: CardRenewalView


@dataclass(frozen=True, slots=True)
class CardLinks:
    """`page_url`: None where no card can be given."""

    page_url: str | None
    prices: PriceList

    def may_offer(self, overview: SubscriptionOverview) -> bool:
        """Access that stands, and that nobody else renews."""
        renews = overview.renewal is not None and overview.renewal.renews
        return self.page_url is not None and overview.subscription is not None and not renews

    async def offer(self, parent: ParentView, overview: SubscriptionOverview, tariff: Tariff) -> CardOffer | None:
        """A link that opens the page once; None where none is offered. TooManyLinksError."""
        if not self.may_offer(overview) or overview.subscription is None:
            return None
        token = await make_card_link(parent.parent_id, tariff)
        number = overview.card.masked_number if overview.card is not None else ""
        price = self.prices.price(tariff, ProviderName.PAYME).amount_minor
        moment = first_try_at(overview.subscription.expires_at, clock.now())
        return CardOffer(f"{self.page_url}/{token}", CardRenewalView(number, tariff, price, moment))
