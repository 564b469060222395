"""The merchant that the providers know, and the line on which they call it: they repeat until they are answered."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import aiohttp
from aiohttp import web

from mentorium_sandbox.faults import Faults

Json = dict[str, Any]
REQUEST_S: Final = 15.0
PATIENCE_S: Final = 60.0
"""How long a call is repeated that must not be lost; a part that died is back within 30 s."""
_SHORT_PATIENCE_S: Final = 30.0
_FIRST_PAUSE_S: Final = 0.2
_LONGEST_PAUSE_S: Final = 3.0


async def _nobody_orders(_: int, __: str) -> str:
    raise web.HTTPConflict(text="nobody can order here")


@dataclass(frozen=True, slots=True)
class Merchant:
    """What the providers were told of us. `webhook_url` is asked anew each time; `now` is the sandbox's clock.

    `fresh_link`: the pay link of a new order that this user makes in the chat, at a provider.
    """

    now: Callable[[], datetime]
    faults: Faults
    webhook_url: Callable[[], str]
    payme_id: str
    payme_key: str
    click_service_id: str
    click_merchant_id: str
    click_merchant_user_id: str
    click_secret: str
    patience_s: float = PATIENCE_S
    fresh_link: Callable[[int, str], Awaitable[str]] = _nobody_orders

    @property
    def short_patience_s(self) -> float:
        """For a call after which nothing is lost: the payer waits at the till, or it may come another day."""
        return min(self.patience_s, _SHORT_PATIENCE_S)


@dataclass(frozen=True, slots=True)
class Sent:
    """One request and its answer. `status` is None where none came; `lost` is one that came and was not heard."""

    method: str
    request: Any
    status: int | None
    answer: Any
    lost: Json | None = None

    def view(self) -> Json:
        told = {"method": self.method, "request": self.request, "status": self.status, "answer": self.answer}
        return told if self.lost is None else {**told, "lost": self.lost}


Exchange = Callable[[aiohttp.ClientSession], Awaitable[tuple[int, Any]]]


@dataclass(slots=True)
class Line:
    """The calls of one payment, in order."""

    provider: str
    merchant: Merchant
    http: aiohttp.ClientSession
    sent: list[Sent] = field(default_factory=list)

    def views(self) -> list[Json]:
        return [each.view() for each in self.sent]

    async def call(
        self,
        method: str,
        request: Any,
        exchange: Exchange,
        *,
        is_answer: Callable[[int, Any], bool],
        lose: bool = False,
        patience_s: float | None = None,
    ) -> Any | None:
        """The answer, or None; the same request is sent again until `is_answer`, as long as patience lasts.

        `lose`: the first answer does not come through.
        """
        ends = time.monotonic() + (self.merchant.patience_s if patience_s is None else patience_s)
        pause = _FIRST_PAUSE_S
        while True:
            sent = await self._once(method, request, exchange, lose=lose)
            lose = False
            self.sent.append(sent)
            if sent.status is not None and is_answer(sent.status, sent.answer):
                return sent.answer
            if time.monotonic() + pause > ends:
                return None
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_S)

    async def _once(self, method: str, request: Any, exchange: Exchange, *, lose: bool) -> Sent:
        fault = self.merchant.faults.take(self.provider, method)
        kind = fault.kind if fault is not None else None
        if kind in ("down", "timeout"):
            return Sent(method, request, None, None)
        if kind == "slow":
            await asyncio.sleep(self.merchant.faults.slow_s)
        try:
            status, answer = await exchange(self.http)
        except (OSError, TimeoutError, aiohttp.ClientError):
            return Sent(method, request, None, None)
        if lose or kind == "drop_response":
            return Sent(method, request, None, None, {"status": status, "answer": answer})
        return Sent(method, request, status, answer)


def session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=REQUEST_S))


async def read(answer: aiohttp.ClientResponse) -> tuple[int, Any]:
    """Status and body: JSON whatever its type says, else text."""
    raw = await answer.text()
    try:
        return answer.status, json.loads(raw)
    except ValueError:
        return answer.status, raw
