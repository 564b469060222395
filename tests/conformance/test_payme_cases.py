"""The Merchant API beyond PayMe's sandbox: what is refused, what is repeated, what two ask for at once."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable

import pytest

from tests.conformance.payme_client import (
    ACCOUNT,
    BAD_PARAMS,
    BAD_REQUEST,
    IMPOSSIBLE,
    LIFE_MS,
    METHODS,
    NO_METHOD,
    NO_RECEIPT,
    NO_TRANSACTION,
    NOT_AUTHORISED,
    NOT_JSON,
    NOT_POST,
    WRONG_AMOUNT,
    FreshOrder,
    Merchant,
    basic,
    new_id,
    now_ms,
    read_answer,
)

FISCAL = {
    "receipt_id": 121,
    "status_code": 0,
    "message": "accepted",
    "terminal_id": "EP000000000025",
    "fiscal_sign": "800031554082",
    "qr_code_url": "https://ofd.soliq.uz/check?t=EP000000000025&r=121",
    "date": "20261127120000",
}


STRANGERS: dict[str, Callable[[Merchant], str]] = {
    "nothing": lambda _: "",
    "no credentials": lambda _: "Basic",
    "no base64": lambda _: "Basic !!!",
    "no text": lambda _: "Basic " + base64.b64encode(b"\xff\xfe:\xff").decode(),
    "an empty key": lambda merchant: basic(merchant.login, ""),
    "letters of no key": lambda merchant: basic(merchant.login, "ключ"),
    "another login": lambda merchant: basic("Somebody", merchant.key),
    "another scheme": lambda merchant: f"Bearer {merchant.key}",
    "the key alone": lambda merchant: "Basic " + base64.b64encode(merchant.key.encode()).decode(),
    "more than the key": lambda merchant: basic(merchant.login, merchant.key + "x"),
}


@pytest.mark.parametrize("stranger", STRANGERS)
async def test_nobody_but_payme_is_answered(merchant: Merchant, stranger: str) -> None:
    order, payme_id = await merchant.new_order(), new_id()
    params = {"id": payme_id, "time": now_ms(), "amount": order.amount, "account": merchant.account(order)}
    for number, method in enumerate((*METHODS, "NoSuchMethod")):
        body = {"method": method, "params": params, "id": number}
        answer = await merchant.post(body, authorization=STRANGERS[stranger](merchant))
        read_answer(answer, number).refused(NOT_AUTHORISED)
    (await merchant.check(payme_id)).refused(NO_TRANSACTION)


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_every_other_method_of_http_is_answered_with_200(merchant: Merchant, method: str) -> None:
    read_answer(await merchant.post(method=method, raw=b""), None).refused(NOT_POST)


@pytest.mark.parametrize("raw", [b"", b"{", b"[1, 2", b"\xff\xfe\x00", b'{"id": NaN}', b"[" * 5000, b"id=1&method=x"])
async def test_a_body_that_is_no_json(merchant: Merchant, raw: bytes) -> None:
    read_answer(await merchant.post(raw=raw), None).refused(NOT_JSON)


@pytest.mark.parametrize(
    ("body", "request_id"),
    [
        ([{"method": "CheckTransaction", "params": {"id": "1"}, "id": 1}], None),
        ("CheckTransaction", None),
        (None, None),
        ({"id": 5}, 5),
        ({"id": 5, "params": {}}, 5),
        ({"id": 5, "method": 7, "params": {}}, 5),
        ({"id": 5, "method": "CheckTransaction"}, 5),
        ({"id": 5, "method": "CheckTransaction", "params": ["1"]}, 5),
        ({"id": 5, "method": "CheckTransaction", "params": {}}, 5),
        ({"id": 5, "method": "CheckTransaction", "params": {"id": 7}}, 5),
        ({"id": 5, "method": "PerformTransaction", "params": {"id": None}}, 5),
    ],
)
async def test_a_request_that_lacks_what_it_needs(merchant: Merchant, body: object, request_id: int | None) -> None:
    answer = await merchant.post(raw=json.dumps(body).encode())
    read_answer(answer, request_id).refused(BAD_REQUEST)


@pytest.mark.parametrize("method", ["ChangePassword", "checkTransaction", "receipts.create"])
async def test_a_method_that_is_unknown_is_named(merchant: Merchant, method: str) -> None:
    answer = await merchant.call(method, {})
    answer.refused(NO_METHOD)
    assert answer.data == method


@pytest.mark.parametrize("account", [None, {}, [], "mnt", {"{field}": None}, {"{field}": 1}, {"{field}": ""}])
async def test_an_account_that_is_none(merchant: Merchant, account: object) -> None:
    order = await merchant.new_order()
    if isinstance(account, dict):
        account = dict(zip([merchant.field_name], account.values(), strict=False))
    params = {"id": new_id(), "time": now_ms(), "amount": order.amount, "account": account}
    for method in ("CheckPerformTransaction", "CreateTransaction"):
        (await merchant.call(method, params)).refused(ACCOUNT)
    (await merchant.check(str(params["id"]))).refused(NO_TRANSACTION)


@pytest.mark.parametrize("wrong", [-1, 0, 1, "half", "more", "as text", None, True])
async def test_an_amount_that_is_not_the_orders(merchant: Merchant, wrong: object) -> None:
    order, payme_id = await merchant.new_order(), new_id()
    named = {"half": order.amount / 2, "more": order.amount + 1, "as text": str(order.amount)}
    amount = named.get(wrong, wrong) if isinstance(wrong, str) else wrong
    params = {"id": payme_id, "time": now_ms(), "amount": amount, "account": merchant.account(order)}
    for method in ("CheckPerformTransaction", "CreateTransaction"):
        (await merchant.call(method, params)).refused(WRONG_AMOUNT)
    (await merchant.check(payme_id)).refused(NO_TRANSACTION)
    assert (await merchant.check_perform(order)).ok["allow"] is True


async def test_the_account_is_judged_before_the_amount(merchant: Merchant) -> None:
    (await merchant.check_perform(FreshOrder("no such order", 1))).refused(ACCOUNT)


async def test_what_is_repeated_with_another_body_is_refused(merchant: Merchant) -> None:
    order, payme_id = await merchant.created()
    (await merchant.create(order, payme_id, amount=order.amount + 1)).refused(IMPOSSIBLE)
    (await merchant.create(await merchant.new_order(), payme_id)).refused(IMPOSSIBLE)
    assert (await merchant.check(payme_id)).ok["state"] == 1


async def test_while_one_payment_is_under_way_no_other_is_begun(merchant: Merchant) -> None:
    order, payme_id = await merchant.created()
    other = new_id()
    (await merchant.check_perform(order)).refused(ACCOUNT, IMPOSSIBLE)
    (await merchant.create(order, other)).refused(merchant.busy)
    (await merchant.check(other)).refused(NO_TRANSACTION)
    assert (await merchant.check(payme_id)).ok["state"] == 1


async def test_a_cancelled_payment_can_be_made_anew_and_itself_never(merchant: Merchant) -> None:
    order, payme_id = await merchant.created()
    cancelled = await merchant.cancel(payme_id, 3)
    (await merchant.create(order, payme_id)).refused(IMPOSSIBLE)
    (await merchant.perform(payme_id)).refused(IMPOSSIBLE)
    assert (await merchant.check(payme_id)).ok["cancel_time"] == cancelled.ok["cancel_time"]
    assert (await merchant.check_perform(order)).ok["allow"] is True
    _, again = await merchant.created(order)
    assert (await merchant.perform(again)).ok["state"] == 2


async def test_a_paid_order_takes_no_second_payment(merchant: Merchant) -> None:
    order, payme_id = await merchant.performed()
    (await merchant.check_perform(order)).refused(ACCOUNT)
    (await merchant.create(order, new_id())).refused(ACCOUNT)
    assert (await merchant.check(payme_id)).ok["state"] == 2


async def test_what_was_given_back_stays_closed(merchant: Merchant) -> None:
    order, payme_id = await merchant.performed()
    assert (await merchant.cancel(payme_id, 5)).ok["state"] == -2
    (await merchant.perform(payme_id)).refused(IMPOSSIBLE)
    (await merchant.check_perform(order)).refused(ACCOUNT)
    (await merchant.create(order, new_id())).refused(ACCOUNT)
    assert (await merchant.check(payme_id)).ok["state"] == -2


async def test_the_first_reason_stands_whatever_it_is(merchant: Merchant) -> None:
    for state, (_, payme_id) in ((-1, await merchant.created()), (-2, await merchant.performed())):
        first = await merchant.cancel(payme_id, 77)
        assert first.ok["state"] == state
        assert await merchant.cancel(payme_id, 1) == first
        assert (await merchant.check(payme_id)).ok["reason"] == 77


@pytest.mark.parametrize("method", ["PerformTransaction", "CancelTransaction", "CheckTransaction"])
async def test_a_transaction_that_is_unknown(merchant: Merchant, method: str) -> None:
    (await merchant.call(method, {"id": new_id(), "reason": 1})).refused(NO_TRANSACTION)


async def test_twelve_hours_end_a_payment_and_release_its_order(merchant: Merchant) -> None:
    order, payme_id = await merchant.new_order(), new_id()
    moment = now_ms() - LIFE_MS + 1_500
    assert (await merchant.create(order, payme_id, moment)).ok["state"] == 1
    await asyncio.sleep(1.6)
    (await merchant.perform(payme_id)).refused(IMPOSSIBLE)
    standing = (await merchant.check(payme_id)).ok
    assert (standing["state"], standing["reason"], standing["perform_time"]) == (-1, 4, 0)
    assert standing["cancel_time"] > 0
    (await merchant.create(order, payme_id, moment)).refused(IMPOSSIBLE)
    _, again = await merchant.created(order)
    assert (await merchant.perform(again)).ok["state"] == 2


async def test_a_payment_begun_more_than_twelve_hours_ago_is_not_taken(merchant: Merchant) -> None:
    order, payme_id = await merchant.new_order(), new_id()
    (await merchant.create(order, payme_id, now_ms() - LIFE_MS - 60_000)).refused(IMPOSSIBLE)
    (await merchant.check(payme_id)).refused(NO_TRANSACTION)
    assert (await merchant.check_perform(order)).ok["allow"] is True


async def test_a_statement_holds_all_states_by_paymes_time_both_ends_included(merchant: Merchant) -> None:
    first = now_ms() - 3_600_000 - int(new_id()[:4], 16)  # a stretch of time that is nobody else's
    told = []
    for step in (2, 0, 1):
        order, payme_id = await merchant.new_order(), new_id()
        created = (await merchant.create(order, payme_id, first + step)).ok
        told.append((first + step, payme_id, order, created["transaction"]))
    await merchant.perform(told[0][1])
    await merchant.cancel(told[1][1], 3)
    (await merchant.create(await merchant.new_order(), new_id(), first + 1, amount=1)).refused(WRONG_AMOUNT)

    listed = (await merchant.statement(first, first + 2)).ok["transactions"]
    assert [(one["time"], one["id"], one["transaction"]) for one in listed] == [
        (moment, payme_id, transaction) for moment, payme_id, _, transaction in sorted(told, key=lambda row: row[0])
    ]
    assert [one["state"] for one in listed] == [-1, 1, 2]
    for one in listed:
        order = next(order for _, payme_id, order, _ in told if payme_id == one["id"])
        assert (one["amount"], one["account"]) == (order.amount, merchant.account(order))
        standing = (await merchant.check(one["id"])).ok
        assert {name: one[name] for name in standing} == {**standing}
    assert len((await merchant.statement(first + 1, first + 1)).ok["transactions"]) == 1
    assert (await merchant.statement(first - 1, first - 1)).ok["transactions"] == []


async def test_a_statement_of_no_period(merchant: Merchant) -> None:
    for since, until in ((None, now_ms()), (0, None), ("0", now_ms()), (now_ms(), 0)):
        (await merchant.statement(since, until)).refused(BAD_REQUEST)


async def test_fiscal_data_are_taken_for_sale_and_return_however_often(merchant: Merchant) -> None:
    """SetFiscalData is optional: a merchant without it says that it does not know the method."""
    _, payme_id = await merchant.performed()
    params = {"id": payme_id, "type": "PERFORM", "fiscal_data": FISCAL}
    first = await merchant.call("SetFiscalData", params)
    if first.code == NO_METHOD:
        return
    assert first.ok == {"success": True}
    assert await merchant.call("SetFiscalData", params) == first
    await merchant.cancel(payme_id, 5)
    assert (await merchant.call("SetFiscalData", {**params, "type": "CANCEL"})).ok == {"success": True}
    (await merchant.call("SetFiscalData", {**params, "id": new_id()})).refused(NO_RECEIPT)
    (await merchant.call("SetFiscalData", {**params, "type": "OTHER"})).refused(BAD_PARAMS)
    (await merchant.call("SetFiscalData", {**params, "fiscal_data": "none"})).refused(BAD_PARAMS)
    assert (await merchant.check(payme_id)).ok["state"] == -2


async def test_of_two_that_begin_to_pay_at_once_one_does(merchant: Merchant) -> None:
    order, ids = await merchant.new_order(), [new_id() for _ in range(4)]
    answers = await asyncio.gather(*(merchant.create(order, one) for one in ids))
    assert sorted(answer.code is None for answer in answers) == [False, False, False, True]
    for answer in answers:
        if answer.code is not None:
            answer.refused(merchant.busy)


async def test_the_same_call_at_once_has_the_same_answer(merchant: Merchant) -> None:
    order, payme_id, moment = await merchant.new_order(), new_id(), now_ms()
    created = await asyncio.gather(*(merchant.create(order, payme_id, moment) for _ in range(4)))
    assert created[0].ok["state"] == 1
    assert all(answer == created[0] for answer in created)
    performed = await asyncio.gather(*(merchant.perform(payme_id) for _ in range(4)))
    assert performed[0].ok["state"] == 2
    assert all(answer == performed[0] for answer in performed)
    cancelled = await asyncio.gather(*(merchant.cancel(payme_id, 5) for _ in range(4)))
    assert cancelled[0].ok["state"] == -2
    assert all(answer == cancelled[0] for answer in cancelled)


async def test_perform_and_cancel_at_once_leave_one_of_two_ends(merchant: Merchant) -> None:
    for _ in range(3):
        _, payme_id = await merchant.created()
        performed, cancelled = await asyncio.gather(merchant.perform(payme_id), merchant.cancel(payme_id, 3))
        standing = (await merchant.check(payme_id)).ok
        assert cancelled.ok["state"] == standing["state"]
        if standing["state"] == -1:
            performed.refused(IMPOSSIBLE)
        else:
            assert (standing["state"], performed.ok["state"]) == (-2, 2)
