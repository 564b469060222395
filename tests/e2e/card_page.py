"""The card page driven over HTTP as its own script drives it: the card to PayMe, PayMe's token to us."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import dataclass
from typing import Any

from mentorium_sandbox.client import FakeParent
from tests.e2e.sandbox import Sandbox

_PAGE = re.compile(r'<script type="application/json" id="page">(.*?)</script>', re.DOTALL)
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class FakeCard:
    number: str
    expire: str
    sms_code: str


async def new_card(world: Sandbox, **more: object) -> FakeCard:
    """A card at the sandbox's PayMe; `balance` in tiyin."""
    told = await world.call("POST", "payme/cards", more)
    return FakeCard(told["number"], told["expire"].replace("/", ""), told["sms_code"])


async def card_link(parent: FakeParent, button: str = "renew:on") -> str:
    """The link that this button, on the newest message that has it, is answered with."""
    (offered,) = (await parent.press(button)).replies
    ((open_page,),) = offered["reply_markup"]["inline_keyboard"]
    return str(open_page["url"])


async def read_page(world: Sandbox, link: str) -> dict[str, Any]:
    """What the page tells its script."""
    found = _PAGE.search(await world.get_text(link))
    assert found is not None
    return dict(json.loads(found.group(1)))


async def give_card(world: Sandbox, link: str, card: FakeCard) -> str:
    """Open the page, fill it, type the code of the text message; what the page is answered at its end."""
    page = await read_page(world, link)
    body = {"page": page["token"], "card": await verified_card(world, page, card), "consent": page["consent"]}
    async with world.http.post(page["save"], json=body) as answer:
        return str((await answer.json())["outcome"])


async def verified_card(world: Sandbox, page: dict[str, Any], card: FakeCard) -> str:
    """PayMe's token of the card, whose code was typed in."""
    made = await _payme(world, page, "cards.create", card={"number": card.number, "expire": card.expire}, save=True)
    token = made["card"]["token"]
    assert (await _payme(world, page, "cards.get_verify_code", token=token))["sent"]
    verified = await _payme(world, page, "cards.verify", token=token, code=card.sms_code)
    return str(verified["card"]["token"])


async def _payme(world: Sandbox, page: dict[str, Any], method: str, **params: object) -> dict[str, Any]:
    call = {"id": next(_numbers), "method": method, "params": params}
    headers = {"X-Auth": page["payme"]["merchant"]}
    async with world.http.post(page["payme"]["url"], json=call, headers=headers) as answer:
        told = await answer.json()
    assert "result" in told, told
    return dict(told["result"])
