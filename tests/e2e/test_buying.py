"""Buying in three languages: a tariff, a way to pay, the till, and what comes of it, by the clock."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from mentorium_sandbox.client import FakeParent, callback_buttons, plain_text
from tests.e2e.operator_command import mentorium
from tests.e2e.purchases import payments, subscription
from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.asyncio(loop_scope="session")
TARIFFS = ["tariff:monthly", "tariff:quarterly", "tariff:annual"]
LANGUAGES = ("uz", "ru", "en")
PROVIDERS = ("stars", "payme", "click")


@pytest.fixture
def till(moving_world: Sandbox) -> Sandbox:
    return moving_world


async def newcomer(till: Sandbox, language: str) -> FakeParent:
    parent = await till.parent(language)
    await parent.register(await till.child("Aziza", "Karimova"), tariff=None)
    return parent


async def invoice(parent: FakeParent, tariff: str = "monthly") -> Any:
    await parent.say("/subscribe")
    await parent.press(f"tariff:{tariff}")
    (sent,) = (await parent.press(f"pay:stars:{tariff}")).replies
    return sent


async def checkout(parent: FakeParent, provider: str) -> str:
    await parent.say("/subscribe")
    await parent.press("tariff:monthly")
    (sent,) = (await parent.press(f"pay:{provider}:monthly")).replies
    ((button,),) = sent["reply_markup"]["inline_keyboard"]
    return str(button["url"])


async def message_with(parent: FakeParent, words: str) -> Any:
    """A message that the worker sends, as soon as it is there."""
    async with asyncio.timeout(30):
        while True:
            for message in await parent.messages():
                if words in (message.get("text_plain") or ""):
                    return message
            await asyncio.sleep(0.2)


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


async def at_the_till(till: Sandbox, parent: FakeParent, provider: str, asked: Any, outcome: str) -> None:
    if provider == "stars":
        await parent.pay(asked, *(() if outcome == "ok" else ("cancel",)))
    else:
        await (till.pay_at_payme if provider == "payme" else till.pay_at_click)(asked, outcome)


async def order_of(till: Sandbox, parent: FakeParent) -> str:
    """The order paid last."""
    (row,) = await till.rows(
        "SELECT o.public_id FROM orders o JOIN parents p ON p.id = o.parent_id WHERE p.telegram_id = $1"
        " AND o.status = 'paid' ORDER BY o.id DESC LIMIT 1",
        parent.id,
    )
    return str(row["public_id"])


async def buy(till: Sandbox, parent: FakeParent, provider: str) -> None:
    asked = await (invoice(parent) if provider == "stars" else checkout(parent, provider))
    await at_the_till(till, parent, provider, asked, "ok")
    assert (await subscription(till, parent))[0] == "ACTIVE"


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


@pytest.mark.parametrize("provider", PROVIDERS)
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


LAST_DAY = {"uz": "oxirgi kuni", "ru": "последний день", "en": "last day"}


async def test_the_end_is_told_in_time_and_a_tariff_is_bought_by_its_button(till: Sandbox) -> None:
    parents = {
        provider: await newcomer(till, language) for provider, language in zip(PROVIDERS, LANGUAGES, strict=True)
    }
    for provider, parent in parents.items():
        await buy(till, parent, provider)

    async def told() -> list[list[str]]:
        rows = await till.rows(
            "SELECT parent_telegram_id, array_agg(split_part(dedup_key, ':', 2) ORDER BY id) AS ends FROM notifications"
            " WHERE parent_telegram_id = ANY($1) AND notification_type = 'SUBSCRIPTION' GROUP BY 1",
            [parent.id for parent in parents.values()],
        )
        return [list(row["ends"]) for row in rows]

    await till.advance_clock("P27DT1H")
    assert await told() == [["soon"]] * 3
    await till.advance_clock("P2D")
    assert await told() == [["soon"]] * 3
    await till.advance_clock("P1D")
    assert await told() == [["soon", "ended"]] * 3
    await till.advance_clock("P2D")
    assert await told() == [["soon", "ended", "last-day"]] * 3
    await till.advance_clock("PT12H")  # it comes by day
    last = [
        await message_with(parent, LAST_DAY[language])
        for parent, language in zip(parents.values(), LANGUAGES, strict=True)
    ]
    await till.advance_clock("PT12H")
    assert await told() == [["soon", "ended", "last-day"]] * 3
    for (provider, parent), over in zip(parents.items(), last, strict=True):
        assert callback_buttons(over) == TARIFFS
        assert plain_text(await parent.say("How did the week go?")) == plain_text([parent.last[-1]])
        assert callback_buttons(parent.last[-1]) == TARIFFS, "no answer without a subscription"
        await parent.press("tariff:annual", message=over)
        (sent,) = (await parent.press(f"pay:{provider}:annual")).replies
        asked = sent if provider == "stars" else sent["reply_markup"]["inline_keyboard"][0][0]["url"]
        await at_the_till(till, parent, provider, asked, "ok")
        assert (await subscription(till, parent))[0] == "ACTIVE"
