"""From a pressed button to an order and its checkout: which ways of payment are offered, and how each order is paid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiogram import Bot

from mentorium_bot.keyboards.callback_data import PayButton
from mentorium_core.billing.model import OrderView, Price, PriceList
from mentorium_core.billing.orders import CreateOrder
from mentorium_core.billing.providers import TERMS, Checkout, ProviderRegistry, ProviderTerms
from mentorium_core.billing.stars_renewal import end_stars_renewal, get_stars_renewal, resume_stars_renewal
from mentorium_core.identity.model import ParentView
from mentorium_domain.enums import OrderKind, ProviderName, Tariff

RENEWED_BY_STARS: Final = Tariff.MONTHLY
"""Telegram renews every 30 days, and no other period (https://core.telegram.org/bots/api#createinvoicelink)."""
_BY_BUTTON: Final = {terms.button: terms for terms in TERMS.values()}


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to pay a tariff. `renews`: Telegram charges again every 30 days, until that is switched off."""

    terms: ProviderTerms
    price: Price
    renews: bool = False


@dataclass(frozen=True, slots=True)
class OpenedCheckout:
    order: OrderView
    checkout: Checkout
    terms: ProviderTerms


def terms_of(button: PayButton) -> ProviderTerms:
    return _BY_BUTTON[button]


class BillingService:
    """`make_registry` is given where a payer goes back to: the bot's own address, once Telegram has told its name."""

    def __init__(
        self, bot: Bot, make_registry: Callable[[str | None], ProviderRegistry], prices: PriceList | None = None
    ) -> None:
        self._bot = bot
        self._make_registry = make_registry
        self._prices = prices or PriceList()
        self._create_order = CreateOrder(self._prices)
        self._registry: ProviderRegistry | None = None

    async def offers(self, tariff: Tariff, *, is_renewed: bool) -> tuple[Offer, ...]:
        """In the order in which they are shown; a renewal only where none is on yet."""
        offers: list[Offer] = []
        for provider in await self._providers():
            terms, price = provider.terms, self._prices.price(tariff, provider.terms.name)
            offers.append(Offer(terms, price))
            if _can_renew(terms, tariff, price) and not is_renewed:
                offers.append(Offer(terms, price, renews=True))
        return tuple(offers)

    async def check_out(
        self, parent: ParentView, tariff: Tariff, button: PayButton, press: str, *, renews: bool = False
    ) -> OpenedCheckout | None:
        """One order a press, and how it is paid; None where this provider is not offered (any more).

        `press`, the callback query's id, makes the idempotency key: the same press has the same order.
        """
        terms = terms_of(button)
        provider = (await self._providers()).get(terms.name)
        if provider is None:
            return None
        order = await self._create_order(
            parent.parent_id,
            tariff,
            terms.name,
            request_key=f"press:{self._bot.id}:{press}",
            kind=OrderKind.STARS_SUBSCRIPTION if renews else OrderKind.ONE_OFF,
        )
        return OpenedCheckout(order, await provider.checkout(order, parent.language), terms)

    async def _providers(self) -> ProviderRegistry:
        if self._registry is None:
            username = (await self._bot.me()).username
            self._registry = self._make_registry(f"https://t.me/{username}" if username else None)
        return self._registry


def _can_renew(terms: ProviderTerms, tariff: Tariff, price: Price) -> bool:
    stars = terms.name is ProviderName.TELEGRAM_STARS
    return stars and tariff is RENEWED_BY_STARS and price.amount_minor <= terms.most_minor


async def switch_renewal(parent: ParentView, *, is_on: bool) -> datetime | None:
    """Until when it is paid, or when it is charged next; None where there is nothing to switch. Harmless twice.

    Telegram is told of it by a job.
    """
    renewal = await get_stars_renewal(parent.parent_id)
    if renewal is None or (is_on and not (renewal.renews or renewal.may_resume)):
        return None
    switch = resume_stars_renewal if is_on else end_stars_renewal
    return await switch(parent.parent_id)
