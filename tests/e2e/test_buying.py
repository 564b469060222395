"""Buying in three languages: a tariff, a way to pay, the till, and what comes of it, by the clock."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from mentorium_sandbox.client import FakeParent, callback_buttons, plain_text
from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.asyncio(loop_scope="session")
TARIFFS = ["tariff:monthly", "tariff:quarterly", "tariff:annual"]
LANGUAGES = ("uz", "ru", "en")


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


@pytest.mark.parametrize(("provider", "language"), [("payme", "uz"), ("click", "ru")])
async def test_declined_at_the_till_then_paid(till: Sandbox, provider: str, language: str) -> None:
    parent = await newcomer(till, language)
    pay = till.pay_at_payme if provider == "payme" else till.pay_at_click
    link = await checkout(parent, provider)
    await pay(link, "decline")
    await pay(link, "ok")
    payments = await till.rows(
        "SELECT status FROM payments y JOIN parents p ON p.id = y.parent_id WHERE p.telegram_id = $1 ORDER BY y.id",
        parent.id,
    )
    assert [row["status"] for row in payments][-1] == "SUCCESS"
    assert set(callback_buttons((await parent.say("/subscription"))[0])) == {*TARIFFS, "renew:on"}


async def test_after_25_hours_the_order_is_over_and_a_new_press_works(till: Sandbox) -> None:
    parent = await newcomer(till, "uz")
    old = await invoice(parent)
    link = await checkout(parent, "payme")
    await till.advance_clock("PT25H")
    late = await parent.pay(old)
    assert late.outcome == "declined"
    assert late.error, "a kind sentence in the pay sheet"
    assert any("error" in str(call["answer"]) for call in await till.pay_at_payme(link))
    assert (await parent.pay(await invoice(parent))).outcome == "paid"


async def test_the_end_is_told_in_time_and_a_tariff_is_bought_by_its_button(till: Sandbox) -> None:
    parent = await newcomer(till, "en")
    assert (await parent.pay(await invoice(parent))).outcome == "paid"

    async def told() -> list[str]:
        rows = await till.rows(
            "SELECT dedup_key FROM notifications WHERE parent_telegram_id = $1 AND notification_type = 'SUBSCRIPTION'"
            " ORDER BY id",
            parent.id,
        )
        return [row["dedup_key"].split(":")[1] for row in rows]

    await till.advance_clock("P27DT1H")
    assert await told() == ["soon"]
    await till.advance_clock("P2D")
    assert await told() == ["soon"]
    await till.advance_clock("P1D")
    assert await told() == ["soon", "ended"]
    await till.advance_clock("P2D")
    assert await told() == ["soon", "ended", "last-day"]
    await till.advance_clock("PT12H")  # it has not come at night
    over = await message_with(parent, "last day")
    assert callback_buttons(over) == TARIFFS
    await till.advance_clock("PT12H")
    assert await told() == ["soon", "ended", "last-day"]
    assert plain_text(await parent.say("How did the week go?")) == plain_text([parent.last[-1]])
    assert callback_buttons(parent.last[-1]) == TARIFFS, "no answer without a subscription"
    await parent.press("tariff:annual", message=over)
    (sent,) = (await parent.press("pay:stars:annual")).replies
    assert (await parent.pay(sent)).outcome == "paid"
