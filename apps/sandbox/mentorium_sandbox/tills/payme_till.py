"""PayMe's server: it asks the merchant, opens a transaction, debits the card, closes it, and sends the receipt."""

from __future__ import annotations

import itertools
import secrets
from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import aiohttp

from mentorium_sandbox.tills.merchant import Line, Merchant, read, session
from mentorium_sandbox.tills.payme_link import BadLinkError, PaymeLink

Json = dict[str, Any]
OUTCOMES: Final = ("ok", "decline", "twice", "lost_answer", "cancel_after", "timeout")
INTERNAL_ERROR: Final = -32400
DEBIT_ERROR, EXECUTION_ERROR, TIMED_OUT, REFUND = 2, 3, 4, 5
CREATED, PERFORMED, CANCELED, REFUNDED, MANUAL = 1, 2, -1, -2, 20
_LIFE: Final = timedelta(hours=12, minutes=1)


@dataclass(slots=True)
class Transaction:
    """As PayMe keeps it. `time` in milliseconds; `state` as in the protocol, 20 where it was given up to people."""

    id: str
    time: int
    amount: int
    account: Json
    state: int = 0
    message: Any = None
    receipts: list[Json] = field(default_factory=list)

    def view(self) -> Json:
        return {"id": self.id, "time": self.time, "amount": self.amount, "account": self.account, "state": self.state}


class PaymeTill:
    """`url` is where our Merchant API answers. Each act gives the calls that were made."""

    def __init__(self, merchant: Merchant) -> None:
        self.merchant = merchant
        self.transactions: dict[str, Transaction] = {}
        self._ids = itertools.count(1)
        self._outcomes: dict[str, Callable[[Line, PaymeLink], Awaitable[Transaction]]] = {
            "ok": self._ok,
            "decline": self._decline,
            "twice": self._twice,
            "lost_answer": self._lost_answer,
            "cancel_after": self._cancel_after,
            "timeout": self._timeout,
        }

    async def pay(self, link: PaymeLink, outcome: str) -> tuple[Transaction, list[Json]]:
        """Raises BadLinkError for a merchant that PayMe does not know."""
        if link.merchant_id != self.merchant.payme_id:
            raise BadLinkError("-31601: PayMe knows no merchant of this link's id (m)")
        async with session() as http:
            line = Line("payme", self.merchant, http)
            transaction = await self._outcomes[outcome](line, link)
            return transaction, line.views()

    async def refund(self, transaction: Transaction) -> list[Json]:
        """The refund button of the merchant's cabinet."""
        async with session() as http:
            line = Line("payme", self.merchant, http)
            await self.cancel(line, transaction, REFUND)
            return line.views()

    def next_due(self) -> datetime | None:
        """When PayMe gives the oldest open transaction up, aware."""
        opened = [each.time for each in self.transactions.values() if each.state == CREATED]
        return self._moment(min(opened)) + _LIFE if opened else None

    async def give_up_old(self) -> None:
        """Cancel what nobody has paid within twelve hours."""
        now = self.merchant.now()
        opened = [each for each in self.transactions.values() if each.state == CREATED]
        if not (old := [each for each in opened if self._moment(each.time) + _LIFE <= now]):
            return
        async with session() as http:
            line = Line("payme", self.merchant, http)
            for each in old:
                await self.cancel(line, each, TIMED_OUT, patience_s=self.merchant.short_patience_s)
                each.state = CANCELED

    def open_transaction(self, link: PaymeLink) -> Transaction:
        transaction = Transaction(secrets.token_hex(12), self._milliseconds(), link.amount, dict(link.account))
        self.transactions[transaction.id] = transaction
        return transaction

    async def ask(
        self,
        line: Line,
        method: str,
        params: Json,
        *,
        key: str | None = None,
        lose: bool = False,
        patience_s: float | None = None,
    ) -> Json:
        """The answer, an error where none came. PayMe sends the same again after silence and after -32400."""
        request = {"method": method, "params": params, "id": next(self._ids)}
        credentials = b64encode(f"Paycom:{self.merchant.payme_key if key is None else key}".encode()).decode()
        headers = {"Authorization": f"Basic {credentials}", "Content-Type": "text/json; charset=UTF-8"}

        async def exchange(http: aiohttp.ClientSession) -> tuple[int, Any]:
            url = f"{self.merchant.webhook_url()}/webhooks/payme"
            async with http.post(url, json=request, headers=headers) as answer:
                return await read(answer)

        answer = await line.call(method, request, exchange, is_answer=_is_answer, lose=lose, patience_s=patience_s)
        return answer if answer is not None else {"error": {"code": INTERNAL_ERROR, "message": "no answer"}}

    async def check(self, line: Line, link: PaymeLink) -> Json:
        params = {"amount": link.amount, "account": link.account}
        return await self.ask(line, "CheckPerformTransaction", params, patience_s=self.merchant.short_patience_s)

    async def create(self, line: Line, transaction: Transaction, *, lose: bool = False) -> bool:
        params = {
            "id": transaction.id,
            "time": transaction.time,
            "amount": transaction.amount,
            "account": transaction.account,
        }
        answer = await self.ask(line, "CreateTransaction", params, lose=lose, patience_s=self.merchant.short_patience_s)
        if "result" in answer:
            transaction.state = CREATED
            return True
        transaction.state, transaction.message = CANCELED, answer["error"].get("message")
        return False

    async def perform(self, line: Line, transaction: Transaction, *, lose: bool = False) -> bool:
        """The card is debited: a merchant that refuses now makes PayMe give the money back."""
        answer = await self.ask(line, "PerformTransaction", {"id": transaction.id}, lose=lose)
        if "result" in answer:
            transaction.state = PERFORMED
            return True
        transaction.message = answer["error"].get("message")
        if answer["error"].get("code") == INTERNAL_ERROR:
            transaction.state = MANUAL
        else:
            await self.cancel(line, transaction, EXECUTION_ERROR)
        return False

    async def cancel(
        self, line: Line, transaction: Transaction, reason: int, *, patience_s: float | None = None
    ) -> bool:
        params = {"id": transaction.id, "reason": reason}
        answer = await self.ask(line, "CancelTransaction", params, patience_s=patience_s)
        if "result" not in answer:
            transaction.message = answer["error"].get("message")
            return False
        was_performed = transaction.state == PERFORMED
        transaction.state = answer["result"].get("state", CANCELED)
        if was_performed:
            await self.send_receipt(line, transaction, "CANCEL")
        return True

    async def send_receipt(self, line: Line, transaction: Transaction, kind: str) -> None:
        """The fiscal receipt, which comes after the payment."""
        number, sign = secrets.randbelow(10**6), secrets.randbelow(10**12)
        at = self.merchant.now().strftime("%Y%m%d%H%M%S")
        receipt = {
            "receipt_id": number,
            "status_code": 0,
            "message": "accepted",
            "terminal_id": "EP000000000025",
            "fiscal_sign": f"{sign:012}",
            "qr_code_url": f"https://ofd.soliq.uz/epi?t=EP000000000025&r={number}&c={at}&s={sign:012}",
            "date": at,
        }
        transaction.receipts.append({"type": kind, **receipt})
        params = {"id": transaction.id, "type": kind, "fiscal_data": receipt}
        await self.ask(line, "SetFiscalData", params, patience_s=self.merchant.short_patience_s)

    async def _begin(self, line: Line, link: PaymeLink, *, lose: bool = False) -> tuple[Transaction, bool]:
        transaction = self.open_transaction(link)
        if self._refused(transaction, await self.check(line, link)):
            return transaction, False
        return transaction, await self.create(line, transaction, lose=lose)

    def _refused(self, transaction: Transaction, answer: Json) -> bool:
        if answer.get("result", {}).get("allow") is True:
            return False
        transaction.state, transaction.message = CANCELED, answer.get("error", {}).get("message")
        return True

    async def _ok(self, line: Line, link: PaymeLink) -> Transaction:
        transaction, open_ = await self._begin(line, link)
        if open_ and await self.perform(line, transaction):
            await self.send_receipt(line, transaction, "PERFORM")
        return transaction

    async def _decline(self, line: Line, link: PaymeLink) -> Transaction:
        """The bank refuses the debit."""
        transaction, open_ = await self._begin(line, link)
        if open_:
            await self.cancel(line, transaction, DEBIT_ERROR)
        return transaction

    async def _twice(self, line: Line, link: PaymeLink) -> Transaction:
        """The till is open in two windows, and each request is sent twice."""
        first, second = self.open_transaction(link), self.open_transaction(link)
        if self._refused(first, await self.check(line, link)) or self._refused(second, await self.check(line, link)):
            second.state = CANCELED
            return first
        open_ = [await self.create(line, each) and await self.create(line, each) for each in (first, second)]
        for each, is_open in zip((first, second), open_, strict=True):
            if is_open and await self.perform(line, each) and await self.perform(line, each):
                await self.send_receipt(line, each, "PERFORM")
        return first

    async def _lost_answer(self, line: Line, link: PaymeLink) -> Transaction:
        """The answers to the calls that change something do not come through; both are sent again."""
        transaction, open_ = await self._begin(line, link, lose=True)
        if open_ and await self.perform(line, transaction, lose=True):
            await self.send_receipt(line, transaction, "PERFORM")
        return transaction

    async def _cancel_after(self, line: Line, link: PaymeLink) -> Transaction:
        transaction = await self._ok(line, link)
        if transaction.state == PERFORMED:
            await self.cancel(line, transaction, REFUND)
        return transaction

    async def _timeout(self, line: Line, link: PaymeLink) -> Transaction:
        """The payer walks away from the open till; PayMe gives it up after twelve hours of the sandbox's clock."""
        return (await self._begin(line, link))[0]

    def _milliseconds(self) -> int:
        return int(self.merchant.now().timestamp() * 1000)

    def _moment(self, milliseconds: int) -> datetime:
        return datetime.fromtimestamp(milliseconds / 1000, self.merchant.now().tzinfo)


def _is_answer(status: int, answer: Any) -> bool:
    """Anything but HTTP 200 with a JSON-RPC answer counts as an internal error of the merchant."""
    if status != 200 or not isinstance(answer, dict):
        return False
    error = answer.get("error")
    if error is None:
        return isinstance(answer.get("result"), dict)
    return isinstance(error, dict) and error.get("code") != INTERNAL_ERROR
