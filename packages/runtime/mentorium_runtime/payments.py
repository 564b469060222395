"""The payment providers that are offered: those that `PAYMENT_PROVIDERS` names and whose secrets are set."""

from __future__ import annotations

from collections.abc import Iterator

from aiogram import Bot

from mentorium_core.billing.model import PriceList
from mentorium_core.billing.providers import PaymentProvider, ProviderRegistry
from mentorium_domain.enums import Tariff
from mentorium_gateways.payments.click import ClickProvider
from mentorium_gateways.payments.payme import PaymeProvider
from mentorium_gateways.payments.payme_subscribe import PaymeSubscribeApi
from mentorium_gateways.payments.stars import StarsProvider
from mentorium_runtime.settings import PaymentSettings, secret_value


def price_list(settings: PaymentSettings) -> PriceList:
    return PriceList(
        {
            Tariff.MONTHLY: settings.stars_price_monthly,
            Tariff.QUARTERLY: settings.stars_price_quarterly,
            Tariff.ANNUAL: settings.stars_price_annual,
        }
    )


def provider_registry(settings: PaymentSettings, bot: Bot, return_url: str | None = None) -> ProviderRegistry:
    """In the order of `PAYMENT_PROVIDERS`. `return_url`: where a payer goes back to, `https://t.me/<bot>`."""
    return ProviderRegistry(_providers(settings, bot, return_url))


def _providers(settings: PaymentSettings, bot: Bot, return_url: str | None) -> Iterator[PaymentProvider]:
    for name in settings.providers_named:
        if name == "stars":
            yield StarsProvider(bot)
        elif name == "payme" and settings.payme_merchant_id and settings.payme_secret_key:
            yield PaymeProvider(
                settings.payme_merchant_id,
                settings.payme_checkout_url,
                return_url,
                cards=payme_subscribe(settings),
            )
        elif name == "click" and (click := click_provider(settings, return_url)) is not None:
            yield click


def payme_subscribe(settings: PaymentSettings) -> PaymeSubscribeApi | None:
    """Where the cashbox's secrets are set, offered (any more) or not: a card that was saved can be removed."""
    if settings.payme_merchant_id is None or settings.payme_secret_key is None:
        return None
    key = settings.payme_test_key if settings.payme_test_mode and settings.payme_test_key else settings.payme_secret_key
    return PaymeSubscribeApi(settings.payme_api_url, settings.payme_merchant_id, secret_value(key))


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
