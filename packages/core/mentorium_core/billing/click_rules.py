"""Click's SHOP-API as rules: what is asked, what is answered, and what an answer does to money (https://docs.click.uz)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum, StrEnum
from typing import Final

from mentorium_core.billing.model import OrderView
from mentorium_domain.enums import ClickStatus, OrderStatus, PaymentStatus, ProviderName

NO_COMMISSION: Final = Decimal(0)
CANCELLED_BY_A_TESTER: Final = -1
"""Click's tool of old says so of a payment that is confirmed, and wants to hear -4; a real cancellation has others."""


class ClickCode(IntEnum):
    """The `error` of an answer."""

    SUCCESS = 0
    SIGN_CHECK_FAILED = -1
    INCORRECT_AMOUNT = -2
    ACTION_NOT_FOUND = -3
    ALREADY_PAID = -4
    ORDER_UNKNOWN = -5
    TRANSACTION_UNKNOWN = -6
    FAILED_TO_UPDATE = -7
    BAD_REQUEST = -8
    CANCELLED = -9


class ClickAction(IntEnum):
    PREPARE = 0
    COMPLETE = 1


@dataclass(frozen=True, slots=True)
class ClickCall:
    """A call of Click whose signature is right. `prepare_id`: None in Prepare. `error`: below 0 nothing was debited."""

    service_id: int
    click_trans_id: int
    click_paydoc_id: int
    order_public_id: str
    amount_minor: int
    error: int
    prepare_id: int | None = None


@dataclass(frozen=True, slots=True)
class ClickAttempt:
    """One attempt to pay, as stored: from its Prepare on."""

    id: int
    order_id: int
    click_trans_id: int
    amount_minor: int
    status: ClickStatus


@dataclass(frozen=True, slots=True)
class ClickOutcome:
    """`attempt_id`: merchant_prepare_id or merchant_confirm_id. `became`: what a payment has become by this call."""

    code: ClickCode
    attempt_id: int | None = None
    became: PaymentStatus | None = None


class ClickStep(StrEnum):
    """What a Complete does. SURPLUS: it was debited and can open nothing, so it goes back."""

    NOTHING = "nothing"
    CONFIRM = "confirm"
    SURPLUS = "surplus"
    CANCEL = "cancel"
    ASK_ABOUT_REVERSAL = "ask_about_reversal"


def amounts(price_minor: int, commission_percent: Decimal) -> frozenset[int]:
    """What Click may say that it debits, in tiyin: the price, and with the commission where the payer bears it."""
    with_commission = price_minor * (100 + commission_percent) / 100
    return frozenset({price_minor, int(with_commission.to_integral_value(ROUND_HALF_UP))})


def prepare_code(
    order: OrderView | None,
    attempt: ClickAttempt | None,
    call: ClickCall,
    now: datetime,
    *,
    commission_percent: Decimal = NO_COMMISSION,
) -> ClickCode:
    """Whether this order may be debited now. `attempt`: the one with this click_trans_id, where there is one.

    What was begun while the order lived may be prepared again after it.
    """
    if order is None or order.provider is not ProviderName.CLICK:
        return ClickCode.ORDER_UNKNOWN
    if call.error < 0:
        return ClickCode.CANCELLED
    if order.status is OrderStatus.PAID:
        return ClickCode.ALREADY_PAID
    if attempt is not None and attempt.order_id != order.id:
        return ClickCode.BAD_REQUEST
    if attempt is not None and attempt.status is not ClickStatus.PREPARED:
        return ClickCode.CANCELLED
    closed = order.status is not OrderStatus.PENDING or order.parent_id is None
    if closed or (attempt is None and now >= order.expires_at):
        return ClickCode.CANCELLED
    if call.amount_minor not in amounts(order.amount_minor, commission_percent):
        return ClickCode.INCORRECT_AMOUNT
    return ClickCode.SUCCESS if call.error == 0 else ClickCode.BAD_REQUEST


def complete_step(
    order: OrderView | None, attempt: ClickAttempt | None, call: ClickCall, *, strict: bool = False
) -> tuple[ClickCode, ClickStep]:
    """What is answered and done. `attempt`: the one whose id is the call's merchant_prepare_id.

    A debit of the right amount is never refused, however late it is told of: it is confirmed, or goes back. `strict`:
    Complete has to name the click_trans_id of its Prepare.
    """
    if order is None or order.provider is not ProviderName.CLICK:
        return ClickCode.ORDER_UNKNOWN, ClickStep.NOTHING
    if attempt is None or attempt.order_id != order.id:
        return ClickCode.TRANSACTION_UNKNOWN, ClickStep.NOTHING
    if strict and attempt.click_trans_id != call.click_trans_id:
        return ClickCode.TRANSACTION_UNKNOWN, ClickStep.NOTHING
    if attempt.status is ClickStatus.CANCELLED:
        return ClickCode.CANCELLED, ClickStep.NOTHING
    debited = attempt.status in {ClickStatus.CONFIRMED, ClickStatus.DUPLICATE}
    if call.error < 0:
        return _cancelled(call.error, debited=debited)
    if debited:
        return ClickCode.ALREADY_PAID, ClickStep.NOTHING
    if call.amount_minor != attempt.amount_minor:
        return ClickCode.INCORRECT_AMOUNT, ClickStep.NOTHING
    if call.error > 0:
        return ClickCode.BAD_REQUEST, ClickStep.NOTHING
    opens = order.status is OrderStatus.PENDING and order.parent_id is not None
    return ClickCode.SUCCESS, ClickStep.CONFIRM if opens else ClickStep.SURPLUS


def _cancelled(error: int, *, debited: bool) -> tuple[ClickCode, ClickStep]:
    """Click says that it is off. What was confirmed is taken back only once the Merchant API has said so, too."""
    if not debited:
        return ClickCode.CANCELLED, ClickStep.CANCEL
    if error == CANCELLED_BY_A_TESTER:
        return ClickCode.ALREADY_PAID, ClickStep.NOTHING
    return ClickCode.CANCELLED, ClickStep.ASK_ABOUT_REVERSAL
