"""PayMe's Subscribe API (https://developer.help.paycom.uz, Subscribe API): saved cards, and receipts paid with them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

import aiohttp

from mentorium_core.billing.cards import CardFault, CardFound, CardRefused, ReceiptFound, ReceiptState
from mentorium_core.billing.model import FiscalTerms, OrderView
from mentorium_core.billing.payme import PayableOrder
from mentorium_core.billing.payme_fiscal import fiscal_detail
from mentorium_kit.errors import OutcomeUnknownError, UnavailableError
from mentorium_kit.unit_of_work import refuse_inside
from mentorium_observability import get_logger

_TIMEOUT: Final = aiohttp.ClientTimeout(total=30, connect=5)
_PAY_TIMEOUT: Final = aiohttp.ClientTimeout(total=60, connect=5)
"""A processing centre takes its time; whoever hangs up early has to ask what became of it."""
_LARGEST_ANSWER: Final = 1_000_000
_STATES: Final = {
    0: ReceiptState.NOT_PAID,
    4: ReceiptState.PAID,
    21: ReceiptState.CANCELLED,
    50: ReceiptState.CANCELLED,
}
"""All others (1 to 3, 5, 6, 20, 30) are of a receipt that PayMe is at."""
_NO_TOKEN, _NO_CARD = -32500, -31400
_FATAL: Final = frozenset({_NO_TOKEN, -31300, -31301, *range(-31499, -31399)})
_TEMPORARY: Final = frozenset({-31302, -31303, -31630, -31002})

logger = get_logger(__name__)
_numbers = itertools.count(1)


def fault_of(code: int) -> CardFault:
    """What a number of PayMe's says of the card. What is in no list says nothing of it."""
    if code in _FATAL:
        return CardFault.FATAL
    return CardFault.TEMPORARY if code in _TEMPORARY else CardFault.UNKNOWN


@dataclass(frozen=True, slots=True)
class PaymeSubscribeApi:
    """An adapter of core's `SavedCards`. `url`: https://checkout.paycom.uz/api."""

    url: str
    merchant_id: str
    key: str = field(repr=False)

    @property
    def browser_auth(self) -> str:
        """`X-Auth` of what a page may call for itself: cards.create, cards.get_verify_code, cards.verify."""
        return self.merchant_id

    async def check_card(self, token: str) -> CardFound | CardRefused:
        told = await self._ask("cards.check", {"token": token})
        if isinstance(told, CardRefused):
            return told
        card = _part(told, "card")
        number, newest = card.get("number"), card.get("token")
        return CardFound(
            masked_number=number if isinstance(number, str) else "",
            token=newest if isinstance(newest, str) and newest else token,
            recurrent=card.get("recurrent") is True,
            verified=card.get("verify") is True,
        )

    async def remove_card(self, token: str) -> CardRefused | None:
        told = await self._ask("cards.remove", {"token": token})
        if not isinstance(told, CardRefused) or told.code in {_NO_CARD, _NO_TOKEN}:
            return None
        return told

    async def create_receipt(
        self, order: OrderView, description: str, fiscal: FiscalTerms | None = None
    ) -> str | CardRefused:
        params: dict[str, Any] = {
            "amount": order.amount_minor,
            "account": {"order_id": order.public_id},
            "description": description,
        }
        if fiscal is not None:
            params["detail"] = fiscal_detail(fiscal, PayableOrder(order.public_id, order.days, order.amount_minor))
        told = await self._ask("receipts.create", params)
        if isinstance(told, CardRefused):
            return told
        receipt = _receipt(told)
        if receipt.amount_minor not in {0, order.amount_minor}:  # 0: PayMe did not say
            raise UnavailableError("payme_receipt_of_another_sum")
        return receipt.receipt_id

    async def pay_receipt(self, receipt_id: str, token: str) -> ReceiptState | CardRefused:
        told = await self._do("receipts.pay", {"id": receipt_id, "token": token}, _PAY_TIMEOUT)
        return _state_after(told)

    async def check_receipt(self, receipt_id: str) -> ReceiptState | CardRefused:
        told = await self._ask("receipts.check", {"id": receipt_id})
        return told if isinstance(told, CardRefused) else _state(told)

    async def get_receipt(self, receipt_id: str) -> ReceiptFound | CardRefused:
        told = await self._ask("receipts.get", {"id": receipt_id})
        return told if isinstance(told, CardRefused) else _receipt(told)

    async def cancel_receipt(self, receipt_id: str) -> ReceiptState | CardRefused:
        return _state_after(await self._do("receipts.cancel", {"id": receipt_id}, _TIMEOUT))

    async def _ask(self, method: str, params: Mapping[str, Any]) -> Mapping[str, Any] | CardRefused:
        """Of what may be done again: a lost answer is no answer."""
        try:
            return await self._call(method, params, _TIMEOUT)
        except _NoAnswerError as error:
            raise UnavailableError("payme_answer_lost", method=method, reason=str(error)) from error

    async def _do(
        self, method: str, params: Mapping[str, Any], timeout: aiohttp.ClientTimeout
    ) -> Mapping[str, Any] | CardRefused:
        try:
            return await self._call(method, params, timeout)
        except _NoAnswerError as error:
            raise OutcomeUnknownError("payme_answer_lost", method=method, reason=str(error)) from error

    async def _call(
        self, method: str, params: Mapping[str, Any], timeout: aiohttp.ClientTimeout
    ) -> Mapping[str, Any] | CardRefused:
        refuse_inside("payme")
        call_id = next(_numbers)
        call = {"jsonrpc": "2.0", "id": call_id, "method": method, "params": params}
        headers = {"X-Auth": f"{self.merchant_id}:{self.key}", "Cache-Control": "no-cache"}
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(self.url, json=call, headers=headers, allow_redirects=False) as response,
            ):
                status, raw = response.status, await response.content.read(_LARGEST_ANSWER)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise UnavailableError("payme_unreachable", method=method, reason=type(error).__name__) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _NoAnswerError(type(error).__name__) from error
        told = _told(raw, call_id) if status == HTTPStatus.OK else None
        code = told.code if isinstance(told, CardRefused) else None
        logger.info("payme_asked", method=method, status=status, error_code=code)
        if told is None:
            raise _NoAnswerError(f"status {status}")
        return told


class _NoAnswerError(Exception):
    """The call may have arrived, and what came back, if anything, cannot be read."""


def _told(raw: bytes, call_id: int) -> Mapping[str, Any] | CardRefused | None:
    """The result or the error of this very call; None for anything else."""
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or said.get("id", call_id) != call_id:
        return None
    error = said.get("error")
    if isinstance(error, dict):
        code = error.get("code")
        return CardRefused(fault_of(code), code) if isinstance(code, int) and not isinstance(code, bool) else None
    result = said.get("result")
    return result if isinstance(result, dict) else None


def _part(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = told.get(name)
    return found if isinstance(found, dict) else {}


def _state(told: Mapping[str, Any]) -> ReceiptState:
    state = told.get("state")
    if not isinstance(state, int) or isinstance(state, bool):
        raise UnavailableError("payme_answer_unreadable")
    return _STATES.get(state, ReceiptState.PENDING)


def _state_after(told: Mapping[str, Any] | CardRefused) -> ReceiptState | CardRefused:
    """Of what may have moved money: an answer that says nothing leaves the outcome unknown."""
    if isinstance(told, CardRefused):
        return told
    try:
        return _state(_part(told, "receipt"))
    except UnavailableError as error:
        raise OutcomeUnknownError(error.code) from error


def _receipt(told: Mapping[str, Any]) -> ReceiptFound:
    receipt = _part(told, "receipt")
    receipt_id, amount = receipt.get("_id"), receipt.get("amount")
    if not isinstance(receipt_id, str) or not 0 < len(receipt_id) <= 64:
        raise UnavailableError("payme_answer_unreadable")
    amount_minor = amount if isinstance(amount, int) and not isinstance(amount, bool) else 0
    return ReceiptFound(receipt_id, _state(receipt), amount_minor, _order(receipt.get("account")))


def _order(account: object) -> str:
    """`order_id` of an account that is a list of fields, or an object."""
    if isinstance(account, dict):
        return str(account.get("order_id", ""))
    fields: Iterable[object] = account if isinstance(account, list) else ()
    named = (one for one in fields if isinstance(one, dict) and one.get("name") == "order_id")
    return next((str(one.get("value", "")) for one in named), "")
