"""Telegram Stars at a bot, from Telegram's side: what it answers before a payment, and what it gives for one.

https://core.telegram.org/bots/payments-stars, https://core.telegram.org/bots/api#payments. Updates come at least once,
whatever has become of what they tell of; what a payer has is the merchant's own word (`access_until`).
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import Any, Final

import pytest

from tests.conformance.stars_telegram import (
    MONTH_S,
    StarsBot,
    StarsOrder,
    new_charge_id,
    numbered,
    period,
    person,
    read_answer,
    told_of_payment,
)

NEARLY_S: Final = 120
"""Between the moment of a payment and when it is booked."""


def about(moment: float) -> Any:
    return lambda found: abs(found - moment) < NEARLY_S


async def gone_back(stars: StarsBot, payer_id: int, charge_id: str) -> None:
    """The bot asks Telegram to give this charge back to who has paid it."""
    wanted = {"user_id": str(payer_id), "telegram_payment_charge_id": charge_id}
    await stars.api.until(lambda: bool(stars.api.asked("refundStarPayment", **wanted)))


async def renewal_ended(stars: StarsBot, payer_id: int, first_charge_id: str) -> None:
    """The bot asks Telegram to renew this no more; it is known by its first charge."""
    wanted = {"user_id": str(payer_id), "telegram_payment_charge_id": first_charge_id}
    asked = "editUserStarSubscription"
    await stars.api.until(lambda: any(_true(one["is_canceled"]) for one in stars.api.asked(asked, **wanted)))


def _true(said: str) -> bool:
    return said.lower() == "true"


async def subscribed(stars: StarsBot) -> tuple[StarsOrder, str, int]:
    """An order whose first period is paid, its charge, and when it began."""
    order, began = await stars.new_order("subscription"), int(time.time())
    assert (await stars.checkout(order)).ok
    charge_id = await stars.pay(order, **period(1, began))
    await stars.until_access(order.payer_id, about(began + MONTH_S))
    return order, charge_id, began


async def test_a_webhook_without_its_secret_is_not_listened_to(stars: StarsBot) -> None:
    order = await stars.new_order("one_off")
    for secret in ("", "another", f"{stars.secret}x", stars.secret[:-1]):
        answer = await stars.post(told_of_payment(order, new_charge_id()), secret=secret)
        assert not answer.is_success
    assert (await stars.checkout(order)).ok, "it is not paid"
    assert await stars.access_until(order.payer_id) == 0


@pytest.mark.parametrize("kind", ["one_off", "subscription"])
async def test_who_may_pay_is_let_in_time_however_often_it_is_tried(stars: StarsBot, kind: Any) -> None:
    order = await stars.new_order(kind)
    for _ in range(3):
        assert (await stars.checkout(order)).ok


@pytest.mark.parametrize(
    "wrong",
    [
        {"total_amount": 1},
        {"total_amount": 0},
        {"total_amount": 2**31},
        {"currency": "UZS"},
        {"invoice_payload": "no such order"},
        {"invoice_payload": "'; DROP TABLE orders; --"},
        {"invoice_payload": "\u202e\u0661" * 16},
        {"invoice_payload": ""},
    ],
)
async def test_what_may_not_be_paid_is_refused_with_a_reason(stars: StarsBot, wrong: dict[str, Any]) -> None:
    order = await stars.new_order("one_off")
    assert not (await stars.checkout(order, **wrong)).ok
    assert (await stars.checkout(order)).ok


async def test_a_sum_one_star_off_is_refused(stars: StarsBot) -> None:
    order = await stars.new_order("one_off")
    for amount in (order.stars - 1, order.stars + 1, order.stars * 100):
        assert not (await stars.checkout(order, total_amount=amount)).ok


async def test_a_forwarded_invoice_is_not_paid_by_somebody_else(stars: StarsBot) -> None:
    order, other = await stars.new_order("one_off"), await stars.new_order("one_off")
    assert not (await stars.checkout(order, payer_id=other.payer_id)).ok, "who has an order of their own"
    assert not (await stars.checkout(order, payer_id=2**40 + 5)).ok, "whom nobody knows"


async def test_an_order_that_has_expired_is_not_begun_and_what_was_begun_is_finished(stars: StarsBot) -> None:
    order = await stars.new_order("expired")
    assert not (await stars.checkout(order)).ok
    began = time.time()
    await stars.pay(order)  # it was let in a moment before
    await stars.until_access(order.payer_id, lambda found: found > began)


async def test_a_payment_gives_once_however_often_it_is_told(stars: StarsBot) -> None:
    order = await stars.new_order("one_off")
    assert (await stars.checkout(order)).ok
    charge_id = new_charge_id()
    update = told_of_payment(order, charge_id)
    await stars.deliver(update)
    given = await stars.until_access(order.payer_id, lambda found: found > time.time())
    await stars.deliver(update)  # the same update
    await stars.pay(order, charge_id)  # the same charge in another
    await asyncio.gather(*(stars.pay(order, charge_id) for _ in range(4)))
    await stars.handled(order.payer_id)
    assert await stars.access_until(order.payer_id) == given
    assert not (await stars.checkout(order)).ok, "it is paid"
    assert not stars.api.asked("refundStarPayment", telegram_payment_charge_id=charge_id)


async def test_of_one_charge_told_at_once_one_gives(stars: StarsBot) -> None:
    order, charge_id = await stars.new_order("one_off"), new_charge_id()
    one = await stars.until_access((await _paid(stars)).payer_id, lambda found: found > 0)
    await asyncio.gather(*(stars.pay(order, charge_id) for _ in range(6)))
    await stars.until_access(order.payer_id, about(one))
    await stars.handled(order.payer_id)
    assert about(one)(await stars.access_until(order.payer_id))


async def _paid(stars: StarsBot) -> StarsOrder:
    order = await stars.new_order("one_off")
    await stars.pay(order)
    return order


async def test_a_subscription_lasts_as_long_as_telegram_says_and_renews_by_its_payload(stars: StarsBot) -> None:
    order, first, began = await subscribed(stars)
    second = await stars.pay(order, **period(2, began))  # no checkout comes before a renewal
    given = await stars.until_access(order.payer_id, lambda found: found > began + 2 * MONTH_S - NEARLY_S)
    await stars.pay(order, second, **period(2, began))
    await stars.pay(order, first, **period(1, began))  # of the first, and late
    await stars.handled(order.payer_id)
    assert await stars.access_until(order.payer_id) == given
    assert not any(stars.api.asked("refundStarPayment", telegram_payment_charge_id=one) for one in (first, second))


async def test_no_second_subscription_is_begun_beside_one_that_renews(stars: StarsBot) -> None:
    order, *_ = await subscribed(stars)
    other = replace(await stars.new_order("subscription"), payer_id=order.payer_id)
    assert not (await stars.checkout(other)).ok


@pytest.mark.parametrize("state", ["canceled", "active", "failed"])
async def test_what_becomes_of_a_renewal_takes_back_nothing_that_is_paid(stars: StarsBot, state: str) -> None:
    order, _, began = await subscribed(stars)
    for told in (state, state):
        await stars.renewal_is(order, told)
    await stars.handled(order.payer_id)
    assert about(began + MONTH_S)(await stars.access_until(order.payer_id))
    await stars.pay(order, **period(2, began))  # taken up again, or paid at last
    await stars.until_access(order.payer_id, lambda found: found > began + 2 * MONTH_S - NEARLY_S)


async def test_news_of_a_subscription_that_nobody_knows_do_no_harm(stars: StarsBot) -> None:
    order = await stars.new_order("subscription")
    await stars.renewal_is(order, "active")  # never paid
    await stars.renewal_is(replace(order, payload="no such order"), "canceled")
    await stars.renewal_is(order, "a state of tomorrow")
    await stars.handled(order.payer_id)
    assert await stars.access_until(order.payer_id) == 0
    assert (await stars.checkout(order)).ok


async def test_a_refund_takes_back_access_and_stays(stars: StarsBot) -> None:
    order = await stars.new_order("one_off")
    charge_id = await stars.pay(order)
    await stars.until_access(order.payer_id, lambda found: found > 0)
    for _ in range(3):
        await stars.give_back(order, charge_id)
    await stars.until_access(order.payer_id, lambda found: found < time.time())
    await stars.pay(order, charge_id)  # an update of the payment that comes once more
    assert not (await stars.checkout(order)).ok, "what was given back stays closed"
    assert await stars.access_until(order.payer_id) < time.time()


async def test_a_refund_that_is_told_before_its_payment_leaves_nothing(stars: StarsBot) -> None:
    order, charge_id = await stars.new_order("one_off"), new_charge_id()
    await stars.give_back(order, charge_id)
    await stars.handled(order.payer_id)
    await stars.pay(order, charge_id)
    await stars.handled(order.payer_id)
    assert await stars.access_until(order.payer_id) == 0


async def test_the_refund_of_a_renewal_takes_its_period_and_ends_the_renewal(stars: StarsBot) -> None:
    order, first, began = await subscribed(stars)
    second = await stars.pay(order, **period(2, began))
    await stars.until_access(order.payer_id, lambda found: found > began + 2 * MONTH_S - NEARLY_S)
    await stars.give_back(order, second)
    await stars.until_access(order.payer_id, about(began + MONTH_S))
    await renewal_ended(stars, order.payer_id, first)


@pytest.mark.parametrize("wrong", ["payer", "amount", "order", "twice"])
async def test_stars_that_can_open_nothing_go_back(stars: StarsBot, wrong: str) -> None:
    order = await stars.new_order("one_off")
    if wrong == "twice":
        await stars.pay(order)
    before = await stars.until_access(order.payer_id, lambda found: (found > 0) is (wrong == "twice"))
    changed: dict[str, dict[str, Any]] = {
        "payer": {"payer_id": order.payer_id + 10**9},
        "amount": {"total_amount": order.stars - 1},
        "order": {"invoice_payload": "no such order"},
        "twice": {},
    }
    charge_id = await stars.pay(order, **changed[wrong])
    payer_id = changed[wrong].get("payer_id", order.payer_id)
    await gone_back(stars, payer_id, charge_id)
    await stars.give_back(order, charge_id, **changed[wrong])  # as Telegram then tells
    await stars.handled(order.payer_id)
    assert await stars.access_until(order.payer_id) == before
    if wrong != "twice":
        assert (await stars.checkout(order)).ok, "the order itself is as it was"


async def test_a_subscription_that_can_open_nothing_goes_back_and_renews_no_more(stars: StarsBot) -> None:
    order = await stars.new_order("subscription")
    charge_id = await stars.pay(order, invoice_payload="no such order", **period(1, int(time.time())))
    await gone_back(stars, order.payer_id, charge_id)
    await renewal_ended(stars, order.payer_id, charge_id)
    assert await stars.access_until(order.payer_id) == 0


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"message": None},
        {"message": {"successful_payment": {}}},
        {"message": {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "refunded_payment": None}},
        {"pre_checkout_query": {"id": "1"}},
        {
            "pre_checkout_query": {
                "id": 1,
                "from": person(7),
                "currency": "XTR",
                "total_amount": "x",
                "invoice_payload": 5,
            }
        },
        {"subscription": {"user": {"id": "nobody"}, "state": None}},
        {"a_kind_of_tomorrow": {"from": person(7)}},
    ],
    ids=lambda odd: next(iter(odd), "empty"),
)
async def test_an_update_that_cannot_be_read_holds_up_no_payment(stars: StarsBot, odd: dict[str, Any]) -> None:
    assert (await stars.post(numbered(**odd))).status_code < 500
    order = await stars.new_order("one_off")
    assert (await stars.checkout(order)).ok
    await stars.pay(order)
    await stars.until_access(order.payer_id, lambda found: found > 0)


async def test_a_checkout_is_answered_while_many_write(stars: StarsBot) -> None:
    """By strangers and by the payer, whose thumb is on the button."""
    order = await stars.new_order("one_off")
    writing = [order.payer_id] * 50 + [2**40 + number for number in range(50)]

    async def write(user_id: int) -> None:
        chat = {"id": user_id, "type": "private", "first_name": "Payer"}
        told = {"message_id": 1, "date": int(time.time()), "chat": chat, "from": person(user_id), "text": "Hello"}
        await stars.deliver(numbered(message=told))

    await asyncio.gather(*(write(user_id) for user_id in writing))
    assert (await stars.checkout(order)).ok


async def test_each_question_is_answered_once_and_readably(stars: StarsBot) -> None:
    """Of all that were asked here."""
    answers = stars.api.asked("answerPreCheckoutQuery")
    assert len({one["pre_checkout_query_id"] for one in answers}) == len(answers)
    for one in answers:
        read_answer(one)
