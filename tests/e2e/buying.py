"""Parents who buy: at each provider's till, by the buttons that they press."""

from __future__ import annotations

import asyncio
from typing import Any

from mentorium_sandbox.client import FakeParent
from tests.e2e.purchases import subscription
from tests.e2e.sandbox import Sandbox

PROVIDERS = ("stars", "payme", "click")


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


async def at_the_till(till: Sandbox, parent: FakeParent, provider: str, asked: Any, outcome: str) -> None:
    if provider == "stars":
        await parent.pay(asked, *(() if outcome == "ok" else ("cancel",)))
    else:
        await (till.pay_at_payme if provider == "payme" else till.pay_at_click)(asked, outcome)


async def buy(till: Sandbox, parent: FakeParent, provider: str) -> None:
    asked = await (invoice(parent) if provider == "stars" else checkout(parent, provider))
    await at_the_till(till, parent, provider, asked, "ok")
    assert (await subscription(till, parent))[0] == "ACTIVE"
