"""PayMe as a merchant meets it: calls over HTTP, whose answers must be such that PayMe can read them.

It knows nothing of ours: any merchant's address will do (docs/PAYME.md).
"""

from __future__ import annotations

import base64
import itertools
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

LIFE_MS: Final = 43_200_000
NOT_POST, NOT_JSON, BAD_REQUEST, NO_METHOD, BAD_PARAMS = -32300, -32700, -32600, -32601, -32602
NOT_AUTHORISED, WRONG_AMOUNT, NO_TRANSACTION, IMPOSSIBLE, NO_RECEIPT = -32504, -31001, -31003, -31008, -32001
ACCOUNT: Final = range(-31099, -31049)
METHODS: Final = (
    "CheckPerformTransaction",
    "CreateTransaction",
    "PerformTransaction",
    "CancelTransaction",
    "CheckTransaction",
    "GetStatement",
    "SetFiscalData",
)
_numbers = itertools.count(1)


def now_ms() -> int:
    return int(time.time() * 1000)


def new_id() -> str:
    """As PayMe makes them: 24 hexadecimal digits."""
    return secrets.token_hex(12)


@dataclass(frozen=True, slots=True)
class FreshOrder:
    """Not paid yet; the amount in tiyin."""

    order_id: str
    amount: int


@dataclass(frozen=True, slots=True)
class PaymeAnswer:
    """`result`, or else `code`, `message` and `data` of the error."""

    result: Mapping[str, Any] | None
    code: int | None = None
    message: Any = None
    data: Any = None

    @property
    def ok(self) -> Mapping[str, Any]:
        assert self.result is not None, f"an error: {self.code} {self.message}"
        return self.result

    def refused(self, *codes: int | range) -> None:
        """It is one of these errors; of an account's, the payer is told in three languages what is wrong with what."""
        assert self.code is not None, f"no error but {self.result}"
        assert any(self.code in one if isinstance(one, range) else self.code == one for one in codes), self.code
        if self.code in ACCOUNT:
            assert isinstance(self.message, dict), "the message of an account's error is localised"
            assert {"ru", "uz", "en"} <= self.message.keys()
            assert all(isinstance(text, str) and text for text in self.message.values())
            assert isinstance(self.data, str), "data: the field of the account"
            assert self.data


@dataclass(frozen=True, slots=True)
class Merchant:
    """Where a merchant answers PayMe. `field_name`: of its account; `busy`: its code for a second transaction."""

    client: httpx.AsyncClient
    url: str
    key: str = field(repr=False)
    new_order: Callable[[], Awaitable[FreshOrder]]
    login: str = "Paycom"
    field_name: str = "order_id"
    busy: int = IMPOSSIBLE

    async def call(self, method: str, params: object, *, authorization: str | None = None) -> PaymeAnswer:
        """As PayMe sends it: no `jsonrpc`, `text/json`."""
        request_id = next(_numbers)
        answer = await self.post({"method": method, "params": params, "id": request_id}, authorization=authorization)
        return read_answer(answer, request_id)

    async def post(
        self, body: object = None, *, raw: bytes | None = None, authorization: str | None = None, method: str = "POST"
    ) -> httpx.Response:
        headers = {"Content-Type": "text/json; charset=UTF-8"}
        told = basic(self.login, self.key) if authorization is None else authorization
        if told:
            headers["Authorization"] = told
        if raw is not None:
            return await self.client.request(method, self.url, content=raw, headers=headers)
        return await self.client.request(method, self.url, json=body, headers=headers)

    def account(self, order: FreshOrder) -> dict[str, str]:
        return {self.field_name: order.order_id}

    async def check_perform(self, order: FreshOrder, amount: object = None) -> PaymeAnswer:
        told = order.amount if amount is None else amount
        return await self.call("CheckPerformTransaction", {"amount": told, "account": self.account(order)})

    async def create(
        self, order: FreshOrder, payme_id: str, moment: int | None = None, amount: object = None
    ) -> PaymeAnswer:
        """`moment`: PayMe's own time, in milliseconds since 1970."""
        params = {
            "id": payme_id,
            "time": now_ms() if moment is None else moment,
            "amount": order.amount if amount is None else amount,
            "account": self.account(order),
        }
        return await self.call("CreateTransaction", params)

    async def perform(self, payme_id: str) -> PaymeAnswer:
        return await self.call("PerformTransaction", {"id": payme_id})

    async def cancel(self, payme_id: str, reason: int = 3) -> PaymeAnswer:
        return await self.call("CancelTransaction", {"id": payme_id, "reason": reason})

    async def check(self, payme_id: str) -> PaymeAnswer:
        return await self.call("CheckTransaction", {"id": payme_id})

    async def statement(self, since: object, until: object) -> PaymeAnswer:
        return await self.call("GetStatement", {"from": since, "to": until})

    async def created(self, order: FreshOrder | None = None) -> tuple[FreshOrder, str]:
        """An order with a transaction in state 1."""
        order, payme_id = order or await self.new_order(), new_id()
        assert (await self.create(order, payme_id)).ok["state"] == 1
        return order, payme_id

    async def performed(self) -> tuple[FreshOrder, str]:
        """One in state 2."""
        order, payme_id = await self.created()
        assert (await self.perform(payme_id)).ok["state"] == 2
        return order, payme_id


def basic(login: str, key: str) -> str:
    return "Basic " + base64.b64encode(f"{login}:{key}".encode()).decode()


def read_answer(answer: httpx.Response, request_id: object) -> PaymeAnswer:
    """AssertionError where PayMe could not read it: any status but 200 is an error of the transport to it."""
    assert answer.status_code == 200
    assert "json" in answer.headers.get("Content-Type", "")
    said = answer.json()
    assert isinstance(said, dict)
    assert said.get("id") == request_id, "the id of the request is said again"
    result, error = said.get("result"), said.get("error")
    assert (result is None) != (error is None), "either a result or an error"
    if error is None:
        assert isinstance(result, dict)
        return PaymeAnswer(result)
    code = error["code"]
    assert isinstance(code, int)
    assert not isinstance(code, bool)
    assert isinstance(error.get("message"), (str, dict))
    return PaymeAnswer(None, code, error["message"], error.get("data"))
