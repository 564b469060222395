"""Telegram in front of a bot that sells for Stars: a Bot API that is called, and a webhook that is told of payments.

It knows nothing of ours: any bot will do that takes its updates by webhook and calls the Bot API at an address that
can be set (https://core.telegram.org/bots/payments-stars; docs/STARS.md).
"""

from __future__ import annotations

import asyncio
import itertools
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import httpx
from aiohttp import web

from tests.fixtures.bot_api import fields_of

MONTH_S: Final = 2_592_000
CHECKOUT_ANSWERED_WITHIN_S: Final = 10.0
"""After it Telegram takes the payment back by itself (https://core.telegram.org/bots/api#precheckoutquery)."""
DONE_WITHIN_S: Final = 60.0
_REPEATS_AFTER_S: Final = 0.05
_BOT: Final = {"id": 700_000_001, "is_bot": True, "first_name": "Judged", "username": "JudgedBot"}
_update_ids = itertools.count(int(time.time() * 1000))
Json = dict[str, Any]
Kind = Literal["one_off", "subscription", "expired"]


@dataclass(frozen=True, slots=True)
class StarsOrder:
    """What the merchant wants so many Stars for, of this one payer."""

    payload: str
    stars: int
    payer_id: int


@dataclass(frozen=True, slots=True)
class CheckoutAnswer:
    """`problem`: what the payer reads where it is not ok."""

    ok: bool
    problem: str


@dataclass(slots=True)
class BotApi:
    """It takes every method, and remembers who asked for what; a charge is given back once."""

    calls: list[tuple[str, Json]] = field(default_factory=list)
    returned: set[str] = field(default_factory=set)
    answered: dict[str, Json] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def asked(self, method: str, **params: str) -> list[Json]:
        """The calls of this method that had these parameters."""
        return [told for name, told in self.calls if name == method and params.items() <= told.items()]

    async def until(self, condition: Callable[[], bool], within_s: float = DONE_WITHIN_S) -> None:
        """TimeoutError if no call makes it so."""
        async with asyncio.timeout(within_s):
            while not condition():
                self._news.clear()
                await self._news.wait()

    async def take(self, request: web.Request) -> web.Response:
        method, params = request.match_info["method"], await fields_of(request)
        self.calls.append((method, params))
        result, problem = self._result_of(method, params)
        self._news.set()
        if problem:
            return web.json_response({"ok": False, "error_code": 400, "description": problem}, status=400)
        return web.json_response({"ok": True, "result": result})

    def _result_of(self, method: str, params: Json) -> tuple[Any, str]:
        if method == "answerPreCheckoutQuery":
            known = params["pre_checkout_query_id"] in self.answered
            self.answered.setdefault(params["pre_checkout_query_id"], params)
            return True, "Bad Request: query is answered already" if known else ""
        if method == "refundStarPayment":
            known = params["telegram_payment_charge_id"] in self.returned
            self.returned.add(params["telegram_payment_charge_id"])
            return True, "Bad Request: CHARGE_ALREADY_REFUNDED" if known else ""
        return (
            _RESULTS.get(method, _message(params) if "chat_id" in params and method != "sendChatAction" else True),
            "",
        )


_RESULTS: Final[Mapping[str, Any]] = {
    "getMe": _BOT,
    "getWebhookInfo": {"url": "", "has_custom_certificate": False, "pending_update_count": 0},
    "getUpdates": [],
    "getMyCommands": [],
    "getMyStarBalance": {"amount": 0},
    "getStarTransactions": {"transactions": []},
    "createInvoiceLink": "https://t.me/$invoice",
}


def _message(params: Json) -> Json:
    chat = {"id": int(params["chat_id"]), "type": "private", "first_name": "Payer"}
    return {"message_id": next(_update_ids) % 2**31, "date": int(time.time()), "chat": chat, "from": _BOT, "text": "-"}


@asynccontextmanager
async def bot_api(host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[tuple[BotApi, str]]:
    """The Bot API and its address, as long as the block."""
    api, app = BotApi(), web.Application(client_max_size=2**24)
    for prefix in ("", "/test"):
        app.router.add_route("*", f"/bot{{token}}{prefix}/{{method}}", api.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield api, f"http://{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@dataclass(frozen=True, slots=True)
class StarsBot:
    """The bot that is judged. `access_until`: unix seconds until which a payer has access, 0 for none."""

    client: httpx.AsyncClient
    url: str
    secret: str = field(repr=False)
    api: BotApi
    new_order: Callable[[Kind], Awaitable[StarsOrder]]
    access_until: Callable[[int], Awaitable[int]]

    async def post(self, update: Json, *, secret: str | None = None) -> httpx.Response:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret if secret is None else secret}
        return await self.client.post(self.url, json=update, headers=headers)

    async def deliver(self, update: Json) -> None:
        """As Telegram does it: again and again until it is taken."""
        async with asyncio.timeout(DONE_WITHIN_S):
            while True:
                try:
                    if (await self.post(update)).is_success:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(_REPEATS_AFTER_S)

    async def checkout(
        self,
        order: StarsOrder,
        *,
        payer_id: int | None = None,
        within_s: float = CHECKOUT_ANSWERED_WITHIN_S,
        **more: Any,
    ) -> CheckoutAnswer:
        """Somebody is about to pay. TimeoutError where it is not answered in time."""
        query_id = str(secrets.randbits(62))
        await self.deliver(asked(order, query_id, payer_id=payer_id, **more))
        await self.api.until(lambda: query_id in self.api.answered, within_s)
        return read_answer(self.api.answered[query_id])

    async def pay(self, order: StarsOrder, charge_id: str | None = None, **more: Any) -> str:
        """The Stars have been taken; the charge's id."""
        charge_id = charge_id or new_charge_id()
        await self.deliver(told_of_payment(order, charge_id, **more))
        return charge_id

    async def give_back(self, order: StarsOrder, charge_id: str, **more: Any) -> None:
        """Telegram tells that the Stars have gone back."""
        await self.deliver(told("refunded_payment", order, charge_id, **more))

    async def renewal_is(self, order: StarsOrder, state: str) -> None:
        """The payer has ended or resumed a subscription in Telegram, or could not pay."""
        news = {"user": person(order.payer_id), "invoice_payload": order.payload, "state": state}
        await self.deliver(numbered(subscription=news))

    async def until_access(self, payer_id: int, condition: Callable[[int], bool]) -> int:
        """Until when the payer has access, once that is so; AssertionError with what it stays at instead."""
        found = await self.access_until(payer_id)
        try:
            async with asyncio.timeout(DONE_WITHIN_S):
                while not condition(found):
                    await asyncio.sleep(_REPEATS_AFTER_S)
                    found = await self.access_until(payer_id)
        except TimeoutError:
            raise AssertionError(f"access until {found}, {found - time.time():.0f} s from now") from None
        return found

    async def handled(self, payer_id: int) -> None:
        """A bot keeps the order in which a chat's updates came: what came before this question is done."""
        await self.checkout(StarsOrder("no such order", 1, payer_id))


def read_answer(params: Json) -> CheckoutAnswer:
    """AssertionError where Telegram could not read it, or a payer would not know why."""
    assert params["ok"].lower() in {"true", "false"}, params
    ok, problem = params["ok"].lower() == "true", params.get("error_message", "")
    assert ok or problem.strip(), "a refusal says why, in words"
    return CheckoutAnswer(ok, problem)


def new_charge_id() -> str:
    return f"stx{secrets.token_urlsafe(60)}"


def person(user_id: int, language: str = "en") -> Json:
    return {"id": user_id, "is_bot": False, "first_name": "Payer", "language_code": language}


def numbered(**content: Any) -> Json:
    return {"update_id": next(_update_ids), **content}


def asked(order: StarsOrder, query_id: str, *, payer_id: int | None = None, **more: Any) -> Json:
    """The update with the question whether this may be paid."""
    what = {"currency": "XTR", "total_amount": order.stars, "invoice_payload": order.payload, **more}
    return numbered(pre_checkout_query={"id": query_id, "from": person(payer_id or order.payer_id), **what})


def told(what: str, order: StarsOrder, charge_id: str, *, payer_id: int | None = None, **more: Any) -> Json:
    """The update with a message that has `successful_payment` or `refunded_payment`."""
    payer = person(payer_id or order.payer_id)
    paid = {
        "currency": "XTR",
        "total_amount": order.stars,
        "invoice_payload": order.payload,
        "telegram_payment_charge_id": charge_id,
        "provider_payment_charge_id": "",
        **more,
    }
    chat = {"id": payer["id"], "type": "private", "first_name": "Payer"}
    return numbered(message={"message_id": 11, "date": int(time.time()), "from": payer, "chat": chat, what: paid})


def told_of_payment(order: StarsOrder, charge_id: str, **more: Any) -> Json:
    return told("successful_payment", order, charge_id, **more)


def period(number: int, began: int) -> Json:
    """What Telegram adds to the charge of this period of a subscription; 1 is the first."""
    first = {"is_first_recurring": True} if number == 1 else {}
    return {"subscription_expiration_date": began + number * MONTH_S, "is_recurring": True, **first}
