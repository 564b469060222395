"""Click's server: it prepares a payment at the merchant, debits the payer, and completes it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import aiohttp

from mentorium_sandbox.tills.click_link import ClickLink
from mentorium_sandbox.tills.merchant import Line, Merchant, read, session
from mentorium_sandbox.tills.payme_link import BadLinkError

Json = dict[str, Any]
OUTCOMES: Final = ("ok", "decline", "twice", "lost_answer", "cancel_after", "timeout")
HTTP_METHODS: Final = ("POST", "GET")
NO_MONEY: Final = -5017
_UPDATE_FAILED: Final = -7
_CONFIRMED, _CANCELED = (0, -4), -9
CREATED, PROCESSING, SUCCESSFUL, FAILED, REVERSED = 0, 1, 2, -1, -9
_LIFE: Final = timedelta(hours=1)
_TASHKENT: Final = ZoneInfo("Asia/Tashkent")


@dataclass(slots=True)
class Payment:
    """As Click keeps it. `id` is the click_paydoc_id, `trans_id` that of the attempt; `status` as its API tells it.

    `manual`: debited, and the merchant's answer was none that Click knows what to do with.
    """

    id: int
    trans_id: int
    order: str
    amount: str
    created: datetime
    status: int = CREATED
    prepare_id: int | None = None
    message: str | None = None
    manual: bool = False
    receipt: Json = field(default_factory=dict)

    def view(self) -> Json:
        return {
            "payment_id": self.id,
            "click_trans_id": self.trans_id,
            "merchant_trans_id": self.order,
            "amount": self.amount,
            "payment_status": self.status,
            "manual": self.manual,
            "receipt": self.receipt,
        }


class ClickTill:
    """Each act gives the calls that were made."""

    def __init__(self, merchant: Merchant) -> None:
        self.merchant = merchant
        self.payments: dict[int, Payment] = {}
        self._outcomes: dict[str, Callable[[ClickLine, ClickLink], Awaitable[Payment]]] = {
            "ok": self._ok,
            "decline": self._decline,
            "twice": self._twice,
            "lost_answer": self._lost_answer,
            "cancel_after": self._cancel_after,
            "timeout": self._timeout,
        }

    async def pay(self, link: ClickLink, outcome: str, http_method: str = "POST") -> tuple[Payment, list[Json]]:
        """Raises BadLinkError for a service that Click does not know."""
        if (link.service_id, link.merchant_id) != (self.merchant.click_service_id, self.merchant.click_merchant_id):
            raise BadLinkError("Click knows no service of this link's service_id and merchant_id")
        async with session() as http:
            line = ClickLine(Line("click", self.merchant, http), http_method)
            payment = await self._outcomes[outcome](line, link)
            return payment, line.line.views()

    def next_due(self) -> datetime | None:
        """When Click gives the oldest open payment up, aware."""
        opened = [each.created for each in self.payments.values() if each.status == PROCESSING]
        return min(opened) + _LIFE if opened else None

    async def give_up_old(self) -> None:
        """Cancel what was prepared an hour ago and never paid."""
        now = self.merchant.now()
        old = [each for each in self.payments.values() if each.status == PROCESSING and each.created + _LIFE <= now]
        if not old:
            return
        async with session() as http:
            line = ClickLine(Line("click", self.merchant, http))
            for each in old:
                await self._complete(line, each, NO_MONEY, patience_s=self.merchant.short_patience_s)
                each.status = FAILED

    def reverse(self, payment: Payment) -> None:
        """The merchant has given the whole sum back by its API."""
        payment.status = REVERSED

    def _open(self, link: ClickLink) -> Payment:
        paydoc_id, trans_id = 10**9 + secrets.randbelow(10**9), 3 * 10**9 + secrets.randbelow(10**9)
        payment = Payment(paydoc_id, trans_id, link.order, link.amount, self.merchant.now())
        self.payments[payment.id] = payment
        return payment

    async def _prepare(self, line: ClickLine, payment: Payment, *, lose: bool = False) -> bool:
        fields = self._fields(payment, action=0)
        answer = await line.send("prepare", fields, lose=lose, patience_s=self.merchant.short_patience_s)
        prepare_id = (answer or {}).get("merchant_prepare_id")
        if answer is None or answer["error"] != 0 or not isinstance(prepare_id, int):
            payment.status, payment.message = FAILED, _note(answer)
            return False
        payment.status, payment.prepare_id = PROCESSING, prepare_id
        return True

    async def _complete(
        self,
        line: ClickLine,
        payment: Payment,
        error: int = 0,
        *,
        lose: bool = False,
        patience_s: float | None = None,
    ) -> None:
        """`error` 0: the payer was debited; below: the payment has come to nothing, or is taken back."""
        fields = self._fields(payment, action=1, error=error)
        answer = await line.send("complete", fields, lose=lose, patience_s=patience_s)
        code = answer["error"] if answer is not None else None
        if error < 0:
            payment.status = FAILED if payment.status != SUCCESSFUL or code == _CANCELED else SUCCESSFUL
        elif code in _CONFIRMED:
            payment.status = SUCCESSFUL
        elif code == _CANCELED:
            payment.status, payment.message = FAILED, _note(answer)
        else:
            payment.manual, payment.message = True, _note(answer)

    def _fields(self, payment: Payment, *, action: int, error: int = 0) -> dict[str, str]:
        merchant = self.merchant
        prepare = {"merchant_prepare_id": str(payment.prepare_id)} if action else {}
        fields = {
            "click_trans_id": str(payment.trans_id),
            "service_id": merchant.click_service_id,
            "click_paydoc_id": str(payment.id),
            "merchant_trans_id": payment.order,
            **prepare,
            "amount": payment.amount,
            "action": str(action),
            "error": str(error),
            "error_note": "Success" if error == 0 else "Insufficient funds",
            "sign_time": merchant.now().astimezone(_TASHKENT).strftime("%Y-%m-%d %H:%M:%S"),
        }
        return {**fields, "sign_string": signature(fields, merchant.click_secret)}

    async def _ok(self, line: ClickLine, link: ClickLink) -> Payment:
        payment = self._open(link)
        if await self._prepare(line, payment):
            await self._complete(line, payment)
        return payment

    async def _decline(self, line: ClickLine, link: ClickLink) -> Payment:
        """The payer has no money."""
        payment = self._open(link)
        if await self._prepare(line, payment):
            await self._complete(line, payment, NO_MONEY)
        return payment

    async def _twice(self, line: ClickLine, link: ClickLink) -> Payment:
        """The till is open in two windows and both debit; the first is completed twice."""
        first, second = self._open(link), self._open(link)
        prepared = [await self._prepare(line, each) for each in (first, second)]
        if prepared[0]:
            await self._complete(line, first)
            await self._complete(line, first)
        if prepared[1]:
            await self._complete(line, second)
        return first

    async def _lost_answer(self, line: ClickLine, link: ClickLink) -> Payment:
        payment = self._open(link)
        if await self._prepare(line, payment, lose=True):
            await self._complete(line, payment, lose=True)
        return payment

    async def _cancel_after(self, line: ClickLine, link: ClickLink) -> Payment:
        """Click itself takes back what it has completed."""
        payment = await self._ok(line, link)
        if payment.status == SUCCESSFUL:
            await self._complete(line, payment, NO_MONEY)
        return payment

    async def _timeout(self, line: ClickLine, link: ClickLink) -> Payment:
        """The payer walks away; Click gives it up after an hour of the sandbox's clock."""
        payment = self._open(link)
        await self._prepare(line, payment)
        return payment


@dataclass(slots=True)
class ClickLine:
    """How Click speaks: a form by POST, or the same names in the query by GET."""

    line: Line
    http_method: str = "POST"

    async def send(
        self, name: str, fields: dict[str, str], *, lose: bool = False, patience_s: float | None = None
    ) -> Json | None:
        """The answer, or None; the same is sent again after silence and after -7."""

        async def exchange(http: aiohttp.ClientSession) -> tuple[int, Any]:
            url = f"{self.line.merchant.webhook_url()}/webhooks/click/{name}"
            place = {"params": fields} if self.http_method == "GET" else {"data": fields}
            async with http.request(self.http_method, url, **place) as answer:  # type: ignore[arg-type]
                return await read(answer)

        answer = await self.line.call(name, fields, exchange, is_answer=_is_answer, lose=lose, patience_s=patience_s)
        return answer if isinstance(answer, dict) else None


def signature(fields: dict[str, str], secret: str) -> str:
    """The md5 of the request's own strings, without anything between them."""
    parts = [fields["click_trans_id"], fields["service_id"], secret, fields["merchant_trans_id"]]
    parts += [fields["merchant_prepare_id"]] if fields["action"] == "1" else []
    parts += [fields["amount"], fields["action"], fields["sign_time"]]
    return hashlib.md5("".join(parts).encode()).hexdigest()


def _is_answer(status: int, answer: Any) -> bool:
    if status != 200 or not isinstance(answer, dict):
        return False
    code = answer.get("error")
    return isinstance(code, int) and not isinstance(code, bool) and code != _UPDATE_FAILED


def _note(answer: Json | None) -> str:
    return "no answer" if answer is None else f"{answer['error']} {answer.get('error_note', '')}".strip()
