"""Receipts of PayMe's Subscribe API: a merchant makes one, pays it with a saved card, and cancels it.

A cashbox with billing drives the Merchant API as well: the receipt's id is the transaction's.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, Final

from mentorium_sandbox.tills.merchant import Line, session
from mentorium_sandbox.tills.payme_cards import Binding
from mentorium_sandbox.tills.payme_link import PaymeLink
from mentorium_sandbox.tills.payme_till import (
    DEBIT_ERROR,
    INTERNAL_ERROR,
    MANUAL,
    PERFORMED,
    REFUND,
    REFUNDED,
    PaymeTill,
    Transaction,
)

Json = dict[str, Any]
NOT_PAID, PAID, IN_DOUBT, CANCEL_QUEUED, CANCELLED = 0, 4, 20, 21, 50
NO_MONEY: Final = -31630
PROCESSING_AWAY: Final = -31002
NO_SUCH_RECEIPT: Final = -31602
UNREACHABLE: Final = -31622
_SLOW_S: Final = 10.0


class PaymeError(Exception):
    """Answered as an error of JSON-RPC with this code."""

    def __init__(self, code: int, message: Any, data: Any = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.data = data


@dataclass(slots=True)
class Receipt:
    """Moments in milliseconds, 0 for not yet."""

    transaction: Transaction
    create_time: int
    description: str = ""
    pay_time: int = 0
    cancel_time: int = 0
    state: int = NOT_PAID
    card: Json | None = None

    def view(self) -> Json:
        account = [{"name": name, "title": name, "value": value} for name, value in self.transaction.account.items()]
        return {
            "_id": self.transaction.id,
            "create_time": self.create_time,
            "pay_time": self.pay_time,
            "cancel_time": self.cancel_time,
            "state": self.state,
            "type": 1,
            "external": False,
            "operation": -1,
            "error": None,
            "description": self.description,
            "amount": self.transaction.amount,
            "currency": 860,
            "commission": 0,
            "account": account,
            "card": self.card,
        }


class PaymeReceipts:
    def __init__(self, till: PaymeTill) -> None:
        self._till = till
        self._receipts: dict[str, Receipt] = {}

    def find(self, receipt_id: object) -> Receipt:
        found = self._receipts.get(str(receipt_id))
        if found is None:
            raise PaymeError(NO_SUCH_RECEIPT, "Receipt not found")
        return found

    def between(self, start: int, end: int) -> list[Receipt]:
        return [each for each in self._receipts.values() if start <= each.create_time <= end]

    async def create(self, amount: int, account: Json, description: str) -> Receipt:
        """PayMe asks the merchant whether this may be paid; its refusal is passed on."""
        link = PaymeLink(self._till.merchant.payme_id, account, amount)
        async with session() as http:
            answer = await self._till.check(Line("payme", self._till.merchant, http), link)
        _refuse_as_the_merchant(answer)
        transaction = self._till.open_transaction(link)
        receipt = Receipt(transaction, transaction.time, description)
        self._receipts[transaction.id] = receipt
        return receipt

    async def pay(self, receipt: Receipt, binding: Binding) -> Receipt:
        if receipt.state != NOT_PAID:
            raise PaymeError(NO_SUCH_RECEIPT, "The receipt is paid or cancelled")
        receipt.transaction.time = self._now()
        async with session() as http:
            line = Line("payme", self._till.merchant, http)
            if not await self._till.create(line, receipt.transaction):
                receipt.transaction.state = NOT_PAID  # it may be tried again
                raise PaymeError(UNREACHABLE, receipt.transaction.message)
            try:
                await self._debit(receipt, binding)
            except PaymeError:
                await self._till.cancel(line, receipt.transaction, DEBIT_ERROR)
                receipt.state, receipt.cancel_time = CANCELLED, self._now()
                raise
            await self._close(line, receipt, binding)
        return receipt

    async def _debit(self, receipt: Receipt, binding: Binding) -> None:
        card = binding.card
        if card.kind == "slow":
            await asyncio.sleep(_SLOW_S)
        if card.kind in ("error", "slow"):
            raise PaymeError(PROCESSING_AWAY, "The processing centre is not available")
        if card.kind != "ok" or card.balance < receipt.transaction.amount:
            raise PaymeError(NO_MONEY, "Insufficient funds")
        card.balance -= receipt.transaction.amount

    async def _close(self, line: Line, receipt: Receipt, binding: Binding) -> None:
        if await self._till.perform(line, receipt.transaction):
            receipt.state, receipt.pay_time = PAID, self._now()
            receipt.card = {"number": binding.card.masked, "expire": binding.card.expire}
            await self._till.send_receipt(line, receipt.transaction, "PERFORM")
            return
        in_doubt = receipt.transaction.state == MANUAL
        receipt.state = IN_DOUBT if in_doubt else CANCELLED
        if not in_doubt:
            binding.card.balance += receipt.transaction.amount
            receipt.cancel_time = self._now()
            raise PaymeError(UNREACHABLE, receipt.transaction.message)

    async def cancel(self, receipt: Receipt) -> Receipt:
        """Queued, and done by the time it is looked at again. A receipt that nobody paid is only closed."""
        if receipt.state not in (NOT_PAID, PAID):
            raise PaymeError(NO_SUCH_RECEIPT, "The receipt cannot be cancelled")
        if receipt.transaction.state == PERFORMED:
            async with session() as http:
                done = await self._till.cancel(Line("payme", self._till.merchant, http), receipt.transaction, REFUND)
            if not done:
                raise PaymeError(INTERNAL_ERROR, receipt.transaction.message)
        receipt.state, receipt.cancel_time = CANCEL_QUEUED, self._now()
        return receipt

    def settle(self, receipt: Receipt) -> Receipt:
        """What the queue has done since."""
        if receipt.state == CANCEL_QUEUED or receipt.transaction.state == REFUNDED:
            receipt.state = CANCELLED
        return receipt

    def _now(self) -> int:
        return int(self._till.merchant.now().timestamp() * 1000)


def _refuse_as_the_merchant(answer: Json) -> None:
    if answer.get("result", {}).get("allow") is True:
        return
    error = answer.get("error", {})
    raise PaymeError(error.get("code", UNREACHABLE), error.get("message", "refused"), error.get("data"))
