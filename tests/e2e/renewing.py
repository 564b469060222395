"""Parents whose subscription renews itself: by a card that is kept at PayMe, or by Telegram in Stars."""

from __future__ import annotations

from mentorium_sandbox.client import FakeParent, callback_buttons
from tests.e2e.buying import newcomer
from tests.e2e.card_page import FakeCard, card_link, give_card
from tests.e2e.sandbox import Sandbox

LANGUAGES = ("uz", "ru", "en")


async def bought_at_payme(world: Sandbox, language: str) -> FakeParent:
    """A parent who has paid a month at PayMe's till."""
    parent = await newcomer(world, language)
    await parent.say("/subscribe")
    await parent.press("tariff:monthly")
    (sent,) = (await parent.press("pay:payme")).replies
    ((button,),) = sent["reply_markup"]["inline_keyboard"]
    await world.call("POST", "payme/pay", {"link": button["url"], "outcome": "ok"})
    await world.advance_clock("PT1M")
    return parent


async def renews_by(world: Sandbox, parent: FakeParent, card: FakeCard) -> None:
    """This card is saved for the renewals, in place of another, if there is one."""
    assert await give_card(world, await card_link(parent, "renew:on:monthly"), card) == "saved"


async def link_to_subscribe(parent: FakeParent) -> str:
    """The invoice of a subscription in Stars."""
    await parent.say("/subscribe")
    await parent.press("tariff:monthly")
    (sent,) = (await parent.press("pay:stars:renew")).replies
    ((button,),) = sent["reply_markup"]["inline_keyboard"]
    return str(button["url"])


async def subscribed_in_stars(parent: FakeParent) -> str:
    """The number of the charge."""
    paid = await parent.pay(await link_to_subscribe(parent))
    assert paid.outcome == "paid"
    assert paid.charge_id is not None
    return paid.charge_id


async def buttons(parent: FakeParent) -> list[str]:
    """Of the whole chat, the newest last."""
    return [button for message in await parent.messages() for button in callback_buttons(message)]


async def ways_out(parent: FakeParent) -> int:
    """How many messages of the chat offer to end the renewal."""
    return (await buttons(parent)).count("renew:off")


async def end_renewal(parent: FakeParent) -> list[str]:
    """By its button at /subscription; the buttons that stand there."""
    (shown,) = await parent.say("/subscription")
    await parent.press("renew:off", message=shown)
    return callback_buttons(shown)
