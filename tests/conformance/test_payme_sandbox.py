"""PayMe's own sandbox (test.paycom.uz): its two scenarios, each call that changes something sent twice.

https://developer.help.paycom.uz, "Sandbox": the second answer is to be equal to the first.
"""

from __future__ import annotations

from tests.conformance.payme_client import (
    ACCOUNT,
    METHODS,
    NOT_AUTHORISED,
    WRONG_AMOUNT,
    FreshOrder,
    Merchant,
    basic,
    new_id,
    now_ms,
)


async def create_twice(merchant: Merchant, order: FreshOrder) -> str:
    """Steps 4 and 5 of both scenarios: the order may be paid, is begun to be, and not by anybody else meanwhile."""
    assert (await merchant.check_perform(order)).ok["allow"] is True
    payme_id, moment = new_id(), now_ms()
    first = await merchant.create(order, payme_id, moment)
    assert first.ok["state"] == 1
    assert isinstance(first.ok["transaction"], str)
    assert first.ok["create_time"] > 10**12
    assert await merchant.create(order, payme_id, moment) == first
    standing = (await merchant.check(payme_id)).ok
    assert {**standing} == {
        "create_time": first.ok["create_time"],
        "perform_time": 0,
        "cancel_time": 0,
        "transaction": first.ok["transaction"],
        "state": 1,
        "reason": None,
    }
    (await merchant.create(order, new_id())).refused(merchant.busy)
    return payme_id


async def test_scenario_one_create_and_cancel_unconfirmed(merchant: Merchant) -> None:
    order = await merchant.new_order()
    for method in METHODS:
        answer = await merchant.call(method, {}, authorization=basic(merchant.login, "not the key"))
        answer.refused(NOT_AUTHORISED)
    wrong = order.amount + 1
    (await merchant.check_perform(order, wrong)).refused(WRONG_AMOUNT)
    (await merchant.create(order, new_id(), amount=wrong)).refused(WRONG_AMOUNT)
    nobodys = FreshOrder("no such order", order.amount)
    (await merchant.check_perform(nobodys)).refused(ACCOUNT)
    (await merchant.create(nobodys, new_id())).refused(ACCOUNT)

    payme_id = await create_twice(merchant, order)
    cancelled = await merchant.cancel(payme_id, 3)
    assert cancelled.ok["state"] == -1
    assert cancelled.ok["cancel_time"] > 10**12
    assert await merchant.cancel(payme_id, 3) == cancelled
    standing = (await merchant.check(payme_id)).ok
    assert (standing["state"], standing["reason"], standing["perform_time"]) == (-1, 3, 0)
    assert standing["cancel_time"] == cancelled.ok["cancel_time"]
    assert standing["transaction"] == cancelled.ok["transaction"]


async def test_scenario_two_create_perform_and_cancel_confirmed(merchant: Merchant) -> None:
    order = await merchant.new_order()
    payme_id = await create_twice(merchant, order)
    performed = await merchant.perform(payme_id)
    assert performed.ok["state"] == 2
    assert performed.ok["perform_time"] > 10**12
    assert await merchant.perform(payme_id) == performed
    standing = (await merchant.check(payme_id)).ok
    assert (standing["state"], standing["perform_time"]) == (2, performed.ok["perform_time"])
    assert (standing["cancel_time"], standing["reason"]) == (0, None)

    cancelled = await merchant.cancel(payme_id, 5)
    assert cancelled.ok["state"] == -2
    assert await merchant.cancel(payme_id, 5) == cancelled
    standing = (await merchant.check(payme_id)).ok
    assert (standing["state"], standing["reason"]) == (-2, 5)
    assert standing["perform_time"] == performed.ok["perform_time"]
    assert standing["cancel_time"] == cancelled.ok["cancel_time"]
