"""Charges, renewals and refunds in Stars, against a real database."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import pytest_asyncio

from mentorium_core.billing.model import OrderView
from mentorium_core.billing.orders import CreateOrder
from mentorium_core.billing.reconcile import check_books
from mentorium_core.billing.stars import (
    Booked,
    BookStarsCharge,
    BookStarsRefund,
    CheckoutRefusal,
    StarsCheckout,
    check_checkout,
    note_subscription_update,
)
from mentorium_core.billing.stars_renewal import (
    end_stars_renewal,
    get_stars_renewal,
    resume_stars_renewal,
)
from mentorium_core.i18n import format_date_long, t
from mentorium_core.identity.model import ParentView
from mentorium_core.privacy.commands import erase_data
from mentorium_domain.enums import OrderKind, ProviderName, StarsRenewal, Tariff
from mentorium_kit import clock
from mentorium_kit.errors import NotFoundError, RefusedError
from tests.integration.core.billing.stars_orders import (
    DAY,
    DILNOZA,
    PERIOD,
    RUSTAM,
    books_agree,
    charge,
    jobs,
    ordered,
    refund,
    renewing_order,
    rows,
)
from tests.integration.core.clock_in_hand import ClockInHand
from tests.integration.core.household import Household, register

book_charge, book_refund = BookStarsCharge(), BookStarsRefund()


@pytest_asyncio.fixture
async def parent(household: Household) -> ParentView:
    return (await register(DILNOZA, await household.guardian("Dilnoza Karimova"))).parent


def asked(order: OrderView, payer: int = DILNOZA, **changes: object) -> StarsCheckout:
    known = {"payer_id": payer, "payload": order.public_id, "amount": order.amount_minor, "currency": "XTR"}
    return StarsCheckout(**(known | changes))  # type: ignore[arg-type]


async def test_the_owner_may_pay_what_the_order_costs(parent: ParentView) -> None:
    assert await check_checkout(asked(await ordered(parent.parent_id))) is None
    assert await check_checkout(asked(await renewing_order(parent.parent_id))) is None


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"payer": RUSTAM}, CheckoutRefusal.NOT_OWNER),
        ({"amount": 1}, CheckoutRefusal.WRONG_AMOUNT),
        ({"currency": "UZS"}, CheckoutRefusal.WRONG_AMOUNT),
        ({"payload": "mnt2222222222222"}, CheckoutRefusal.UNKNOWN),
        ({"payload": "\0"}, CheckoutRefusal.UNKNOWN),
    ],
)
async def test_a_checkout_that_cannot_be_is_turned_down(
    parent: ParentView, changes: dict[str, object], refusal: CheckoutRefusal
) -> None:
    assert await check_checkout(asked(await ordered(parent.parent_id), **changes)) is refusal  # type: ignore[arg-type]


async def test_an_order_is_payable_for_a_day_and_once(parent: ParentView, moved: ClockInHand) -> None:
    order, another = await ordered(parent.parent_id), await ordered(parent.parent_id)
    await book_charge(charge(order, "c1"))
    assert await check_checkout(asked(order)) is CheckoutRefusal.PAID
    moved.to(timedelta(hours=25))
    assert await check_checkout(asked(another)) is CheckoutRefusal.EXPIRED


async def test_what_was_begun_in_time_is_finished(parent: ParentView, moved: ClockInHand) -> None:
    order = await ordered(parent.parent_id)
    moved.to(timedelta(hours=25))
    assert await book_charge(charge(order, "c1")) is Booked.GIVEN


async def test_an_order_of_another_provider_is_unknown_to_telegram(parent: ParentView) -> None:
    order = await CreateOrder()(parent.parent_id, Tariff.MONTHLY, ProviderName.PAYME, request_key="k")
    assert await check_checkout(asked(order, amount=order.amount_minor)) is CheckoutRefusal.UNKNOWN


async def test_no_second_subscription_while_one_renews(parent: ParentView, moved: ClockInHand) -> None:
    first, second = await renewing_order(parent.parent_id), await renewing_order(parent.parent_id)
    await book_charge(charge(first, "c1"))
    assert await check_checkout(asked(second)) is CheckoutRefusal.RENEWS_ALREADY
    assert await check_checkout(asked(await ordered(parent.parent_id, tariff=Tariff.ANNUAL))) is None
    await end_stars_renewal(parent.parent_id)
    assert await check_checkout(asked(second)) is None


async def test_one_charge_gives_once_however_often_it_is_told(parent: ParentView) -> None:
    order = await ordered(parent.parent_id, tariff=Tariff.QUARTERLY)
    paid = charge(order, "c1")
    told = await asyncio.gather(*(book_charge(paid) for _ in range(4)))
    assert sorted(one.name for one in told) == ["GIVEN", "KNOWN", "KNOWN", "KNOWN"]
    assert await rows("SELECT tariff, days FROM subscription_grants") == [("quarterly", 90)]
    assert await rows("SELECT status FROM orders") == [("paid",)]
    assert await rows("SELECT count(*) FROM notifications WHERE dedup_key LIKE 'payment:received:%'") == [(1,)]
    await books_agree()


async def test_a_subscription_is_renewed_under_one_payload(parent: ParentView, moved: ClockInHand) -> None:
    order = await renewing_order(parent.parent_id)
    began = clock.now()
    for number in (1, 2, 3):
        paid = charge(order, f"c{number}", period=number, period_ends_at=began + number * PERIOD)
        assert await book_charge(paid) is Booked.GIVEN
        assert await book_charge(paid) is Booked.KNOWN
        ((ends_at, renews),) = await rows("SELECT expires_at, auto_renew FROM subscriptions WHERE status = 'ACTIVE'")
        assert timedelta() <= ends_at - (began + number * PERIOD) < timedelta(minutes=1)
        assert renews
        moved.to(number * PERIOD)
    assert await rows("SELECT first_charge_id, renewal FROM stars_subscriptions") == [("c1", "active")]
    assert await rows("SELECT DISTINCT external_ref FROM payments") == [("c1",)]
    await books_agree()


async def test_a_renewal_is_told_with_its_sum_and_end_and_not_as_a_purchase(
    parent: ParentView, moved: ClockInHand
) -> None:
    order = await renewing_order(parent.parent_id)
    began = clock.now()
    await book_charge(charge(order, "c1"))
    moved.to(PERIOD)
    await book_charge(charge(order, "c2", period=2, period_ends_at=began + 2 * PERIOD))
    ((expires_at,),) = await rows("SELECT expires_at FROM subscriptions")
    said = {"what": "1 oy", "until": format_date_long("uz", clock.local_day(expires_at))}
    (_, (renewed,)) = await rows("SELECT message FROM notifications WHERE dedup_key LIKE 'payment:received:%' ORDER BY id")
    assert renewed == t("uz", "payment-renewed", amount="990 ⭐", **said)


@pytest.mark.parametrize("language", ["uz", "ru", "en"])
@pytest.mark.parametrize("key", ["payment-renewed", "payment-renewed-again"])
def test_a_renewal_names_sum_and_end_in_each_language(language: str, key: str) -> None:
    said = t(language, key, what="WHAT", amount="SUM", until="END")
    assert all(word in said for word in ("WHAT", "SUM", "END"))
    assert said != t(language, key.replace("renewed", "received"), what="WHAT", until="END")


async def test_access_lasts_at_least_as_long_as_telegram_says(parent: ParentView) -> None:
    order = await renewing_order(parent.parent_id)
    until = clock.now() + 31 * DAY
    await book_charge(charge(order, "c1", period_ends_at=until))
    assert await rows("SELECT expires_at FROM subscriptions") == [(until,)]


async def test_a_refund_takes_back_what_its_charge_gave_and_ends_the_renewal(parent: ParentView) -> None:
    order = await renewing_order(parent.parent_id)
    first = charge(order, "c1")
    await book_charge(first)
    await book_charge(charge(order, "c2", period=2))
    told = await asyncio.gather(*(book_refund(refund(first)) for _ in range(3)))
    assert sorted(one.name for one in told) == ["KNOWN", "KNOWN", "RETURNED"]
    assert await rows("SELECT status, auto_renew FROM subscriptions") == [("ACTIVE", False)]
    assert await rows("SELECT renewal FROM stars_subscriptions") == [("cancelled",)]
    ((kind, payload),) = await jobs()
    assert (kind, payload["charge_id"], payload["telegram_id"]) == ("end_renewal", "c1", DILNOZA)
    await books_agree()


async def test_a_refund_of_which_no_payment_was_told_is_recorded(parent: ParentView) -> None:
    paid = charge(await ordered(parent.parent_id), "c1")
    assert await book_refund(refund(paid)) is Booked.RETURNED
    assert await book_charge(paid) is Booked.KNOWN, "it comes too late, and gives nothing"
    assert await rows("SELECT status FROM payments") == [("REFUNDED",)]
    assert await rows("SELECT count(*) FROM subscription_grants") == [(0,)]
    await books_agree()


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"payload": "nonsense"}, "order_unknown"),
        ({"payload": "mnt2222222222222"}, "order_unknown"),
        ({"payer": RUSTAM}, "payer_not_owner"),
        ({"amount": 1}, "other_amount"),
    ],
)
async def test_what_can_open_nothing_goes_back(parent: ParentView, changes: dict[str, object], because: str) -> None:
    paid = charge(await ordered(parent.parent_id), "c1", **changes)  # type: ignore[arg-type]
    assert await book_charge(paid) is Booked.RETURNING
    assert await book_charge(paid) is Booked.KNOWN
    ((kind, payload),) = await jobs()
    assert (kind, payload["charge_id"], payload["telegram_id"]) == ("return_stars", "c1", paid.payer_id)
    assert await rows("SELECT status, parent_id FROM payments") == [("PENDING", None)]
    assert await rows("SELECT metadata ->> 'because' FROM event_logs WHERE event_name = 'stars_not_ours'") == [
        (because,)
    ]
    await books_agree()
    assert await check_books(clock.now()) == {}
    assert await book_refund(refund(paid)) is Booked.RETURNED, "Telegram tells that the job has done it"
    assert await check_books(clock.now()) == {}


async def test_what_is_not_paid_in_stars_is_for_a_person(parent: ParentView) -> None:
    with pytest.raises(RefusedError):
        await book_charge(charge(await ordered(parent.parent_id), "c1", currency="UZS"))


async def test_one_order_that_is_paid_twice_gives_once(parent: ParentView) -> None:
    order = await ordered(parent.parent_id)
    told = await asyncio.gather(book_charge(charge(order, "c1")), book_charge(charge(order, "c2")))
    assert {one.name for one in told} == {"GIVEN", "RETURNING"}
    assert await rows("SELECT count(*) FROM subscription_grants") == [(1,)]
    assert [kind for kind, _ in await jobs()] == ["return_stars"]


async def test_one_link_that_begins_two_subscriptions_gives_one_and_ends_the_other(parent: ParentView) -> None:
    order = await renewing_order(parent.parent_id)
    await book_charge(charge(order, "c1"))
    assert await book_charge(charge(order, "c2")) is Booked.RETURNING
    assert await rows("SELECT external_ref FROM payments WHERE status = 'PENDING'") == [("c2",)], "what is to be ended"


async def test_of_two_subscriptions_paid_at_one_moment_one_renews(parent: ParentView) -> None:
    first, second = await renewing_order(parent.parent_id), await renewing_order(parent.parent_id)
    await asyncio.gather(book_charge(charge(first, "c1")), book_charge(charge(second, "c2")))
    assert sorted(await rows("SELECT renewal FROM stars_subscriptions")) == [("active",), ("cancelled",)]
    assert [kind for kind, _ in await jobs()] == ["end_renewal"]
    assert await rows("SELECT count(*) FROM subscription_grants WHERE reversed_at IS NULL") == [(2,)], "both are paid"
    assert await rows("SELECT auto_renew FROM subscriptions") == [(True,)]


@pytest.mark.parametrize("kind", [OrderKind.ONE_OFF, OrderKind.STARS_SUBSCRIPTION])
async def test_what_comes_after_erasure_goes_back(parent: ParentView, kind: OrderKind) -> None:
    order = await ordered(parent.parent_id, kind)
    await erase_data(DILNOZA)
    assert await check_checkout(asked(order)) is CheckoutRefusal.EXPIRED
    paid = charge(order, "c1")
    assert await book_charge(paid) is Booked.RETURNING
    assert await rows("SELECT status, parent_id, order_id FROM payments") == [("PENDING", None, order.id)]
    ((_, payload),) = [job for job in await jobs() if job[0] == "return_stars"]
    assert (payload["charge_id"], payload["telegram_id"]) == ("c1", DILNOZA)
    assert await book_refund(refund(paid)) is Booked.RETURNED
    await books_agree()
    assert await check_books(clock.now()) == {}


async def test_a_renewal_after_erasure_goes_back_and_names_what_is_to_be_ended(parent: ParentView) -> None:
    order = await renewing_order(parent.parent_id)
    await book_charge(charge(order, "c1"))
    await erase_data(DILNOZA)
    assert [kind for kind, _ in await jobs()] == ["end_renewal"]
    assert await book_charge(charge(order, "c2", period=2)) is Booked.RETURNING
    assert await rows("SELECT external_ref FROM payments ORDER BY id") == [("c1",), ("c1",)]


async def test_telegrams_word_of_a_renewal_is_kept_and_a_failure_told(parent: ParentView) -> None:
    order = await renewing_order(parent.parent_id)
    assert await note_subscription_update(DILNOZA, order.public_id, "canceled") is None, "nothing is paid yet"
    await book_charge(charge(order, "c1"))
    for state, renewal in (("canceled", "cancelled"), ("active", "active"), ("failed", "failed")):
        assert await note_subscription_update(DILNOZA, order.public_id, state) == renewal
        assert await rows("SELECT renewal FROM stars_subscriptions") == [(renewal,)]
        assert await rows("SELECT auto_renew FROM subscriptions") == [(renewal == "active",)]
    assert await note_subscription_update(DILNOZA, order.public_id, "failed") is StarsRenewal.FAILED
    assert await rows("SELECT count(*) FROM notifications WHERE dedup_key LIKE '%renewal-failed%'") == [(1,)]
    assert await note_subscription_update(RUSTAM, order.public_id, "active") is None
    assert await note_subscription_update(DILNOZA, order.public_id, "unheard_of") is None
    assert await rows("SELECT status FROM subscriptions") == [("ACTIVE",)], "access lasts to its paid end"


async def test_a_parent_ends_the_renewal_and_allows_it_again(parent: ParentView, moved: ClockInHand) -> None:
    assert await get_stars_renewal(parent.parent_id) is None
    order = await renewing_order(parent.parent_id)
    with pytest.raises(NotFoundError):
        await end_stars_renewal(parent.parent_id)
    paid = charge(order, "c1")
    await book_charge(paid)
    assert await end_stars_renewal(parent.parent_id) == paid.period_ends_at
    await end_stars_renewal(parent.parent_id)
    seen = await get_stars_renewal(parent.parent_id)
    assert seen is not None
    assert (seen.order, seen.renews, seen.stars) == (order.public_id, False, 990)
    assert await rows("SELECT auto_renew FROM subscriptions") == [(False,)]
    assert await resume_stars_renewal(parent.parent_id) == paid.period_ends_at
    await resume_stars_renewal(parent.parent_id)
    assert [kind for kind, _ in await jobs()] == ["end_renewal", "resume_renewal"], "each press once"
    assert await rows("SELECT auto_renew FROM subscriptions") == [(False,)], "its user has not switched it on yet"
    await note_subscription_update(DILNOZA, order.public_id, "active")
    assert await rows("SELECT auto_renew FROM subscriptions") == [(True,)]
    with pytest.raises(NotFoundError):
        await end_stars_renewal(parent.parent_id + 1)
    await end_stars_renewal(parent.parent_id)
    moved.to(PERIOD)
    with pytest.raises(NotFoundError):
        await resume_stars_renewal(parent.parent_id)


async def test_what_goes_back_to_a_stranger_goes_back_though_the_owner_erases_everything(parent: ParentView) -> None:
    """Found by the machine of lives."""
    paid = charge(await ordered(parent.parent_id), "c1", RUSTAM)
    assert await book_charge(paid) is Booked.RETURNING
    await erase_data(DILNOZA)
    assert await rows("SELECT status FROM payments") == [("PENDING",)], "it is still with us"
    assert await book_refund(refund(paid)) is Booked.RETURNED
