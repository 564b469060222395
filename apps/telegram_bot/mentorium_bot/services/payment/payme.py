"""PayMe's Merchant API, translated: each of its methods is a use case of core, each answer one of its envelopes."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeGuard

from mentorium_bot.services.payment.payme_rpc import (
    ACCOUNT_FIELD,
    INVALID_PARAMS,
    INVALID_REQUEST,
    NO_RECEIPT,
    NOT_AUTHORISED,
    SYSTEM_ERROR,
    UNKNOWN_METHOD,
    PaymeFault,
    PaymeRequest,
    envelope,
    fault,
    is_authorised,
    read_request,
    refused,
)
from mentorium_core.billing.booking import PaymentBook
from mentorium_core.billing.model import FiscalTerms
from mentorium_core.billing.payme import (
    CancelPaymeTransaction,
    CreatePaymeTransaction,
    PaymeCreate,
    PaymeRefusal,
    PaymeRefused,
    PaymeView,
    PerformPaymeTransaction,
    check_perform,
    check_transaction,
    list_transactions,
)
from mentorium_core.billing.payme_fiscal import fiscal_detail, set_fiscal_data
from mentorium_core.billing.provider_calls import Answered, ProviderExchange, answer_in_one_commit
from mentorium_domain.enums import ProviderName, WebhookStatus
from mentorium_kit import clock
from mentorium_kit.errors import OutcomeUnknownError, UnavailableError
from mentorium_observability import get_logger
from mentorium_observability.at_most_every import LogThrottle
from mentorium_observability.metrics import count_error
from mentorium_observability.sentry_config import add_parameters

_PAYME_ID: Final = re.compile(r"[0-9A-Za-z_-]{1,64}")
_ORDER_ID: Final = re.compile(r"mnt[a-z2-7]{13}")
_LATEST_MS: Final = 10**15
_LONGEST_VALUE: Final = 1_000
_MOST_FIELDS: Final = 20
_RECEIPTS: Final = {"PERFORM": False, "CANCEL": True}

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PaymeMerchant:
    """What the cashbox is set up with. `keys`: those that are accepted; `busy_code`: for a second CreateTransaction;
    `fiscal`: what CheckPerformTransaction tells of the receipt, None: nothing.
    """

    keys: tuple[str, ...] = field(repr=False)
    login: str = "Paycom"
    busy_code: int = -31008
    fiscal: FiscalTerms | None = None
    book: PaymentBook = field(default_factory=PaymentBook)
    strangers: LogThrottle = field(default_factory=LogThrottle, compare=False)


@dataclass(frozen=True, slots=True)
class _Said:
    """`about`: what a use case has said, for the count and the log."""

    answer: Mapping[str, Any] | PaymeFault
    about: PaymeView | PaymeRefused | None = None
    order: str | None = None


_Method = Callable[[PaymeMerchant, Mapping[str, Any], datetime], Awaitable[_Said]]


async def answer_payme(
    merchant: PaymeMerchant, body: bytes, authorization: str, *, remote: str | None, known_address: bool = True
) -> Answered:
    """The answer to one call, always one that PayMe can read: what goes wrong with us is -32400, and comes again.

    A stranger, by key or by address, is told no more than that; nothing of theirs is stored.
    """
    began = time.monotonic()
    request = read_request(body)
    if not known_address or not is_authorised(authorization, merchant.login, merchant.keys):
        if calls := merchant.strangers.count():
            logger.warning("payme_stranger", known_address=known_address, calls=calls)
        request_id = request.request_id if isinstance(request, PaymeRequest) else request[0]
        return Answered(envelope(request_id, fault(NOT_AUTHORISED)), status=WebhookStatus.REFUSED)
    exchange = ProviderExchange(
        ProviderName.PAYME,
        request.method if isinstance(request, PaymeRequest) else "",
        body.decode("utf-8", "replace"),
        remote,
        merchant.keys,
    )
    return await _answer(merchant, request, exchange, began)


async def _answer(
    merchant: PaymeMerchant,
    request: PaymeRequest | tuple[int | str | None, PaymeFault],
    exchange: ProviderExchange,
    began: float,
) -> Answered:
    """A commit whose answer was lost is asked about by doing the same again: by PayMe's id each is done once."""

    def took_ms() -> int:
        return round((time.monotonic() - began) * 1000)

    known = request.method if isinstance(request, PaymeRequest) and request.method in _METHODS else "unknown"
    add_parameters(provider="payme", method=known)
    only_reads = known in _ONLY_READ
    said = partial(answer_in_one_commit, exchange, partial(_said, merchant, request), took_ms, only_reads=only_reads)
    try:
        try:
            return await said()
        except OutcomeUnknownError as error:
            count_error(error, of_payment=True)
            return await said()
    except (UnavailableError, OutcomeUnknownError) as error:
        count_error(error, of_payment=True)
        logger.error("payme_not_answered", code=error.code)
    except Exception as error:  # an edge: whatever it is, PayMe is to come again
        count_error(error, of_payment=True)
        logger.error("payme_failed", exc_info=error)
    request_id = request.request_id if isinstance(request, PaymeRequest) else request[0]
    return Answered(envelope(request_id, fault(SYSTEM_ERROR)), status=WebhookStatus.FAILED)


async def _said(merchant: PaymeMerchant, request: PaymeRequest | tuple[int | str | None, PaymeFault]) -> Answered:
    if not isinstance(request, PaymeRequest):
        return Answered(envelope(*request), status=WebhookStatus.REFUSED)
    method = _METHODS.get(request.method)
    if method is None:
        return Answered(envelope(request.request_id, fault(UNKNOWN_METHOD, request.method)))
    said = await method(merchant, request.params, clock.now())
    became = said.about.became if said.about is not None else None
    order = said.order if said.about is None else said.about.order
    return Answered(envelope(request.request_id, said.answer), order, became)


async def _check_perform(merchant: PaymeMerchant, params: Mapping[str, Any], now: datetime) -> _Said:
    order_id = _order_id(params)
    if order_id is None:
        return _Said(refused(PaymeRefusal.ORDER_UNKNOWN))
    found = await check_perform(order_id, _amount(params), now)
    if isinstance(found, PaymeRefused):
        return _Said(refused(found.why), found)
    allowed: dict[str, Any] = {"allow": True}
    if merchant.fiscal is not None:
        allowed["detail"] = fiscal_detail(merchant.fiscal, found)
    return _Said(allowed, order=found.public_id)


async def _create(merchant: PaymeMerchant, params: Mapping[str, Any], now: datetime) -> _Said:
    payme_id, payme_time = _payme_id(params), _moment(params.get("time"))
    if payme_id is None or not payme_time:
        return _Said(fault(INVALID_REQUEST, "id" if payme_id is None else "time"))
    if _order_id(params) is None:
        return _Said(refused(PaymeRefusal.ORDER_UNKNOWN))
    create = PaymeCreate(payme_id, payme_time, _amount(params), params["account"])
    found = await CreatePaymeTransaction(merchant.book)(create, now)
    if isinstance(found, PaymeRefused):
        busy = merchant.busy_code if found.why is PaymeRefusal.ORDER_BUSY else None
        return _Said(refused(found.why, busy), found)
    return _Said({"create_time": found.create_time, "transaction": str(found.id), "state": found.state}, found)


async def _perform(merchant: PaymeMerchant, params: Mapping[str, Any], now: datetime) -> _Said:
    if (payme_id := _payme_id(params)) is None:
        return _Said(fault(INVALID_REQUEST, "id"))
    found = await PerformPaymeTransaction(merchant.book)(payme_id, now)
    if isinstance(found, PaymeRefused):
        return _Said(refused(found.why), found)
    return _Said({"transaction": str(found.id), "perform_time": found.perform_time, "state": found.state}, found)


async def _cancel(merchant: PaymeMerchant, params: Mapping[str, Any], now: datetime) -> _Said:
    """Whatever number the reason is, it is kept; a cancellation is not refused for the want of one."""
    if (payme_id := _payme_id(params)) is None:
        return _Said(fault(INVALID_REQUEST, "id"))
    found = await CancelPaymeTransaction(merchant.book)(payme_id, _reason(params), now)
    if isinstance(found, PaymeRefused):
        return _Said(refused(found.why), found)
    return _Said({"transaction": str(found.id), "cancel_time": found.cancel_time, "state": found.state}, found)


async def _check(_: PaymeMerchant, params: Mapping[str, Any], __: datetime) -> _Said:
    if (payme_id := _payme_id(params)) is None:
        return _Said(fault(INVALID_REQUEST, "id"))
    found = await check_transaction(payme_id)
    if isinstance(found, PaymeRefused):
        return _Said(refused(found.why), found)
    return _Said(_as_it_stands(found), found)


async def _statement(_: PaymeMerchant, params: Mapping[str, Any], __: datetime) -> _Said:
    since, until = _moment(params.get("from")), _moment(params.get("to"))
    if since is None or until is None or since > until:
        return _Said(fault(INVALID_REQUEST, "to" if since is not None else "from"))
    found = await list_transactions(since, until)
    return _Said(
        {
            "transactions": [
                {
                    "id": one.payme_id,
                    "time": one.payme_time,
                    "amount": one.amount_minor,
                    "account": one.account,
                    **_as_it_stands(one),
                }
                for one in found
            ]
        }
    )


async def _set_fiscal_data(_: PaymeMerchant, params: Mapping[str, Any], now: datetime) -> _Said:
    payme_id, kind, data = _payme_id(params), params.get("type"), params.get("fiscal_data")
    told = _plain(data) if isinstance(data, dict) else {}
    if payme_id is None or kind not in ("PERFORM", "CANCEL") or not told:
        wrong = "id" if payme_id is None else "type" if told else "fiscal_data"
        return _Said(fault(INVALID_PARAMS, wrong))
    if not await set_fiscal_data(payme_id, told, now, cancelled=_RECEIPTS[kind]):
        return _Said(fault(NO_RECEIPT))
    return _Said({"success": True})


_METHODS: Final[Mapping[str, _Method]] = {
    "CheckPerformTransaction": _check_perform,
    "CreateTransaction": _create,
    "PerformTransaction": _perform,
    "CancelTransaction": _cancel,
    "CheckTransaction": _check,
    "GetStatement": _statement,
    "SetFiscalData": _set_fiscal_data,
}
_ONLY_READ: Final = frozenset({"CheckPerformTransaction", "CheckTransaction", "GetStatement"})


def _as_it_stands(one: PaymeView) -> dict[str, Any]:
    return {
        "create_time": one.create_time,
        "perform_time": one.perform_time,
        "cancel_time": one.cancel_time,
        "transaction": str(one.id),
        "state": one.state,
        "reason": one.reason,
    }


def _payme_id(params: Mapping[str, Any]) -> str | None:
    value = params.get("id")
    return value if isinstance(value, str) and _PAYME_ID.fullmatch(value) else None


def _order_id(params: Mapping[str, Any]) -> str | None:
    """None where the account is none of ours: a few plain fields, one of which is an order's id."""
    account = params.get("account")
    if not isinstance(account, dict) or account != _plain(account):
        return None
    value = account.get(ACCOUNT_FIELD)
    return value if isinstance(value, str) and _ORDER_ID.fullmatch(value) else None


def _reason(params: Mapping[str, Any]) -> int | None:
    """Also one that was written as a text or with decimals; None for what is no number that can be kept."""
    value = params.get("reason")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = int(value)
    except ValueError:
        return None
    return number if -(2**31) <= number < 2**31 else None


def _amount(params: Mapping[str, Any]) -> int:
    """In tiyin; one that is no whole number is no order's: -1."""
    value = params.get("amount")
    return value if _is_whole(value) else -1


def _moment(value: object) -> int | None:
    """Milliseconds since 1970."""
    return value if _is_whole(value) and 0 <= value < _LATEST_MS else None


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that hold one short value each."""
    plain = {
        name: value
        for name, value in data.items()
        if isinstance(value, str | int | float | None) and len(name) + len(str(value)) <= _LONGEST_VALUE
    }
    return dict(list(plain.items())[:_MOST_FIELDS])
