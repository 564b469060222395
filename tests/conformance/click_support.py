"""Click's side of its SHOP-API, to be played against any merchant over HTTP (https://docs.click.uz).

Ours by default. Another one where the environment names it:

    CONFORMANCE_CLICK_PREPARE_URL, CONFORMANCE_CLICK_COMPLETE_URL   where it takes the two calls
    CONFORMANCE_CLICK_SERVICE_ID, CONFORMANCE_CLICK_KEY             of its service
    CONFORMANCE_CLICK_ORDERS   a command that prints an unpaid order's id and its amount in soums, one line, each time
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import os
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import httpx

BAD_SIGN: Final = "10a250d95b1a6afedcda8360a12a1341"
Fields = Mapping[str, str]
How = Literal["form", "json", "query"]

_numbers = itertools.count(random.SystemRandom().randrange(10**9, 10**12))


@dataclass(frozen=True, slots=True)
class ShopOrder:
    """`amount`: soums, as Click writes them."""

    id: str
    amount: str


@dataclass(slots=True)
class ClickCaller:
    """Calls as Click makes them. `last`: the form of the call before, to be repeated or looked at."""

    client: httpx.AsyncClient
    prepare_url: str
    complete_url: str
    service_id: str
    key: str
    fresh_order: Callable[[], Awaitable[ShopOrder]]
    how: How = "form"
    last: dict[str, str] = field(default_factory=dict)

    async def prepare(
        self, order: str, amount: str, *, error: int = 0, sign: str | None = None, changed: Fields | None = None
    ) -> dict[str, Any]:
        """The answer to a Prepare; `changed` fields are signed as they are."""
        return await self.send("0", self.form(order, amount, "0", error=error, sign=sign, more=changed or {}))

    async def complete(
        self,
        order: str,
        amount: str,
        prepare_id: object,
        *,
        error: int = 0,
        sign: str | None = None,
        changed: Fields | None = None,
    ) -> dict[str, Any]:
        """The answer to a Complete."""
        more = {"merchant_prepare_id": str(prepare_id), **(changed or {})}
        return await self.send("1", self.form(order, amount, "1", error=error, sign=sign, more=more))

    def form(
        self,
        order: str,
        amount: str,
        action: str,
        *,
        error: int = 0,
        sign: str | None = None,
        more: Fields | None = None,
    ) -> dict[str, str]:
        number = str(next(_numbers))
        fields = {
            "click_trans_id": number,
            "service_id": self.service_id,
            "click_paydoc_id": f"1{number}",
            "merchant_trans_id": order,
            "amount": amount,
            "action": action,
            "error": str(error),
            "error_note": "Ok",
            "sign_time": "2026-11-27 10:00:00",
            **(more or {}),
        }
        return {**fields, "sign_string": sign if sign is not None else self.sign(fields)}

    def sign(self, fields: Fields) -> str:
        return signature(fields, self.key)

    async def send(self, action: str, form: Fields) -> dict[str, Any]:
        """One call; what may hold of every answer is looked at here."""
        self.last = dict(form)
        url = self.prepare_url if action == "0" else self.complete_url
        if self.how == "query":
            answer = await self.client.get(url, params=form)
        elif self.how == "json":
            answer = await self.client.post(url, json=dict(form))
        else:
            answer = await self.client.post(url, data=dict(form))
        return readable(answer)


def signature(fields: Fields, key: str) -> str:
    """As Click's documentation says, over the strings that are sent."""
    prepare_id = fields.get("merchant_prepare_id", "") if fields["action"] == "1" else ""
    parts = (
        fields["click_trans_id"] + fields["service_id"] + key + fields["merchant_trans_id"],
        prepare_id + fields["amount"] + fields["action"] + fields["sign_time"],
    )
    return hashlib.md5("".join(parts).encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def readable(answer: httpx.Response) -> dict[str, Any]:
    """What Click reads of an answer: HTTP 200, a JSON object, `error` a number, `error_note` a text, ids as numbers."""
    assert answer.status_code == 200, (answer.status_code, answer.text)
    said = answer.json()
    assert isinstance(said, dict), said
    assert type(said.get("error")) is int, said
    assert said["error"] in range(-9, 1), said
    assert isinstance(said.get("error_note"), str), said
    for name in ("click_trans_id", "merchant_prepare_id", "merchant_confirm_id"):
        assert said.get(name) is None or type(said[name]) is int, said
    assert "no-store" in answer.headers.get("Cache-Control", "no-store"), "an answer about money is kept nowhere"
    return said


def foreign_is_named() -> bool:
    return bool(os.environ.get("CONFORMANCE_CLICK_PREPARE_URL"))


def foreign_merchant(client: httpx.AsyncClient) -> ClickCaller:
    """The merchant that the environment names."""
    command = os.environ["CONFORMANCE_CLICK_ORDERS"]

    async def fresh_order() -> ShopOrder:
        process = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
        printed, _ = await process.communicate()
        order, amount = printed.decode().split()
        return ShopOrder(order, amount)

    return ClickCaller(
        client,
        os.environ["CONFORMANCE_CLICK_PREPARE_URL"],
        os.environ["CONFORMANCE_CLICK_COMPLETE_URL"],
        os.environ["CONFORMANCE_CLICK_SERVICE_ID"],
        os.environ["CONFORMANCE_CLICK_KEY"],
        fresh_order,
    )
