"""What is asked of Click after a payment, against its Merchant API on a real HTTP server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from mentorium_core.billing.click_jobs import CheckClickPayment, QueueClickChecks, ReverseClickSurplus
from mentorium_core.billing.click_receipt import MakeClickReceipt, ReceiptTerms, is_page, vat_inside
from mentorium_core.billing.click_rules import ClickCall
from mentorium_core.billing.model import FiscalTerms
from mentorium_core.billing.reconcile import check_books
from mentorium_domain.enums import PaymentStatus
from mentorium_kit import clock
from mentorium_kit.errors import OutcomeUnknownError, UnavailableError
from tests.fixtures.click_merchant import ClickServer, Paid, click_server
from tests.integration.core.billing.test_click import an_order, complete, completion, prepared, rows
from tests.integration.core.clock_in_hand import ClockInHand

pytestmark = pytest.mark.usefixtures("session_factory")
MINUTE = timedelta(minutes=1)
TERMS = ReceiptTerms(FiscalTerms("10305008003000000", "1514296", 12), "310618348")


@pytest_asyncio.fixture
async def click() -> AsyncIterator[ClickServer]:
    async with click_server() as server:
        yield server


@pytest.fixture
def moved(tmp_path: Path) -> Iterator[ClockInHand]:
    """The product's clock, to be moved."""
    (file := tmp_path / "clock").write_text("0")
    clock.configure(file)
    yield ClockInHand(file)
    clock.configure(None)


def at_click(click: ClickServer, call: ClickCall, status: int, day: datetime | None = None) -> None:
    moment = clock.local_day(day or clock.now())
    click.payments[call.click_paydoc_id] = Paid(call.order_public_id, status, moment.isoformat())


async def a_surplus(click: ClickServer) -> tuple[ClickCall, int]:
    """One payment that stands, and a second one of the same order."""
    order = await an_order()
    first, first_id = await prepared(order)
    second, second_id = await prepared(order)
    for call, number in ((first, first_id), (second, second_id)):
        await complete(completion(call, number))
        at_click(click, call, 2)
    return second, second_id


async def states() -> list[tuple[object, ...]]:
    return await rows("SELECT status FROM payments ORDER BY id")


async def test_a_surplus_goes_back_once(click: ClickServer) -> None:
    _, number = await a_surplus(click)
    reverse = ReverseClickSurplus(click.provider)
    assert await reverse(number) is PaymentStatus.REFUNDED
    assert await reverse(number) is None
    assert click.made("DELETE") == 1
    assert await states() == [("SUCCESS",), ("REFUNDED",)]
    assert await rows("SELECT status FROM orders") == [("paid",)]
    keys = [key for (key,) in await rows("SELECT split_part(dedup_key, ':', 2) FROM notifications ORDER BY id")]
    assert keys == ["received", "twice", "refunded"]
    assert await check_books(clock.now()) == {}


async def test_a_surplus_whose_reversal_was_not_answered_is_asked_about(click: ClickServer) -> None:
    _, number = await a_surplus(click)
    reverse, status = ReverseClickSurplus(click.provider), click.provider.status

    async def status_then_lost(payment: object) -> object:
        found = await status(payment)  # type: ignore[arg-type]
        click.fault = "lost"
        return found

    provider = click.provider
    provider.status = status_then_lost  # type: ignore[method-assign, assignment]
    with pytest.raises(OutcomeUnknownError):
        await ReverseClickSurplus(provider)(number)
    assert await reverse(number) is PaymentStatus.REFUNDED
    assert click.made("DELETE") == 1


async def test_a_surplus_that_click_keeps_is_for_the_team(click: ClickServer) -> None:
    _, number = await a_surplus(click)
    click.refusals["reversal"] = -31
    assert await ReverseClickSurplus(click.provider)(number) is None
    assert await rows("SELECT severity FROM event_logs WHERE event_name = 'click_reversal_refused'") == [("CRITICAL",)]
    assert set(await check_books(clock.now())) == {"paid_without_access"}


async def test_a_surplus_waits_for_a_click_that_is_set_up_and_has_settled(click: ClickServer) -> None:
    call, number = await a_surplus(click)
    with pytest.raises(UnavailableError, match="click_not_set_up"):
        await ReverseClickSurplus(None)(number)
    at_click(click, call, 1)
    with pytest.raises(UnavailableError, match="click_payment_not_settled"):
        await ReverseClickSurplus(click.provider)(number)
    assert click.made("DELETE") == 0


async def test_what_is_prepared_is_asked_about_after_a_quarter_of_an_hour_and_then_more_seldom() -> None:
    now = clock.now()
    order = await an_order(now)
    await prepared(order, now)
    queue = QueueClickChecks()
    assert await queue(now + 14 * MINUTE) == 0
    moments = []
    moment = now + 15 * MINUTE
    while True:
        assert await queue(moment) == 1
        moments.append(moment)
        ((due,),) = await rows("SELECT next_check_at FROM click_transactions")
        if due is None:
            break
        assert isinstance(due, datetime)
        moment = due
    assert len(moments) == 8 + 23
    assert moments[-1] - now == timedelta(hours=48)
    assert await rows("SELECT entrypoint, dedupe_key IS NOT NULL FROM pgqueuer.pgqueuer") == [("click_check", True)]


@pytest.mark.parametrize("days_ago", [0, 1])
async def test_a_payment_whose_complete_never_came_opens_what_was_paid(click: ClickServer, days_ago: int) -> None:
    """Nothing that is paid is lost: Click says by the order's id that it is successful."""
    order = await an_order()
    call, number = await prepared(order)
    at_click(click, call, 2, clock.now() - timedelta(days=days_ago))
    check = CheckClickPayment(click.provider)
    assert await check(number) is PaymentStatus.SUCCESS
    assert await check(number) is None
    assert (await complete(completion(call, number))).code == -4
    assert await rows("SELECT status FROM orders") == [("paid",)]
    assert await rows("SELECT count(*) FROM subscription_grants") == [(1,)]
    assert len(await rows("SELECT 1 FROM event_logs WHERE event_name = 'click_complete_missed'")) == 1
    assert await check_books(clock.now()) == {}


async def test_an_attempt_is_not_taken_for_another_of_the_same_order(click: ClickServer) -> None:
    order = await an_order()
    first, first_id = await prepared(order)
    second, _ = await prepared(order)
    at_click(click, first, -5017)
    at_click(click, second, 2)
    assert await CheckClickPayment(click.provider)(first_id) is PaymentStatus.FAILED
    assert await states() == [("FAILED",), ("PENDING",)]


@pytest.mark.parametrize("status", [0, 1, None])
async def test_what_click_has_not_decided_stays_open(click: ClickServer, status: int | None) -> None:
    order = await an_order()
    call, number = await prepared(order)
    if status is not None:
        at_click(click, call, status)
    assert await CheckClickPayment(click.provider)(number) is None
    assert await states() == [("PENDING",)]
    assert (await complete(completion(call, number))).code == 0, "a late Complete is honoured"


async def test_a_reported_reversal_takes_access_back_once_click_confirms_it(click: ClickServer) -> None:
    order = await an_order()
    call, number = await prepared(order)
    await complete(completion(call, number))
    await complete(completion(call, number, error=-5017))
    check = CheckClickPayment(click.provider)
    at_click(click, call, 1)
    assert await check(number) is None
    at_click(click, call, -99)
    assert await QueueClickChecks()(clock.now()) == 1
    assert await check(number) is PaymentStatus.REFUNDED
    assert await check(number) is None
    assert await rows("SELECT status FROM click_transactions") == [("cancelled",)]
    assert await rows("SELECT status FROM orders") == [("refunded",)]
    assert await rows("SELECT status, end_reason FROM subscriptions") == [("CANCELLED", "refund")]
    assert (await complete(completion(call, number))).code == -9
    assert await check_books(clock.now()) == {}


async def test_a_reported_reversal_that_click_denies_is_for_the_team(click: ClickServer) -> None:
    order = await an_order()
    call, number = await prepared(order)
    await complete(completion(call, number))
    await complete(completion(call, number, error=-5017))
    at_click(click, call, 2)
    assert await CheckClickPayment(click.provider)(number) is None
    assert await rows("SELECT severity FROM event_logs WHERE event_name = 'click_reversal_not_confirmed'") == [
        ("CRITICAL",)
    ]
    assert await rows("SELECT status FROM click_transactions") == [("confirmed",)]
    assert await states() == [("SUCCESS",)]


async def test_a_reversal_that_click_carries_out_later_than_it_tells_of_it_takes_access_back(
    click: ClickServer, moved: ClockInHand
) -> None:
    """Right after its own word Click's Merchant API may still call the payment successful."""
    order = await an_order()
    call, number = await prepared(order)
    await complete(completion(call, number))
    await complete(completion(call, number, error=-5017))
    at_click(click, call, 2)
    check, queue = CheckClickPayment(click.provider), QueueClickChecks()
    for moment in (timedelta(), 15 * MINUTE, timedelta(hours=3)):
        moved.to(moment)
        assert await queue(clock.now()) == 1
        assert await check(number) is None
    assert len(await rows("SELECT 1 FROM event_logs WHERE event_name = 'click_reversal_not_confirmed'")) == 1
    at_click(click, call, -99)
    moved.to(timedelta(hours=6))
    assert await queue(clock.now()) == 1
    assert await check(number) is PaymentStatus.REFUNDED
    assert await check_books(clock.now()) == {}


async def test_a_reversal_that_click_never_carries_out_is_for_the_team_in_the_end(
    click: ClickServer, moved: ClockInHand
) -> None:
    order = await an_order()
    call, number = await prepared(order)
    await complete(completion(call, number))
    await complete(completion(call, number, error=-5017))
    at_click(click, call, 2)
    moved.to(timedelta(days=2, hours=1))
    assert await QueueClickChecks()(clock.now()) == 1
    assert await CheckClickPayment(click.provider)(number) is None
    assert len(await rows("SELECT 1 FROM event_logs WHERE event_name = 'click_reversal_unresolved'")) == 1
    assert await QueueClickChecks()(clock.now()) == 0


async def test_a_receipt_is_made_once_and_its_link_sent_once(click: ClickServer) -> None:
    order = await an_order()
    call, number = await prepared(order)
    await complete(completion(call, number))
    make = MakeClickReceipt(click.provider, TERMS)
    click.receipts_after = 2
    with pytest.raises(UnavailableError, match="click_receipt_not_ready"):
        await make(number)
    for _ in range(2):
        await make(number)
    assert len(click.bodies) == 1
    url = f"https://ofd.soliq.uz/epi?t={call.click_paydoc_id}"
    assert await rows("SELECT receipt_url FROM payments") == [(url,)]
    assert await rows("SELECT fiscal_url FROM click_transactions") == [(url,)]
    messages = await rows("SELECT message FROM notifications WHERE dedup_key LIKE 'payment:receipt:%'")
    assert len(messages) == 1
    assert url in str(messages[0][0])


async def test_items_whose_answer_was_lost_are_looked_for_before_they_are_handed_in_again(click: ClickServer) -> None:
    order = await an_order()
    call, number = await prepared(order)
    await complete(completion(call, number))
    make = MakeClickReceipt(click.provider, TERMS)
    assert click.provider is not None
    real = click.provider.receipt_url

    async def url_then_lost(payment_id: int) -> str | None:
        found = await real(payment_id)
        click.fault = "lost"
        return found

    provider = click.provider
    provider.receipt_url = url_then_lost  # type: ignore[method-assign]
    with pytest.raises(OutcomeUnknownError):
        await MakeClickReceipt(provider, TERMS)(number)
    await make(number)
    assert len(click.bodies) == 1
    assert call.click_paydoc_id in click.receipts


async def test_without_what_a_receipt_needs_there_is_none_and_a_refusal_is_told(click: ClickServer) -> None:
    order = await an_order()
    call, number = await prepared(order)
    await complete(completion(call, number))
    await MakeClickReceipt(click.provider, None)(number)
    await MakeClickReceipt(None, TERMS)(number)
    assert click.calls == []
    click.refusals["items"] = -5
    await MakeClickReceipt(click.provider, TERMS)(number)
    assert len(await rows("SELECT 1 FROM event_logs WHERE event_name = 'click_items_refused'")) == 1


@given(gross=st.integers(1, 10**12), percent=st.integers(0, 100))
def test_vat_is_rounded_half_up(gross: int, percent: int) -> None:
    exact = Decimal(gross) * percent / (100 + percent)
    assert vat_inside(gross, percent) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def test_only_a_page_is_sent_to_a_parent() -> None:
    assert is_page("https://ofd.soliq.uz/epi?t=1")
    for url in ("javascript:alert(1)", "https://", "https://a b", "http://[", "x" * 600, "ofd.soliq.uz"):
        assert not is_page(url)
