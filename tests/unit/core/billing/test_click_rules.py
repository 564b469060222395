"""What is answered to Click, case by case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorium_core.billing.click_rules import (
    ClickAttempt,
    ClickCall,
    ClickCode,
    ClickStep,
    amounts,
    complete_step,
    prepare_code,
)
from mentorium_core.billing.model import OrderView
from mentorium_domain.enums import ClickStatus, Currency, OrderKind, OrderStatus, ProviderName, Tariff

NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)
PRICE = 9_900_000


def order(
    status: OrderStatus = OrderStatus.PENDING, provider: ProviderName = ProviderName.CLICK, parent: int | None = 1
) -> OrderView:
    return OrderView(
        1, "mnt" + "a" * 13, parent, provider, OrderKind.ONE_OFF, Tariff.MONTHLY, 30, PRICE, Currency.UZS, status,
        NOW + timedelta(hours=1),
    )  # fmt: skip


def attempt(status: ClickStatus, order_id: int = 1) -> ClickAttempt:
    return ClickAttempt(7, order_id, 2_000_000_001, PRICE, status)


def call(error: int = 0, amount: int = PRICE, trans_id: int = 2_000_000_001) -> ClickCall:
    return ClickCall(85_335, trans_id, 3, "mnt" + "a" * 13, amount, error, 7)


@pytest.mark.parametrize(
    ("percent", "said", "code"),
    [
        ("0", PRICE, ClickCode.SUCCESS),
        ("0", 9_999_000, ClickCode.INCORRECT_AMOUNT),
        ("1", 9_999_000, ClickCode.SUCCESS),
        ("1", PRICE, ClickCode.SUCCESS),
        ("1", 9_999_001, ClickCode.INCORRECT_AMOUNT),
        ("1", PRICE - 1, ClickCode.INCORRECT_AMOUNT),
    ],
)
def test_the_payer_may_bear_clicks_commission_and_nothing_else(percent: str, said: int, code: ClickCode) -> None:
    asked = call(amount=said)
    assert prepare_code(order(), None, asked, NOW, commission_percent=Decimal(percent)) is code


def test_a_commission_is_rounded_half_up_to_whole_tiyin() -> None:
    assert amounts(50, Decimal(1)) == {50, 51}
    assert amounts(149, Decimal("0.33")) == {149}
    assert amounts(24_900_000, Decimal("1.25")) == {24_900_000, 25_211_250}


@given(
    order_status=st.sampled_from(OrderStatus),
    status=st.sampled_from(ClickStatus),
    parent=st.sampled_from([1, None]),
    trans_id=st.sampled_from([2_000_000_001, 9]),
)
def test_a_right_complete_is_answered_by_0_or_4_or_9_alone(
    order_status: OrderStatus, status: ClickStatus, parent: int | None, trans_id: int
) -> None:
    """Right: signature, order, prepare id and amount, and `error` 0. What was debited is confirmed or goes back."""
    code, step = complete_step(order(order_status, parent=parent), attempt(status), call(trans_id=trans_id))
    assert code in {ClickCode.SUCCESS, ClickCode.ALREADY_PAID, ClickCode.CANCELLED}
    assert (step is not ClickStep.NOTHING) == (status is ClickStatus.PREPARED) == (code is ClickCode.SUCCESS)
    assert step is not ClickStep.CONFIRM or (order_status is OrderStatus.PENDING and parent is not None)


@given(
    order_status=st.sampled_from(OrderStatus),
    status=st.sampled_from(ClickStatus),
    error=st.integers(-9_999, -1),
    amount=st.integers(1, 2 * PRICE),
)
def test_any_negative_error_gives_nothing(
    order_status: OrderStatus, status: ClickStatus, error: int, amount: int
) -> None:
    code, step = complete_step(order(order_status), attempt(status), call(error, amount))
    assert code in {ClickCode.CANCELLED, ClickCode.ALREADY_PAID}
    assert step not in {ClickStep.CONFIRM, ClickStep.SURPLUS}


def test_the_cancellation_of_a_confirmed_payment_has_two_answers() -> None:
    """Click's old tool sends -1 and wants -4; its new tests send -5017 and want -9."""
    for status in (ClickStatus.CONFIRMED, ClickStatus.DUPLICATE):
        paid = order(OrderStatus.PAID)
        assert complete_step(paid, attempt(status), call(-1)) == (ClickCode.ALREADY_PAID, ClickStep.NOTHING)
        assert complete_step(paid, attempt(status), call(-2)) == (ClickCode.CANCELLED, ClickStep.ASK_ABOUT_REVERSAL)
    assert complete_step(order(), attempt(ClickStatus.PREPARED), call(-1)) == (ClickCode.CANCELLED, ClickStep.CANCEL)


def test_complete_asks_in_the_order_of_clicks_library() -> None:
    """The order, then the attempt, then what has become of it, then the amount."""
    unknown = (ClickCode.TRANSACTION_UNKNOWN, ClickStep.NOTHING)
    assert complete_step(None, None, call())[0] is ClickCode.ORDER_UNKNOWN
    assert complete_step(order(provider=ProviderName.PAYME), None, call())[0] is ClickCode.ORDER_UNKNOWN
    assert complete_step(order(), None, call()) == unknown
    assert complete_step(order(), attempt(ClickStatus.CONFIRMED, order_id=2), call()) == unknown
    other = call(trans_id=9)
    assert complete_step(order(), attempt(ClickStatus.PREPARED), other, strict=True) == unknown
    assert complete_step(order(), attempt(ClickStatus.CONFIRMED), call(amount=1))[0] is ClickCode.ALREADY_PAID
    assert complete_step(order(), attempt(ClickStatus.PREPARED), call(amount=1))[0] is ClickCode.INCORRECT_AMOUNT
    assert complete_step(order(), attempt(ClickStatus.PREPARED), call(1))[0] is ClickCode.BAD_REQUEST


def test_prepare_asks_in_the_order_of_clicks_library() -> None:
    assert prepare_code(None, None, call(), NOW) is ClickCode.ORDER_UNKNOWN
    assert prepare_code(order(OrderStatus.PAID), None, call(-1), NOW) is ClickCode.CANCELLED
    assert prepare_code(order(OrderStatus.PAID), None, call(amount=1), NOW) is ClickCode.ALREADY_PAID
    for status in (OrderStatus.CANCELLED, OrderStatus.REFUNDED):
        assert prepare_code(order(status), None, call(amount=1), NOW) is ClickCode.CANCELLED
    assert prepare_code(order(parent=None), None, call(), NOW) is ClickCode.CANCELLED
    late = NOW + timedelta(hours=1)
    assert prepare_code(order(), None, call(), late) is ClickCode.CANCELLED
    assert prepare_code(order(), attempt(ClickStatus.PREPARED), call(), late) is ClickCode.SUCCESS
    assert prepare_code(order(), attempt(ClickStatus.CANCELLED), call(), NOW) is ClickCode.CANCELLED
    assert prepare_code(order(), attempt(ClickStatus.PREPARED, order_id=2), call(), NOW) is ClickCode.BAD_REQUEST
    assert prepare_code(order(), None, call(amount=PRICE + 1), NOW) is ClickCode.INCORRECT_AMOUNT
    assert prepare_code(order(), None, call(5), NOW) is ClickCode.BAD_REQUEST


def test_every_pair_of_states_has_an_answer_to_prepare() -> None:
    statuses = [None, *ClickStatus]
    for order_status, status in product(OrderStatus, statuses):
        stored = attempt(status) if status is not None else None
        code = prepare_code(order(order_status), stored, call(), NOW)
        may = order_status is OrderStatus.PENDING and status in {None, ClickStatus.PREPARED}
        assert (code is ClickCode.SUCCESS) == may
