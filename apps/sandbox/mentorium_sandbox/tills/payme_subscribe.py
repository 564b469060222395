"""PayMe's Subscribe API over HTTP: cards that are saved, and receipts that are paid with them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiohttp import web

from mentorium_sandbox.tills.payme_cards import SMS_CODE, Binding, Cards
from mentorium_sandbox.tills.payme_receipts import PaymeError, PaymeReceipts
from mentorium_sandbox.tills.payme_till import PaymeTill
from mentorium_sandbox.tills.provider_faults import under_faults

Json = dict[str, Any]
_NO_ACCESS, _BAD_REQUEST, _NO_METHOD, _BAD_PARAMS, _NOT_JSON = -32504, -32600, -32601, -32602, -32700
_BAD_CARD, _CARD_BLOCKED, _NO_CARD, _BAD_TOKEN = -31300, -31301, -31400, -32500
_WRONG_CODE, _TOO_MANY_CODES = -31103, -31102
_MOST_TRIES = 3
_WAIT_MS: Final = 60_000
_MOST_RECEIPTS: Final = 50
_IN_THE_BROWSER: Final = frozenset({"cards.create", "cards.get_verify_code", "cards.verify"})
_CORS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "X-Auth, Content-Type, Cache-Control",
    "Access-Control-Allow-Methods": "POST",
}


class PaymeSubscribe:
    def __init__(self, till: PaymeTill, cards: Cards) -> None:
        self._till = till
        self._cards = cards
        self._receipts = PaymeReceipts(till)
        self._methods: dict[str, Callable[[Json], Awaitable[Json]]] = {
            "cards.create": self._create_card,
            "cards.get_verify_code": self._send_code,
            "cards.verify": self._verify,
            "cards.check": self._check_card,
            "cards.remove": self._remove_card,
            "receipts.create": self._create_receipt,
            "receipts.pay": self._pay,
            "receipts.send": self._send,
            "receipts.cancel": self._cancel,
            "receipts.check": self._check,
            "receipts.get": self._get,
            "receipts.get_all": self._get_all,
            "receipts.set_fiscal_data": self._fiscal_data,
        }

    def routes(self) -> list[web.AbstractRouteDef]:
        """To stand before the till's own, whose links may be anything."""
        return [web.post("/payme/api", self._call), web.options("/payme/api", self._preflight)]

    async def _preflight(self, _: web.Request) -> web.StreamResponse:
        return web.Response(status=204, headers=_CORS)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        try:
            call = json.loads(await request.read())
        except (ValueError, RecursionError):
            call = None
        method = str(call.get("method")) if isinstance(call, dict) else ""

        async def answer() -> web.StreamResponse:
            call_id = call.get("id") if isinstance(call, dict) else None
            told = {"jsonrpc": "2.0", "id": call_id, **await self._answer(request.headers.get("X-Auth", ""), call)}
            return web.json_response(told, headers=_CORS)

        return await under_faults(request, self._till.merchant.faults, "payme", method, answer)

    async def _answer(self, auth: str, call: Any) -> Json:
        try:
            if call is None:
                raise PaymeError(_NOT_JSON, "Parse error")
            if not isinstance(call, dict) or not isinstance(call.get("params"), dict):
                raise PaymeError(_BAD_REQUEST, "Invalid request")
            method = self._methods.get(str(call.get("method")))
            if method is None:
                raise PaymeError(_NO_METHOD, "Method not found", call.get("method"))
            self._authorise(auth, str(call["method"]))
            return {"result": await method(call["params"])}
        except PaymeError as error:
            return {"error": {"code": error.code, "message": error.message, "data": error.data}}

    def _authorise(self, auth: str, method: str) -> None:
        """The merchant's id alone will do for what a browser calls; all else needs the key, too."""
        merchant = self._till.merchant
        allowed = {f"{merchant.payme_id}:{merchant.payme_key}"}
        if method in _IN_THE_BROWSER:
            allowed.add(merchant.payme_id)
        if auth not in allowed:
            raise PaymeError(_NO_ACCESS, "Access denied")

    async def _create_card(self, params: Json) -> Json:
        card = params.get("card")
        if not isinstance(card, dict):
            raise PaymeError(_BAD_PARAMS, "card is missing")
        number, expire = str(card.get("number", "")).replace(" ", ""), str(card.get("expire", "")).replace("/", "")
        found = self._cards.by_number.get(number)
        if found is None or found.expire != expire:
            raise PaymeError(_BAD_CARD, "Card number or expiry is wrong")
        if found.kind in ("expired", "blocked"):
            raise PaymeError(_CARD_BLOCKED, f"The card is {found.kind}")
        return {"card": self._cards.bind(found, recurrent=params.get("save") is True).view()}

    async def _send_code(self, params: Json) -> Json:
        binding = self._binding(params)
        if binding.card.kind == "sms_off":
            raise PaymeError(_CARD_BLOCKED, "The card has no SMS notices")
        binding.wrong_codes = 0
        phone = binding.card.phone
        return {"sent": True, "phone": f"{phone[:5]}*****{phone[-2:]}", "wait": _WAIT_MS}

    async def _verify(self, params: Json) -> Json:
        """The token changes: only the newest is good."""
        binding = self._binding(params)
        if binding.wrong_codes >= _MOST_TRIES:
            raise PaymeError(_TOO_MANY_CODES, "Too many wrong codes")
        if str(params.get("code")) != SMS_CODE:
            binding.wrong_codes += 1
            raise PaymeError(_WRONG_CODE, "The code is wrong")
        self._cards.unbind(binding)
        return {"card": self._cards.bind(binding.card, recurrent=binding.recurrent, verified=True).view()}

    async def _check_card(self, params: Json) -> Json:
        return {"card": self._binding(params).view()}

    async def _remove_card(self, params: Json) -> Json:
        self._cards.unbind(self._binding(params))
        return {"success": True}

    def _binding(self, params: Json) -> Binding:
        token = params.get("token")
        if not isinstance(token, str) or not token:
            raise PaymeError(_BAD_TOKEN, "token is missing")
        found = self._cards.by_token(token)
        if found is None:
            raise PaymeError(_NO_CARD, "Card not found")
        return found

    async def _create_receipt(self, params: Json) -> Json:
        amount, account = params.get("amount"), params.get("account")
        if not isinstance(amount, int) or isinstance(amount, bool) or amount <= 0 or not isinstance(account, dict):
            raise PaymeError(_BAD_PARAMS, "amount is tiyin, account is an object")
        receipt = await self._receipts.create(amount, account, str(params.get("description", "")))
        return {"receipt": receipt.view()}

    async def _pay(self, params: Json) -> Json:
        receipt, binding = self._receipts.find(params.get("id")), self._binding(params)
        if not binding.verified:
            raise PaymeError(_NO_CARD, "The card is not verified")
        return {"receipt": (await self._receipts.pay(receipt, binding)).view()}

    async def _send(self, params: Json) -> Json:
        self._receipts.find(params.get("id"))
        return {"success": True}

    async def _cancel(self, params: Json) -> Json:
        return {"receipt": (await self._receipts.cancel(self._receipts.find(params.get("id")))).view()}

    async def _check(self, params: Json) -> Json:
        return {"state": self._receipts.settle(self._receipts.find(params.get("id"))).state}

    async def _get(self, params: Json) -> Json:
        return {"receipt": self._receipts.settle(self._receipts.find(params.get("id"))).view()}

    async def _get_all(self, params: Json) -> Any:
        numbers = [
            params.get(name, default) for name, default in (("from", 0), ("to", 0), ("count", 50), ("offset", 0))
        ]
        if not all(isinstance(number, int) and number >= 0 for number in numbers) or numbers[2] > _MOST_RECEIPTS:
            raise PaymeError(_BAD_PARAMS, f"from, to and offset are numbers, count is {_MOST_RECEIPTS} at most")
        start, end, count, offset = numbers
        return [self._receipts.settle(each).view() for each in self._receipts.between(start, end)][offset:][:count]

    async def _fiscal_data(self, params: Json) -> Json:
        data = params.get("fiscal_data")
        if not isinstance(data, dict) or not {"receipt_id", "qr_code_url"} <= data.keys():
            raise PaymeError(_BAD_PARAMS, "fiscal_data has receipt_id and qr_code_url")
        self._receipts.find(params.get("id")).transaction.receipts.append(data)
        return {"success": True}
