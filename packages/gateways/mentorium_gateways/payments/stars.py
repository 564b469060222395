"""Telegram Stars: what we ask Telegram for (https://core.telegram.org/bots/payments-stars)."""

from __future__ import annotations

from typing import Final

from aiogram import Bot
from aiogram.types import LabeledPrice

from mentorium_core.billing.model import OrderView
from mentorium_core.billing.providers import (
    TERMS,
    Checkout,
    InvoiceCheckout,
    LinkCheckout,
    MoneyState,
    ProviderPayment,
    ProviderTerms,
    RefundRefused,
)
from mentorium_core.i18n import t
from mentorium_domain.enums import Currency, Language, OrderKind, PaymentProvider
from mentorium_kit.unit_of_work import refuse_inside

SUBSCRIPTION_PERIOD_S: Final = 2_592_000
"""30 days, the only period that Telegram renews (https://core.telegram.org/bots/api#createinvoicelink)."""


class StarsProvider:
    """An adapter of `PaymentProvider`. The bot's session retries and maps errors."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    @property
    def terms(self) -> ProviderTerms:
        return TERMS[PaymentProvider.TELEGRAM_STARS]

    async def checkout(self, order: OrderView, language: Language) -> Checkout:
        """An invoice for the chat; for a subscription that Telegram renews, the link that opens it."""
        if order.kind is not OrderKind.STARS_SUBSCRIPTION:
            return InvoiceCheckout(payload=order.public_id, stars=order.amount_minor)
        refuse_inside("telegram")
        title = t(language, f"invoice-title-{order.tariff}")
        url = await self._bot.create_invoice_link(
            title=title,
            description=t(language, "invoice-description"),
            payload=order.public_id,
            currency=Currency.XTR,
            prices=[LabeledPrice(label=title, amount=order.amount_minor)],
            subscription_period=SUBSCRIPTION_PERIOD_S,
        )
        return LinkCheckout(url)

    async def refund(self, payment: ProviderPayment) -> RefundRefused | None:
        raise NotImplementedError

    async def status(self, payment: ProviderPayment) -> MoneyState:
        raise NotImplementedError
