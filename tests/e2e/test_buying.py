"""Buying in three languages: a tariff, a way to pay, the till, and what comes of it. How a subscription that nothing
renews ends by the clock is lived through in `test_renewed_months.py`.
"""

from __future__ import annotations

import asyncio

import pytest

from mentorium_sandbox.client import FakeParent, callback_buttons
from tests.e2e.buying import PROVIDERS, at_the_till, buy, checkout, invoice, message_with, newcomer
from tests.e2e.operator_command import mentorium
from tests.e2e.purchases import payments, subscription
from tests.e2e.sandbox import Sandbox
from tests.fixtures.long_form import others_in_soak

TARIFFS = ["tariff:monthly", "tariff:quarterly", "tariff:annual"]
LANGUAGES = ("uz", "ru", "en")


@pytest.fixture
def till(moving_world: Sandbox) -> Sandbox:
    return moving_world


@pytest.mark.parametrize("language", LANGUAGES)
async def test_bought_with_stars_the_answers_open_and_the_message_says_until_when(till: Sandbox, language: str) -> None:
    parent = await newcomer(till, language)
    await parent.say("Hello?")
    assert callback_buttons(parent.last[-1]) == TARIFFS
    asked = await invoice(parent)
    assert (await parent.pay(asked, "cancel")).outcome == "cancelled"
    paid = await parent.pay(asked)
    assert paid.outcome == "paid"
    (subscription,) = await till.rows(
        "SELECT tariff, amount::int, currency, expires_at FROM subscriptions s JOIN parents p ON p.id = s.parent_id"
        " WHERE p.telegram_id = $1 AND s.status = 'ACTIVE'",
        parent.id,
    )
    assert tuple(subscription)[:3] == ("monthly", 990, "XTR")
    told = await message_with(parent, "/subscription")
    assert str(subscription["expires_at"].year) in told["text_plain"]
    (shown,) = await parent.say("/subscription")
    assert "990" in shown["text_plain"]


RECEIVED = {"uz": "Toʻlov qabul qilindi", "ru": "Оплата получена", "en": "Your payment has arrived"}
REFUNDED = {"uz": "Pul qaytarildi", "ru": "Деньги возвращены", "en": "Your money has been returned"}


async def order_of(till: Sandbox, parent: FakeParent) -> str:
    """The order paid last."""
    (row,) = await till.rows(
        "SELECT o.public_id FROM orders o JOIN parents p ON p.id = o.parent_id WHERE p.telegram_id = $1"
        " AND o.status = 'paid' ORDER BY o.id DESC LIMIT 1",
        parent.id,
    )
    return str(row["public_id"])


async def bought_returned_and_bought_again(till: Sandbox, provider: str, language: str) -> None:
    parent = await newcomer(till, language)
    asked = await (invoice(parent) if provider == "stars" else checkout(parent, provider))
    await at_the_till(till, parent, provider, asked, "decline")
    assert "SUCCESS" not in await payments(till, parent)
    await at_the_till(till, parent, provider, asked, "ok")
    assert (await payments(till, parent))[-1] == "SUCCESS"
    assert "/subscription" in (await message_with(parent, RECEIVED[language]))["text_plain"]
    assert set(callback_buttons((await parent.say("/subscription"))[0])) >= set(TARIFFS)
    order = await order_of(till, parent)
    if provider == "payme":
        await till.refund_at_payme(order)
    else:
        assert (await mentorium(till, "refund", order, "--reason", "asked for"))[0] == 0
    assert "/subscribe" in (await message_with(parent, REFUNDED[language]))["text_plain"]
    assert (await subscription(till, parent))[0] == "CANCELLED"
    await buy(till, parent, provider)


@pytest.mark.parametrize("provider", others_in_soak(PROVIDERS, "payme"))
async def test_left_at_the_till_paid_returned_and_bought_again(till: Sandbox, provider: str) -> None:
    await asyncio.gather(*(bought_returned_and_bought_again(till, provider, language) for language in LANGUAGES))


async def test_after_25_hours_the_order_is_over_and_a_new_press_works(till: Sandbox) -> None:
    parents = [await newcomer(till, language) for language in LANGUAGES]
    old = [
        (await invoice(parent), await checkout(parent, "payme"), await checkout(parent, "click")) for parent in parents
    ]
    await till.advance_clock("PT25H")
    for parent, (stars, payme, click) in zip(parents, old, strict=True):
        late = await parent.pay(stars)
        assert late.outcome == "declined"
        assert late.error, "a kind sentence in the pay sheet"
        assert any("error" in str(call["answer"]) for call in await till.pay_at_payme(payme))
        assert any("error" in str(call["answer"]) for call in await till.pay_at_click(click))
        assert await payments(till, parent) == []
        assert (await parent.pay(await invoice(parent))).outcome == "paid"
