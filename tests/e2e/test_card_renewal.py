"""A subscription that a saved card renews, lived through in three languages by the clock of its world."""

from __future__ import annotations

import asyncio

import pytest

from mentorium_sandbox.client import FakeParent, callback_buttons
from tests.e2e.card_page import card_link, give_card, new_card, read_page
from tests.e2e.purchases import of, payments, subscription
from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.asyncio(loop_scope="session")
LANGUAGES = ("uz", "ru", "en")
PRICE = 9_900_000


async def bought(world: Sandbox, language: str) -> FakeParent:
    """A parent who has paid a month at PayMe's till."""
    parent = await world.parent(language)
    await parent.register(await world.child("Aziza", "Karimova"), tariff=None)
    await parent.say("/subscribe")
    await parent.press("tariff:monthly")
    (sent,) = (await parent.press("pay:payme")).replies
    ((button,),) = sent["reply_markup"]["inline_keyboard"]
    await world.call("POST", "payme/pay", {"link": button["url"], "outcome": "ok"})
    await world.advance_clock("PT1M")
    return parent


async def buttons(parent: FakeParent) -> list[str]:
    """Of the whole chat, the newest last."""
    return [button for message in await parent.messages() for button in callback_buttons(message)]


async def ways_out(parent: FakeParent) -> int:
    """How many messages of the chat offer to end the renewal."""
    return (await buttons(parent)).count("renew:off")


async def test_bought_renewed_three_times_by_card_cancelled_and_expired(world: Sandbox) -> None:
    parents = [await bought(world, language) for language in LANGUAGES]
    for parent in parents:
        assert "renew:on:monthly" in await buttons(parent), "offered beside the thanks for the first payment"
        link = await card_link(parent, "renew:on:monthly")
        assert await give_card(world, link, await new_card(world)) == "saved"
        await world.advance_clock("PT1M")
        assert await subscription(world, parent) == ("ACTIVE", True)
        assert (await buttons(parent))[-1] == "renew:off"
    for renewals in (1, 2, 3):
        known = [await ways_out(parent) for parent in parents]
        await world.advance_clock("P27DT12H")  # who is told at night is told at nine
        for parent, before in zip(parents, known, strict=True):
            assert await payments(world, parent) == ["SUCCESS"] * renewals, "told of, and not charged yet"
            assert await ways_out(parent) > before, "told three days before, with a way out"
        await world.advance_clock("P2DT12H")
        for parent in parents:
            assert await payments(world, parent) == ["SUCCESS"] * (1 + renewals)
            assert await subscription(world, parent) == ("ACTIVE", True)
    for parent in parents:
        (shown,) = await parent.say("/subscription")
        assert callback_buttons(shown) == ["renew:off", "renew:on:monthly"]
        await parent.press("renew:off", message=shown)
        assert await subscription(world, parent) == ("ACTIVE", False), "access stays to its paid end"
    await world.advance_clock("P30DT1H")
    await world.advance_clock("P4D")
    for parent in parents:
        assert len(await payments(world, parent)) == 4, "nothing more is charged"
        assert await subscription(world, parent) == ("EXPIRED", False)


async def test_who_has_no_money_is_tried_again_and_a_new_card_pays(world: Sandbox) -> None:
    parent = await bought(world, "ru")
    poor = await new_card(world, balance=100)
    assert await give_card(world, await card_link(parent, "renew:on:monthly"), poor) == "saved"
    await world.advance_clock("P29DT1H")
    assert (await payments(world, parent)).count("SUCCESS") == 1
    await parent.say("/subscription")
    rich = await new_card(world, balance=PRICE)
    assert await give_card(world, await card_link(parent, "renew:on:monthly"), rich) == "saved"
    await world.advance_clock("P3D")
    assert (await payments(world, parent)).count("SUCCESS") == 2
    assert await subscription(world, parent) == ("ACTIVE", True)


async def test_no_log_knows_a_card_and_erase_forgets_it_here_and_at_payme(world: Sandbox) -> None:
    parent = await bought(world, "en")
    card = await new_card(world)
    link = await card_link(parent, "renew:on:monthly")
    assert await give_card(world, link, card) == "saved"
    rows = await of(
        world,
        parent,
        "SELECT x.card_token FROM saved_cards x JOIN parents p ON p.id = x.parent_id WHERE p.telegram_id = $1",
    )
    said = "".join(log.read_text() for log in (world.folder / "logs").glob("*.jsonl"))
    assert "card_page_opened" in said
    for secret in (card.number, rows[0][0], link.rpartition("/")[2]):
        assert secret not in said, "no log of ours knows a card, its token or a link"
    await parent.say("/erase")
    await parent.press("erase:yes")
    await world.advance_clock("PT5M")
    assert await world.rows("SELECT 1 FROM saved_cards WHERE card_token = $1", rows[0][0]) == []
    page = await read_page(world, await card_link(await bought(world, "uz"), "renew:on:monthly"))
    headers = {"X-Auth": f"{page['payme']['merchant']}:{(await world.state())['keys']['payme']}"}
    call = {"id": 1, "method": "cards.check", "params": {"token": rows[0][0]}}
    async with world.http.post(page["payme"]["url"], json=call, headers=headers) as answer:
        assert (await answer.json())["error"]["code"] == -31400, "there is no such card any more"


async def test_an_answer_that_is_lost_and_a_worker_that_is_killed_charge_once(world: Sandbox) -> None:
    parent = await bought(world, "en")
    card = await new_card(world, balance=3 * PRICE)
    assert await give_card(world, await card_link(parent, "renew:on:monthly"), card) == "saved"
    await world.advance_clock("P28DT12H")
    await world.call(
        "POST", "faults", {"target": "payme", "kind": "drop_response", "match": "receipts.pay", "times": 1}
    )
    await world.advance_clock("PT14H")
    assert (await payments(world, parent)).count("SUCCESS") == 2
    await world.advance_clock("P29DT10H")
    await asyncio.gather(
        world.advance_clock("PT14H"), world.call("POST", "parts/worker", {"action": "kill"}), return_exceptions=True
    )
    await world.advance_clock("PT4H")
    assert (await payments(world, parent)).count("SUCCESS") == 3
    orders = await of(
        world,
        parent,
        "SELECT x.status FROM orders x JOIN parents p ON p.id = x.parent_id"
        " WHERE p.telegram_id = $1 AND x.kind = 'card_renewal' AND x.status = 'paid'",
    )
    assert len(orders) == 2
