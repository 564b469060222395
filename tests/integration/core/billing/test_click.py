"""What Prepare and Complete do to money, on a real database."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

import mentorium_db
from mentorium_core.billing.booking import PaymentBook
from mentorium_core.billing.click import CompleteClickPayment, PrepareClickPayment
from mentorium_core.billing.click_rules import ClickCall, ClickCode
from mentorium_core.billing.model import OrderView
from mentorium_core.billing.reconcile import check_books
from mentorium_core.privacy.commands import erase_data
from mentorium_db import get_session
from mentorium_db.repositories import OrderRepository, PaymentRepository
from mentorium_domain.enums import PaymentStatus, ProviderName, Tariff
from mentorium_kit import clock
from tests.integration.core.billing.till import Till, new_parent

pytestmark = pytest.mark.usefixtures("session_factory")
SERVICE = 85_335
DAY = timedelta(days=1)
TILL = Till()
prepare, complete = PrepareClickPayment(), CompleteClickPayment()
_numbers = itertools.count(2_000_000_001)


async def rows(statement: str, **values: object) -> list[tuple[object, ...]]:
    async with mentorium_db.get_session() as session:
        return [tuple(row) for row in await session.execute(text(statement), values)]


def call_for(
    order: OrderView, *, error: int = 0, prepare_id: int | None = None, amount: int | None = None
) -> ClickCall:
    number = next(_numbers)
    minor = order.amount_minor if amount is None else amount
    return ClickCall(SERVICE, number, 10 * number, order.public_id, minor, error, prepare_id)


async def prepared(order: OrderView, now: datetime | None = None) -> tuple[ClickCall, int]:
    """The Prepare, and merchant_prepare_id."""
    call = call_for(order)
    outcome = await prepare(call, now)
    assert outcome.code is ClickCode.SUCCESS
    assert outcome.attempt_id is not None
    return call, outcome.attempt_id


def completion(call: ClickCall, prepare_id: int, *, error: int = 0) -> ClickCall:
    return ClickCall(
        call.service_id, call.click_trans_id, call.click_paydoc_id, call.order_public_id, call.amount_minor, error,
        prepare_id,
    )  # fmt: skip


async def an_order(now: datetime | None = None, parent_id: int | None = None) -> OrderView:
    moment = now or clock.now()
    owner = parent_id if parent_id is not None else (await new_parent(moment))[0]
    return await TILL.order(owner, moment, provider=ProviderName.CLICK)


async def jobs_waiting() -> list[tuple[object, ...]]:
    return await rows("SELECT entrypoint FROM pgqueuer.pgqueuer ORDER BY 1")


async def test_a_payment_opens_access_once_however_often_it_is_completed() -> None:
    order = await an_order()
    call, number = await prepared(order)
    assert await rows("SELECT status, transaction_id, external_ref FROM payments") == [
        ("PENDING", f"click:{SERVICE}:{call.click_trans_id}", str(call.click_paydoc_id))
    ]
    first = await complete(completion(call, number))
    assert (first.code, first.attempt_id, first.became) == (ClickCode.SUCCESS, number, PaymentStatus.SUCCESS)
    for _ in range(2):
        again = await complete(completion(call, number))
        assert (again.code, again.attempt_id, again.became) == (ClickCode.ALREADY_PAID, number, None)
    assert await rows("SELECT days, amount_minor FROM subscription_grants") == [(30, 9_900_000)]
    assert await rows("SELECT event FROM ledger_entries") == [("payment",)]
    assert len(await rows("SELECT 1 FROM notifications")) == 1
    assert await rows("SELECT status, complete_trans_id, next_check_at FROM click_transactions") == [
        ("confirmed", None, None)
    ]
    assert await jobs_waiting() == [("click_receipt",)]
    assert await check_books(clock.now()) == {}


async def test_a_second_debit_of_a_paid_order_is_kept_apart_and_goes_back() -> None:
    order = await an_order()
    first, first_id = await prepared(order)
    second, second_id = await prepared(order)
    assert (await complete(completion(second, second_id))).code is ClickCode.SUCCESS
    late = await complete(completion(first, first_id))
    assert (late.code, late.attempt_id) == (ClickCode.SUCCESS, first_id)
    assert (await complete(completion(first, first_id))).code is ClickCode.ALREADY_PAID
    assert await rows("SELECT status FROM click_transactions ORDER BY id") == [("duplicate",), ("confirmed",)]
    assert await rows("SELECT count(*) FROM subscription_grants") == [(1,)]
    assert await rows("SELECT status FROM orders") == [("paid",)]
    assert await rows("SELECT count(*), sum(amount_minor)::bigint FROM ledger_entries") == [(2, 19_800_000)]
    assert await jobs_waiting() == [("click_receipt",), ("click_reversal",)]
    assert await rows("SELECT severity FROM event_logs WHERE event_name = 'duplicate_payment'") == [("WARNING",)]
    assert [key for (key,) in await rows("SELECT split_part(dedup_key, ':', 2) FROM notifications ORDER BY id")] == [
        "received",
        "twice",
    ]
    assert set(await check_books(clock.now())) == {"paid_without_access"}, "until it has gone back"


async def test_a_surplus_that_the_team_gives_back_leaves_the_order_paid() -> None:
    order = await an_order()
    first, first_id = await prepared(order)
    second, second_id = await prepared(order)
    await complete(completion(first, first_id))
    await complete(completion(second, second_id))
    async with get_session() as session:
        locked = await OrderRepository(session).lock(order.public_id)
        payment = await PaymentRepository(session).get_by_transaction_id(f"click:{SERVICE}:{second.click_trans_id}")
        assert locked is not None
        assert payment is not None
        await PaymentBook().give_back(session, locked, payment, "refund", clock.now())
    assert await rows("SELECT status FROM orders") == [("paid",)]
    assert await rows("SELECT status FROM payments ORDER BY id") == [("SUCCESS",), ("REFUNDED",)]
    assert await rows("SELECT count(*) FROM subscription_grants WHERE reversed_at IS NULL") == [(1,)]
    assert await check_books(clock.now()) == {}


async def test_what_click_gives_up_releases_the_order() -> None:
    order = await an_order()
    call, number = await prepared(order)
    for became in (PaymentStatus.FAILED, None):
        outcome = await complete(completion(call, number, error=-5017))
        assert (outcome.code, outcome.became) == (ClickCode.CANCELLED, became)
    assert (await complete(completion(call, number))).code is ClickCode.CANCELLED
    assert (await prepare(completion(call, number))).code is ClickCode.CANCELLED
    assert await rows("SELECT status, error FROM click_transactions") == [("cancelled", -5017)]
    again, again_id = await prepared(order)
    assert (await complete(completion(again, again_id))).code is ClickCode.SUCCESS
    assert await rows("SELECT status FROM payments ORDER BY id") == [("FAILED",), ("SUCCESS",)]
    assert await check_books(clock.now()) == {}


async def test_an_attempt_that_fails_beside_one_that_paid_tells_nobody_that_nothing_was_paid() -> None:
    order = await an_order()
    first, first_id = await prepared(order)
    second, second_id = await prepared(order)
    await complete(completion(first, first_id))
    assert (await complete(completion(second, second_id, error=-5017))).code is ClickCode.CANCELLED
    assert len(await rows("SELECT 1 FROM notifications")) == 1
    assert await rows("SELECT status FROM payments ORDER BY id") == [("SUCCESS",), ("FAILED",)]


async def test_a_cancellation_after_the_confirmation_takes_nothing_back_by_itself() -> None:
    order = await an_order()
    call, number = await prepared(order)
    await complete(completion(call, number))
    now = clock.now()
    assert (await complete(completion(call, number, error=-1))).code is ClickCode.ALREADY_PAID
    assert await rows("SELECT reversal_reported_at FROM click_transactions") == [(None,)]
    for _ in range(2):
        assert (await complete(completion(call, number, error=-5017), now)).code is ClickCode.CANCELLED
    assert await rows("SELECT status, error, reversal_reported_at, next_check_at FROM click_transactions") == [
        ("confirmed", -5017, now, now)
    ]
    assert await rows("SELECT reversed_at FROM subscription_grants") == [(None,)]
    assert len(await rows("SELECT 1 FROM event_logs WHERE event_name = 'click_reversal_reported'")) == 1


async def test_an_order_is_begun_within_a_day_and_finished_whenever_the_money_comes() -> None:
    now = clock.now()
    order = await an_order(now)
    call, number = await prepared(order, now)
    later = now + DAY
    assert (await prepare(call_for(order), later)).code is ClickCode.CANCELLED
    repeated = await prepare(call, later)
    assert (repeated.code, repeated.attempt_id) == (ClickCode.SUCCESS, number)
    assert (await complete(completion(call, number), now + 3 * DAY)).code is ClickCode.SUCCESS
    assert await rows("SELECT expires_at FROM subscriptions") == [(now + 33 * DAY,)]


async def test_only_the_right_amount_of_clicks_own_order_is_taken() -> None:
    order = await an_order()
    assert (await prepare(call_for(order, amount=9_899_999))).code is ClickCode.INCORRECT_AMOUNT
    assert (await prepare(call_for(order, error=-1))).code is ClickCode.CANCELLED
    assert (await prepare(call_for(order, error=1))).code is ClickCode.BAD_REQUEST
    payme = await TILL.order((await new_parent(clock.now()))[0], clock.now(), Tariff.MONTHLY)
    assert (await prepare(call_for(payme))).code is ClickCode.ORDER_UNKNOWN
    assert (await complete(call_for(payme, prepare_id=1))).code is ClickCode.ORDER_UNKNOWN
    call, number = await prepared(order)
    wrong = ClickCall(SERVICE, call.click_trans_id, 1, order.public_id, 9_900_001, 0, number)
    assert (await complete(wrong)).code is ClickCode.INCORRECT_AMOUNT
    assert (await complete(completion(call, number, error=1))).code is ClickCode.BAD_REQUEST
    for unknown in (number + 1, 0, 2**31, 2**63 - 1):
        assert (await complete(completion(call, unknown))).code is ClickCode.TRANSACTION_UNKNOWN
    assert await rows("SELECT status FROM click_transactions") == [("prepared",)]


async def test_one_attempt_pays_one_order() -> None:
    first, second = await an_order(), await an_order()
    call, number = await prepared(first)
    stolen = ClickCall(SERVICE, call.click_trans_id, 1, second.public_id, second.amount_minor, 0)
    assert (await prepare(stolen)).code is ClickCode.BAD_REQUEST
    of_other = ClickCall(SERVICE, call.click_trans_id, 1, second.public_id, second.amount_minor, 0, number)
    assert (await complete(of_other)).code is ClickCode.TRANSACTION_UNKNOWN


async def test_complete_may_name_another_attempt_unless_told_otherwise() -> None:
    order = await an_order()
    call, number = await prepared(order)
    other = ClickCall(SERVICE, 7, 8, order.public_id, order.amount_minor, 0, number)
    assert (await CompleteClickPayment(strict=True)(other)).code is ClickCode.TRANSACTION_UNKNOWN
    assert (await complete(other)).code is ClickCode.SUCCESS
    assert await rows("SELECT click_trans_id, complete_trans_id FROM click_transactions") == [(call.click_trans_id, 7)]


async def test_who_has_had_everything_deleted_is_debited_no_more() -> None:
    now = clock.now()
    parent_id, telegram_id = await new_parent(now)
    order = await an_order(now, parent_id)
    call, number = await prepared(order)
    other = await an_order(now, parent_id)
    await erase_data(telegram_id)
    assert (await prepare(call_for(other))).code is ClickCode.CANCELLED
    assert (await prepare(call)).code is ClickCode.CANCELLED
    assert (await complete(completion(call, number))).code is ClickCode.CANCELLED
    assert await rows("SELECT status FROM payments") == [("FAILED",)]


async def test_money_for_an_order_that_is_closed_goes_back() -> None:
    order = await an_order()
    first, first_id = await prepared(order)
    second, second_id = await prepared(order)
    await complete(completion(first, first_id))
    assert await TILL.give_back(f"click:{SERVICE}:{first.click_trans_id}", clock.now())
    assert (await prepare(call_for(order))).code is ClickCode.CANCELLED
    outcome = await complete(completion(second, second_id))
    assert (outcome.code, outcome.attempt_id) == (ClickCode.SUCCESS, second_id)
    assert await rows("SELECT status FROM click_transactions ORDER BY id") == [("confirmed",), ("duplicate",)]
    assert ("click_reversal",) in await jobs_waiting()


async def test_a_commission_on_the_payers_side_is_neither_in_the_books_nor_needed() -> None:
    """What Click adds is Click's: order, payment and ledger hold the price alone."""
    with_commission = PrepareClickPayment(commission_percent=Decimal("1.5"))
    order = await an_order()
    said = call_for(order, amount=order.amount_minor * 203 // 200)
    assert (await prepare(said)).code is ClickCode.INCORRECT_AMOUNT
    allowed = await with_commission(said)
    assert allowed.attempt_id is not None
    assert (await complete(completion(said, allowed.attempt_id))).became is PaymentStatus.SUCCESS
    assert await rows("SELECT amount_minor FROM payments") == [(order.amount_minor,)]
    assert await check_books(clock.now()) == {}
