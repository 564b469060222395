"""Click's Merchant API: what a merchant asks of a payment, gives back, and sends for the fiscal receipt."""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from aiohttp import web

from mentorium_sandbox.control_api import RequestBody
from mentorium_sandbox.tills.click_till import SUCCESSFUL, ClickTill, Payment
from mentorium_sandbox.tills.provider_faults import under_faults

Json = dict[str, Any]
_CLOCKS_APART_S: Final = 600
_TASHKENT: Final = ZoneInfo("Asia/Tashkent")
_ITEM_FIELDS: Final = ("Name", "SPIC", "PackageCode", "Price", "Amount", "VAT", "VATPercent", "CommissionInfo")
_RECEIVED: Final = ("received_ecash", "received_cash", "received_card")
_LONGEST_NAME: Final = 63
_NOTES: Final = {2: "Successful payment", 1: "Processing", 0: "Created"}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _RefusedError(Exception):
    """Answered with this HTTP status and error_code."""

    def __init__(self, status: int, code: int, note: str) -> None:
        super().__init__(note)
        self.status, self.code, self.note = status, code, note


class ClickMerchantApi:
    def __init__(self, till: ClickTill) -> None:
        self._till = till

    def routes(self) -> list[web.AbstractRouteDef]:
        base = "/click/v2/merchant/payment"
        return [
            web.get(f"{base}/status/{{service}}/{{payment}}", self._behind_auth("payment/status", self._status)),
            web.get(
                f"{base}/status_by_mti/{{service}}/{{order}}/{{day}}",
                self._behind_auth("payment/status_by_mti", self._status_by_order),
            ),
            web.delete(
                f"{base}/reversal/{{service}}/{{payment}}", self._behind_auth("payment/reversal", self._reverse)
            ),
            web.post(f"{base}/ofd_data/submit_items", self._behind_auth("payment/ofd_data/submit_items", self._items)),
            web.post(
                f"{base}/ofd_data/submit_qrcode", self._behind_auth("payment/ofd_data/submit_qrcode", self._qr_code)
            ),
            web.get(f"{base}/ofd_data/{{service}}/{{payment}}", self._behind_auth("payment/ofd_data", self._receipt)),
        ]

    def _behind_auth(self, name: str, act: Callable[[web.Request], Awaitable[Json]]) -> Handler:
        async def answer(request: web.Request) -> web.StreamResponse:
            try:
                self._authorise(request)
                return web.json_response({"error_code": 0, "error_note": "Success", **await act(request)})
            except _RefusedError as refused:
                body = {"error_code": refused.code, "error_note": refused.note}
                return web.json_response(body, status=refused.status)

        async def handler(request: web.Request) -> web.StreamResponse:
            return await under_faults(request, self._till.merchant.faults, "click", name, lambda: answer(request))

        return handler

    def _authorise(self, request: web.Request) -> None:
        """`Auth: merchant_user_id:sha1(timestamp + secret):timestamp`. Both the real time and the sandbox's will do."""
        merchant = self._till.merchant
        user, _, rest = request.headers.get("Auth", "").partition(":")
        digest, _, stamp = rest.partition(":")
        right = hashlib.sha1(f"{stamp}{merchant.click_secret}".encode()).hexdigest()
        if user != merchant.click_merchant_user_id or not hmac.compare_digest(digest.encode(), right.encode()):
            raise _RefusedError(401, -401, "Unauthorized")
        clocks = (time.time(), merchant.now().timestamp())
        if not re.fullmatch(r"\d{1,12}", stamp) or min(abs(int(stamp) - now) for now in clocks) > _CLOCKS_APART_S:
            raise _RefusedError(401, -401, "Unauthorized: the timestamp is too old")

    def _payment(self, service: object, payment_id: object) -> Payment:
        if str(service) != self._till.merchant.click_service_id:
            raise _RefusedError(403, -403, "The service belongs to another merchant")
        found = self._till.payments.get(int(str(payment_id))) if re.fullmatch(r"\d{1,18}", str(payment_id)) else None
        if found is None:
            raise _RefusedError(404, -404, "Payment not found")
        return found

    async def _status(self, request: web.Request) -> Json:
        return _told(self._payment(request.match_info["service"], request.match_info["payment"]))

    async def _status_by_order(self, request: web.Request) -> Json:
        """The newest payment of this order on the day (of Tashkent) on which it was made."""
        try:
            day = datetime.strptime(request.match_info["day"], "%Y-%m-%d").date()
        except ValueError:
            raise _RefusedError(400, -400, "The date is YYYY-MM-DD") from None
        found = [
            each
            for each in self._till.payments.values()
            if each.order == request.match_info["order"] and each.created.astimezone(_TASHKENT).date() == day
        ]
        payment = self._payment(request.match_info["service"], found[-1].id if found else "none")
        return {**_told(payment), "merchant_trans_id": payment.order}

    async def _reverse(self, request: web.Request) -> Json:
        payment = self._payment(request.match_info["service"], request.match_info["payment"])
        if payment.status != SUCCESSFUL:
            raise _RefusedError(400, -400, "The payment is not successful, or was reversed before")
        if not self._is_in_reach(payment):
            raise _RefusedError(400, -400, "The payment is of a month that is closed")
        self._till.reverse(payment)
        return {"payment_id": payment.id}

    def _is_in_reach(self, payment: Payment) -> bool:
        """Payments of this month; on its first day also those of the month before."""
        now, made = self._till.merchant.now().astimezone(_TASHKENT), payment.created.astimezone(_TASHKENT)
        months = (now.year - made.year) * 12 + now.month - made.month
        return months == 0 or (months == 1 and now.day == 1)

    async def _items(self, request: web.Request) -> Json:
        body = (await RequestBody.of(request)).fields
        payment = self._payment(body.get("service_id"), body.get("payment_id"))
        items = body.get("items")
        if not isinstance(items, list) or not items:
            raise _RefusedError(400, -400, "items is no list")
        for item in items:
            _refuse_a_wrong_item(item)
        total = int(Decimal(payment.amount) * 100)
        amounts = [body.get(name) or 0 for name in _RECEIVED]
        if not all(isinstance(amount, int) for amount in amounts):
            raise _RefusedError(400, -400, f"{', '.join(_RECEIVED)} are tiyin")
        if sum(item["Price"] for item in items) != total or sum(amounts) != total:
            raise _RefusedError(400, -400, f"items and received_* must each come to {total} tiyin")
        payment.receipt |= {"items": items, **{name: body.get(name) or 0 for name in _RECEIVED}}
        payment.receipt["qrcode"] = f"https://ofd.soliq.uz/epi?t=EP000000000026&r={payment.id % 10**6}&s={payment.id}"
        return {}

    async def _qr_code(self, request: web.Request) -> Json:
        body = (await RequestBody.of(request)).fields
        payment = self._payment(body.get("service_id"), body.get("payment_id"))
        if not isinstance(body.get("qrcode"), str):
            raise _RefusedError(400, -400, "qrcode is missing")
        payment.receipt["qrcode"] = body["qrcode"]
        return {}

    async def _receipt(self, request: web.Request) -> Json:
        payment = self._payment(request.match_info["service"], request.match_info["payment"])
        return {"paymentId": payment.id, "qrCodeURL": payment.receipt.get("qrcode")}


def _refuse_a_wrong_item(item: Any) -> None:
    if not isinstance(item, dict) or any(item.get(name) is None for name in _ITEM_FIELDS):
        raise _RefusedError(400, -400, f"an item has {', '.join(_ITEM_FIELDS)}")
    if not 1 <= len(str(item["Name"])) <= _LONGEST_NAME:
        raise _RefusedError(400, -400, f"Name has 1 to {_LONGEST_NAME} characters")
    if not re.fullmatch(r"\d{17}", str(item["SPIC"])):
        raise _RefusedError(400, -400, "SPIC has 17 digits")
    if not isinstance(item["Price"], int) or not isinstance(item["VAT"], int):
        raise _RefusedError(400, -400, "Price and VAT are tiyin")
    if not isinstance(item["CommissionInfo"], dict) or not {"TIN", "PINFL"} & item["CommissionInfo"].keys():
        raise _RefusedError(400, -400, "CommissionInfo names a TIN or a PINFL")


def _told(payment: Payment) -> Json:
    note = _NOTES.get(payment.status, "The payment was cancelled")
    return {"payment_id": payment.id, "payment_status": payment.status, "payment_status_note": note}
