"""A subscription that Telegram renews, lived through by three parents in three languages, by the clock of its world."""

from __future__ import annotations

import pytest

from mentorium_sandbox.client import FakeParent, callback_buttons
from tests.e2e.purchases import payments, subscription
from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.asyncio(loop_scope="session")
LANGUAGES = ("uz", "ru", "en")
TARIFFS = ["tariff:monthly", "tariff:quarterly", "tariff:annual"]


async def newcomer(world: Sandbox, language: str) -> FakeParent:
    parent = await world.parent(language)
    await parent.register(await world.child("Aziza", "Karimova"), tariff=None)
    return parent


async def link_to_subscribe(parent: FakeParent) -> str:
    await parent.say("/subscribe")
    await parent.press("tariff:monthly")
    (sent,) = (await parent.press("pay:stars:renew")).replies
    ((button,),) = sent["reply_markup"]["inline_keyboard"]
    return str(button["url"])


async def test_subscribed_renewed_three_times_cancelled_expired_and_bought_again(world: Sandbox) -> None:
    parents = [await newcomer(world, language) for language in LANGUAGES]
    for parent in parents:
        link = await link_to_subscribe(parent)
        assert (await parent.pay(link)).outcome == "paid"
        assert await subscription(world, parent) == ("ACTIVE", True)
    for renewals in (1, 2, 3):
        await world.advance_clock("P30DT1H")
        for parent in parents:
            assert await payments(world, parent) == ["SUCCESS"] * (1 + renewals)
            assert await subscription(world, parent) == ("ACTIVE", True)
    for parent in parents:
        (shown,) = await parent.say("/subscription")
        assert callback_buttons(shown) == ["renew:off"]
        await parent.press("renew:off", message=shown)
        assert await subscription(world, parent) == ("ACTIVE", False), "access stays to its paid end"
    await world.advance_clock("P30DT1H")
    for parent in parents:
        assert len(await payments(world, parent)) == 4, "nothing more is charged"
        assert await subscription(world, parent) == ("ACTIVE", False), "the days of grace"
    await world.advance_clock("P3D")
    for parent in parents:
        assert await subscription(world, parent) == ("EXPIRED", False)
        await parent.say("How did the week go?")
        assert callback_buttons(parent.last[-1]) == TARIFFS
        assert (await parent.pay(await link_to_subscribe(parent))).outcome == "paid"
        assert await subscription(world, parent) == ("ACTIVE", True)


async def test_whose_next_charge_fails_is_told_and_keeps_what_is_paid(world: Sandbox) -> None:
    parent = await newcomer(world, "en")
    paid = await parent.pay(await link_to_subscribe(parent))
    assert paid.charge_id is not None
    await parent.change_star_subscription(paid.charge_id, "fail_next")
    await world.advance_clock("P30DT1H")
    assert await payments(world, parent) == ["SUCCESS"]
    assert await subscription(world, parent) == ("ACTIVE", False)
    told = [message.get("text_plain") or "" for message in await parent.messages()]
    assert any("could not renew" in text for text in told)


async def test_a_refund_by_telegram_takes_back_access_and_a_request_reaches_somebody(world: Sandbox) -> None:
    parent = await newcomer(world, "ru")
    paid = await parent.pay(await link_to_subscribe(parent))
    assert paid.charge_id is not None
    state = await world.state()
    async with world.http.post(
        f"{world.url}/bot{state['keys']['telegram_token']}/refundStarPayment",
        json={"user_id": parent.id, "telegram_payment_charge_id": paid.charge_id},
    ) as answer:
        assert answer.status == 200, await answer.text()
    await world.advance_clock("PT1M")
    assert await payments(world, parent) == ["REFUNDED"]
    assert await subscription(world, parent) == ("CANCELLED", False)
    (told,) = await parent.say("/paysupport")
    assert told["text_plain"]
