"""The one contract that every payment provider passes: what a new one lacks is red here."""

from __future__ import annotations

import base64
import inspect
import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import pytest_asyncio
from aiogram import Bot

from mentorium_bot.keyboards.callback_data import PayButton
from mentorium_core.billing.model import TARIFFS, OrderView
from mentorium_core.billing.orders import new_public_id
from mentorium_core.billing.providers import TERMS, InvoiceCheckout, PaymentProvider, ProviderRegistry
from mentorium_core.billing.texts import tariff_text
from mentorium_domain.enums import Language, OrderKind, OrderStatus, ProviderName, Tariff
from mentorium_kit import clock
from mentorium_runtime.payment_settings import PaymentSettings
from mentorium_runtime.payments import price_list, provider_registry, refund_registry

ROOT = Path(__file__).parents[3]
SETTINGS = PaymentSettings.model_validate(
    {
        "payment_providers": ",".join(terms.button for terms in TERMS.values()),
        "payme_merchant_id": "587f72c72cac0d162c722ae2",
        "payme_secret_key": "a key",
        "payme_test_mode": True,
        "click_service_id": 85_335,
        "click_merchant_id": 7,
        "click_merchant_user_id": 8,
        "click_secret_key": "a secret",
    }
)
PRICES = price_list(SETTINGS)


@pytest_asyncio.fixture
async def registry() -> AsyncIterator[ProviderRegistry]:
    bot = Bot("42:the-token-of-the-tests")
    yield provider_registry(SETTINGS, bot, "https://t.me/MentoriumBot")
    await bot.session.close()


def order_of(provider: ProviderName, tariff: Tariff) -> OrderView:
    price = PRICES.price(tariff, provider)
    return OrderView(
        id=1,
        public_id=new_public_id(),
        parent_id=1,
        provider=provider,
        kind=OrderKind.ONE_OFF,
        tariff=tariff,
        days=TARIFFS[tariff].days,
        amount_minor=price.amount_minor,
        currency=price.currency,
        status=OrderStatus.PENDING,
        expires_at=clock.now(),
    )


def said_by(url: str) -> str:
    """Whatever a link says, also where it is written in base64."""
    path = urlsplit(url).path.rpartition("/")[2]
    try:
        return unquote(url) + base64.b64decode(path, validate=True).decode()
    except ValueError:
        return unquote(url)


def offered(registry: ProviderRegistry, name: ProviderName) -> PaymentProvider:
    assert name in TERMS, f"{name} has no row in TERMS of mentorium_core.billing.providers"
    provider = registry.get(name)
    assert provider is not None, (
        f"{name} is not offered: make its adapter in mentorium_runtime.payments, and give SETTINGS of this test values"
        f" for {', '.join(TERMS[name].settings)}"
    )
    return provider


def test_each_has_terms_and_is_offered_where_its_secrets_are_set(registry: ProviderRegistry) -> None:
    for name in ProviderName:
        assert offered(registry, name).terms is TERMS[name]
    assert [provider.terms.name for provider in registry] == list(ProviderName)
    for words in ("label", "button", "title"):
        assert len({getattr(terms, words) for terms in TERMS.values()}) == len(TERMS)


def test_what_was_paid_can_be_given_back_where_it_is_offered_no_more() -> None:
    bot = Bot("42:the-token-of-the-tests")
    no_more = SETTINGS.model_copy(update={"payment_providers": "stars"})
    assert {provider.terms.name for provider in refund_registry(no_more, bot)} == set(ProviderName)
    assert refund_registry(no_more.model_copy(update={"click_secret_key": None}), bot).get(ProviderName.CLICK) is None


def test_without_a_secret_it_is_not_offered() -> None:
    bot = Bot("42:the-token-of-the-tests")
    for terms in TERMS.values():
        for setting in terms.settings:
            poorer = SETTINGS.model_copy(update={setting.lower(): None})
            assert provider_registry(poorer, bot).get(terms.name) is None, setting


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"payment_providers": "stars"}, "990 ⭐"),
        ({"payment_providers": "payme,stars"}, "99,000 UZS"),
        ({"payment_providers": "payme,stars", "payme_secret_key": None}, "990 ⭐"),
        ({"payment_providers": ""}, "99,000 UZS"),
    ],
)
def test_a_tariff_is_named_at_a_price_at_which_it_can_be_paid(changes: dict[str, object], named: str) -> None:
    changed = SETTINGS.model_copy(update=changes)
    assert tariff_text("en", Tariff.MONTHLY, price_list(changed)) == f"1 month – {named}"


@pytest.mark.parametrize("name", ProviderName)
def test_its_settings_are_documented(name: ProviderName) -> None:
    template = (ROOT / ".env.template").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "PAYMENTS.md").read_text(encoding="utf-8")
    assert name in TERMS, f"{name} has no row in TERMS of mentorium_core.billing.providers"
    for setting in TERMS[name].settings:
        assert setting in template, f".env.template does not tell of {setting}"
        assert setting in page, f"docs/PAYMENTS.md does not tell of {setting}"


def test_each_has_a_button_in_the_chat() -> None:
    buttons = {terms.button for terms in TERMS.values()}
    assert buttons == {str(button) for button in PayButton}, "PayButton in the bot's keyboards/callback_data.py"


def test_the_sandbox_plays_each() -> None:
    sandbox = (ROOT / "apps" / "sandbox" / "mentorium_sandbox" / "sandbox.py").read_text(encoding="utf-8")
    (played,) = re.findall(r'"PAYMENT_PROVIDERS", "([a-z,]+)"', sandbox)
    assert set(played.split(",")) == {terms.button for terms in TERMS.values()}


@pytest.mark.parametrize("tariff", Tariff)
@pytest.mark.parametrize("name", ProviderName)
async def test_a_checkout_names_the_order_and_its_whole_price(
    registry: ProviderRegistry, name: ProviderName, tariff: Tariff
) -> None:
    provider = offered(registry, name)
    order = order_of(name, tariff)
    assert order.currency is provider.terms.currency
    assert provider.terms.least_minor <= order.amount_minor <= provider.terms.most_minor
    checkout = await provider.checkout(order, Language.UZ)
    if isinstance(checkout, InvoiceCheckout):
        assert (checkout.payload, checkout.stars) == (order.public_id, order.amount_minor)
        return
    said = said_by(checkout.url)
    assert order.public_id in said
    assert str(order.amount_minor) in said.replace(".", ""), "in minor units, or with its decimals"


@pytest.mark.parametrize("name", ProviderName)
def test_it_does_all_that_the_protocol_asks_for(registry: ProviderRegistry, name: ProviderName) -> None:
    provider = offered(registry, name)
    asked = [word for word in vars(PaymentProvider) if not word.startswith("_") and word != "terms"]
    assert set(asked) == {"checkout", "refund", "status"}
    for word in asked:
        method = getattr(provider, word)
        assert inspect.iscoroutinefunction(method)
        assert "NotImplementedError" not in inspect.getsource(method)
