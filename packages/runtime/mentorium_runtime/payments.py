"""The payment providers that are offered: those that `PAYMENT_PROVIDERS` names and whose secrets are set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aiogram import Bot

from mentorium_core.billing.model import PriceList
from mentorium_core.billing.providers import PaymentProvider, ProviderRegistry
from mentorium_domain.enums import Tariff
from mentorium_gateways.payments.click import ClickProvider
from mentorium_gateways.payments.payme import PaymeProvider
from mentorium_gateways.payments.payme_subscribe import PaymeSubscribeApi
from mentorium_gateways.payments.stars import StarsProvider
from mentorium_runtime.payment_settings import KNOWN_PROVIDERS, PaymentSettings
from mentorium_runtime.settings import secret_value


def price_list(settings: PaymentSettings) -> PriceList:
    named = settings.providers_named
    return PriceList(
        {
            Tariff.MONTHLY: settings.stars_price_monthly,
            Tariff.QUARTERLY: settings.stars_price_quarterly,
            Tariff.ANNUAL: settings.stars_price_annual,
        },
        named_in_stars="stars" in named and all(_paid_in_soums(name, settings) is None for name in named),
    )


def provider_registry(settings: PaymentSettings, bot: Bot, return_url: str | None = None) -> ProviderRegistry:
    """In the order of `PAYMENT_PROVIDERS`. `return_url`: where a payer goes back to, `https://t.me/<bot>`."""
    return ProviderRegistry(_providers(settings, bot, return_url, settings.providers_named))


def refund_registry(settings: PaymentSettings, bot: Bot) -> ProviderRegistry:
    """Those whose secrets are set, offered (any more) or not: what was paid can be given back."""
    return ProviderRegistry(_providers(settings, bot, None, KNOWN_PROVIDERS))


def _providers(
    settings: PaymentSettings, bot: Bot, return_url: str | None, names: Iterable[str]
) -> Iterator[PaymentProvider]:
    for name in names:
        if name == "stars":
            yield StarsProvider(bot)
        elif (provider := _paid_in_soums(name, settings, return_url)) is not None:
            yield provider


def _paid_in_soums(name: str, settings: PaymentSettings, return_url: str | None = None) -> PaymentProvider | None:
    """None for another name, or where its secrets are not set."""
    if name == "payme" and settings.payme_merchant_id and settings.payme_secret_key:
        return PaymeProvider(
            settings.payme_merchant_id, settings.payme_checkout_url, return_url, cards=payme_subscribe(settings)
        )
    return click_provider(settings, return_url) if name == "click" else None


def payme_subscribe(settings: PaymentSettings) -> PaymeSubscribeApi | None:
    """Where the cashbox's secrets are set, offered (any more) or not: a card that was saved can be removed."""
    if settings.payme_merchant_id is None or settings.payme_secret_key is None:
        return None
    key = secret_value(settings.payme_subscribe_key)
    return PaymeSubscribeApi(settings.payme_api_url, settings.payme_merchant_id, key)


def click_provider(settings: PaymentSettings, return_url: str | None = None) -> ClickProvider | None:
    """Where its secrets are set, offered (any more) or not."""
    if (
        settings.click_service_id is None
        or settings.click_merchant_id is None
        or settings.click_merchant_user_id is None
        or settings.click_secret_key is None
    ):
        return None
    return ClickProvider(
        settings.click_service_id,
        settings.click_merchant_id,
        settings.click_merchant_user_id,
        secret_value(settings.click_secret_key),
        pay_url=settings.click_pay_url,
        api_url=settings.click_api_url,
        return_url=return_url,
    )
