"""A small merchant that answers PayMe and Click as their documents say: one order may be paid once."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from aiohttp import web

Json = dict[str, Any]
PAYME_KEY, CLICK_SECRET, CLICK_SERVICE = "payme-key", "click-secret", "12345"


@dataclass(slots=True)
class Order:
    tiyin: int
    grants: int = 0
    paid: bool = False
    closed: bool = False


@dataclass(slots=True)
class Shop:
    """`orders` by id; `refused`: how many of the next requests get HTTP 500; `seen`: methods in order.

    `careless`: whoever wants to pay may.
    """

    orders: dict[str, Order] = field(default_factory=dict)
    payme: dict[str, Json] = field(default_factory=dict)
    click: dict[int, Json] = field(default_factory=dict)
    receipts: list[Json] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    refused: int = 0
    careless: bool = False

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/webhooks/payme", self._payme)
        for name in ("prepare", "complete"):
            app.router.add_route("*", f"/webhooks/click/{name}", self._click)
        return app

    async def _payme(self, request: web.Request) -> web.Response:
        call = json.loads(await request.text())
        self.seen.append(call["method"])
        if self.refused:
            self.refused -= 1
            return web.Response(status=500)
        wanted = "Basic " + base64.b64encode(f"Paycom:{PAYME_KEY}".encode()).decode()
        if request.headers.get("Authorization") != wanted:
            told: Json = _error(-32504)
        else:
            told = getattr(self, f"_{call['method']}", lambda _: _error(-32601))(call["params"])
        return web.json_response({"jsonrpc": "2.0", "id": call["id"], **told})

    def _obstacle(self, params: Json) -> Json | None:
        order = self.orders.get(params["account"].get("order_id", ""))
        if self.careless:
            return None
        if order is None:
            return _error(-31050)
        if order.closed or order.paid:
            return _error(-31051)
        return _error(-31001) if order.tiyin != params["amount"] else None

    def _CheckPerformTransaction(self, params: Json) -> Json:  # noqa: N802 - PayMe's names, as below
        return self._obstacle(params) or {"result": {"allow": True}}

    def _CreateTransaction(self, params: Json) -> Json:  # noqa: N802
        if (known := self.payme.get(params["id"])) is not None:
            return _state(known) if known["state"] == 1 else _error(-31008)
        if (obstacle := self._obstacle(params)) is not None:
            return obstacle
        if any(each["state"] == 1 and each["account"] == params["account"] for each in self.payme.values()):
            return _error(-31008)
        made = {
            **params,
            "state": 1,
            "create_time": params["time"],
            "perform_time": 0,
            "cancel_time": 0,
            "reason": None,
        }
        self.payme[params["id"]] = made
        return _state(made)

    def _PerformTransaction(self, params: Json) -> Json:  # noqa: N802
        known = self.payme.get(params["id"])
        if known is None:
            return _error(-31003)
        if known["state"] == 1:
            order = self.orders[known["account"]["order_id"]]
            order.paid, order.grants = True, order.grants + 1
            known |= {"state": 2, "perform_time": 2}
        return _state(known) if known["state"] == 2 else _error(-31008)

    def _CancelTransaction(self, params: Json) -> Json:  # noqa: N802
        known = self.payme.get(params["id"])
        if known is None:
            return _error(-31003)
        if known["state"] > 0:
            order = self.orders[known["account"]["order_id"]]
            if known["state"] == 2:
                order.closed, order.grants = True, order.grants - 1
            known |= {"state": -known["state"], "cancel_time": 3, "reason": params["reason"]}
        return _state(known)

    def _CheckTransaction(self, params: Json) -> Json:  # noqa: N802
        known = self.payme.get(params["id"])
        return _error(-31003) if known is None else _state(known)

    def _SetFiscalData(self, params: Json) -> Json:  # noqa: N802
        self.receipts.append(params)
        return {"result": {"success": True}}

    async def _click(self, request: web.Request) -> web.Response:
        fields = dict(request.query if request.method == "GET" else await request.post())
        name = request.path.rpartition("/")[2]
        self.seen.append(name)
        if self.refused:
            self.refused -= 1
            return web.Response(status=502)
        code, more = self._answer_to_click(name, {key: str(value) for key, value in fields.items()})
        return web.json_response(
            {"click_trans_id": int(str(fields["click_trans_id"])), "error": code, "error_note": "", **more}
        )

    def _answer_to_click(self, name: str, fields: dict[str, str]) -> tuple[int, Json]:
        signed = [fields["click_trans_id"], fields["service_id"], CLICK_SECRET, fields["merchant_trans_id"]]
        signed += [fields["merchant_prepare_id"]] if name == "complete" else []
        signed += [fields["amount"], fields["action"], fields["sign_time"]]
        if hashlib.md5("".join(signed).encode()).hexdigest() != fields["sign_string"]:
            return -1, {}
        order = self.orders.get(fields["merchant_trans_id"])
        if order is None:
            return -5, {}
        return self._prepare(order, fields) if name == "prepare" else self._complete(order, fields)

    def _prepare(self, order: Order, fields: dict[str, str]) -> tuple[int, Json]:
        if order.paid or order.closed:
            return -4, {}
        if _tiyin(fields["amount"]) != order.tiyin:
            return -2, {}
        number = len(self.click) + 1
        self.click[number] = {"state": "prepared", **fields}
        return 0, {"merchant_prepare_id": number}

    def _complete(self, order: Order, fields: dict[str, str]) -> tuple[int, Json]:
        number = int(fields["merchant_prepare_id"])
        known = self.click.get(number)
        if known is None:
            return -6, {}
        if known["state"] == "confirmed":
            return (-9 if int(fields["error"]) < -1 else -4), {}
        if known["state"] == "cancelled" or int(fields["error"]) < 0:
            known["state"] = "cancelled"
            return -9, {}
        if _tiyin(fields["amount"]) != order.tiyin:
            return -2, {}
        known["state"] = "confirmed"
        if not order.paid:
            order.paid, order.grants = True, order.grants + 1
        return 0, {"merchant_confirm_id": number}


def _state(made: Json) -> Json:
    names = ("state", "create_time", "perform_time", "cancel_time", "reason")
    return {"result": {"transaction": "t" + made["id"], **{name: made[name] for name in names}}}


def _error(code: int) -> Json:
    message = dict.fromkeys(("ru", "uz", "en"), f"refused {code}")
    return {"error": {"code": code, "message": message, "data": "order_id"}}


def _tiyin(amount: str) -> int | None:
    try:
        return int(Decimal(amount) * 100)
    except InvalidOperation:
        return None
