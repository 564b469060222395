"""PayMe's stand-in: what it asks of a merchant when its till is used well, badly, twice, or not at all."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest

from mentorium_sandbox.tills.payme_link import PaymeLink
from sandbox_tests.tills.conftest import PAYME_ID, Street

ORDER = "mnt234567abcdefg"


def link(order: str = ORDER, amount: int = 9_900_000, merchant: str = PAYME_ID) -> str:
    text = f"m={merchant};ac.order_id={order};a={amount};l=en;c=https://t.me/bot"
    return "http://127.0.0.1:1/payme/" + base64.b64encode(text.encode()).decode()


def methods(calls: list[dict[str, Any]]) -> list[str]:
    return [call["method"].removesuffix("Transaction") for call in calls]


def test_the_link_of_the_documents_is_read() -> None:
    read = PaymeLink.read("https://test.paycom.uz/bT01ODdmNzJjNzJjYWMwZDE2MmM3MjJhZTI7YWMub3JkZXJfaWQ9MTk3O2E9NTAw")
    assert (read.merchant_id, read.account, read.amount) == (PAYME_ID, {"order_id": "197"}, 500)


async def test_a_payment_opens_closes_and_sends_the_receipt(street: Street) -> None:
    order = street.order()
    told = await street.post("/payme/pay", link=link(), outcome="ok")
    assert methods(told["calls"]) == ["CheckPerform", "Create", "Perform", "SetFiscalData"]
    assert [call["status"] for call in told["calls"]] == [200] * 4
    assert told["calls"][2]["answer"]["result"]["state"] == 2
    assert told["calls"][1]["request"]["params"]["account"] == {"order_id": ORDER}
    assert order.grants == 1
    (receipt,) = street.shop.receipts
    assert receipt["type"] == "PERFORM"
    assert receipt["fiscal_data"]["qr_code_url"].startswith("https://ofd.soliq.uz/")


async def test_a_paid_order_is_refused_before_anything_is_opened(street: Street) -> None:
    street.order()
    await street.post("/payme/pay", link=link(), outcome="ok")
    told = await street.post("/payme/pay", link=link(), outcome="ok")
    assert methods(told["calls"]) == ["CheckPerform"]
    assert told["message"]["en"] == "refused -31051"


async def test_a_declined_card_frees_the_order(street: Street) -> None:
    order = street.order()
    told = await street.post("/payme/pay", link=link(), outcome="decline")
    assert methods(told["calls"]) == ["CheckPerform", "Create", "Cancel"]
    assert told["calls"][-1]["request"]["params"]["reason"] == 2
    assert order.grants == 0
    assert (await street.post("/payme/pay", link=link(), outcome="ok"))["transaction"]["state"] == 2


async def test_two_windows_pay_once(street: Street) -> None:
    order = street.order()
    calls = (await street.post("/payme/pay", link=link(), outcome="twice"))["calls"]
    performs = [call["answer"] for call in calls if call["method"] == "PerformTransaction"]
    assert len(performs) == 2
    assert performs[0]["result"] == performs[1]["result"]
    creates = [call for call in calls if call["method"] == "CreateTransaction"]
    assert len({call["request"]["params"]["id"] for call in creates}) == 2
    assert creates[-1]["answer"]["error"]["code"] == -31008
    assert order.grants == 1


async def test_lost_answers_make_payme_ask_the_same_again(street: Street) -> None:
    order = street.order()
    calls = (await street.post("/payme/pay", link=link(), outcome="lost_answer"))["calls"]
    assert methods(calls) == ["CheckPerform", "Create", "Create", "Perform", "Perform", "SetFiscalData"]
    assert [call["status"] for call in calls] == [200, None, 200, None, 200, 200]
    assert calls[3]["request"] == calls[4]["request"]
    assert calls[3]["lost"]["answer"] == calls[4]["answer"]
    assert order.grants == 1


async def test_a_refund_follows_the_payment(street: Street) -> None:
    order = street.order()
    told = await street.post("/payme/pay", link=link(), outcome="cancel_after")
    assert methods(told["calls"])[-2:] == ["Cancel", "SetFiscalData"]
    assert told["transaction"]["state"] == -2
    assert order.grants == 0
    assert [receipt["type"] for receipt in street.shop.receipts] == ["PERFORM", "CANCEL"]


async def test_the_cabinet_refunds_later(street: Street) -> None:
    order = street.order()
    await street.post("/payme/pay", link=link(), outcome="ok")
    told = await street.post("/payme/refund", order_id=ORDER)
    assert methods(told["calls"]) == ["Cancel", "SetFiscalData"]
    assert told["calls"][0]["request"]["params"]["reason"] == 5
    assert order.grants == 0
    assert (await street.control("POST", "/payme/refund", {"order_id": ORDER}))[0] == 404


async def test_the_cabinets_page_refunds(street: Street) -> None:
    order = street.order()
    address = f"{street.url}/payme/cabinet"
    async with street.http.get(address) as answer:
        assert "Nobody has been at the till yet" in await answer.text()
    paid = (await street.post("/payme/pay", link=link(), outcome="ok"))["transaction"]["id"]
    async with street.http.post(address, data={"transaction": paid}) as answer:
        assert "given back" in await answer.text()
    assert order.grants == 0


async def test_an_open_till_is_given_up_after_twelve_hours(street: Street) -> None:
    street.order()
    told = await street.post("/payme/pay", link=link(), outcome="timeout")
    assert methods(told["calls"]) == ["CheckPerform", "Create"]
    due = street.tills.next_due()
    assert due is not None
    assert timedelta(hours=12) < due - street.clock() < timedelta(hours=12, minutes=2)
    street.clock.offset += timedelta(hours=13)
    await street.tills.go_on()
    (transaction,) = street.shop.payme.values()
    assert (transaction["state"], transaction["reason"]) == (-1, 4)
    assert street.tills.next_due() is None


async def test_a_merchant_that_is_away_for_a_moment_is_asked_again(street: Street) -> None:
    order = street.order()
    street.shop.refused = 2
    calls = (await street.post("/payme/pay", link=link(), outcome="ok"))["calls"]
    assert methods(calls)[:3] == ["CheckPerform"] * 3
    assert [call["status"] for call in calls[:3]] == [500, 500, 200]
    assert order.grants == 1


async def test_faults_lose_answers_and_close_payme(street: Street) -> None:
    order = street.order()
    await street.post("/faults", target="payme", kind="drop_response", match="PerformTransaction", times=1)
    calls = (await street.post("/payme/pay", link=link(), outcome="ok"))["calls"]
    assert methods(calls) == ["CheckPerform", "Create", "Perform", "Perform", "SetFiscalData"]
    assert order.grants == 1
    await street.post("/faults", target="payme", kind="down", match="CheckPerformTransaction")
    calls = (await street.post("/payme/pay", link=link(), outcome="ok"))["calls"]
    assert {call["status"] for call in calls} == {None}
    assert methods(street_seen(street))[-1] == "SetFiscalData"


def street_seen(street: Street) -> list[dict[str, Any]]:
    return [{"method": method} for method in street.shop.seen]


async def test_a_registered_card_pays_only_what_it_has(street: Street) -> None:
    order = street.order()
    poor = await street.post("/payme/cards", balance=100)
    told = await street.post("/payme/pay", link=link(), outcome="ok", card=poor["number"])
    assert methods(told["calls"])[-1] == "Cancel"
    rich = await street.post("/payme/cards", number="8600123412341234", balance=9_900_000)
    await street.post("/payme/pay", link=link(), outcome="ok", card="8600 1234 1234 1234")
    assert order.grants == 1
    assert rich["sms_code"] == "666666"
    blocked = {"link": link(), "outcome": "ok", "card": "8600999999999999"}
    assert (await street.control("POST", "/payme/pay", blocked))[0] == 400


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"link": "https://x/%%%", "outcome": "ok"}, "link"),
        ({"link": link(), "outcome": "well"}, "outcome"),
        ({"link": link(merchant="another"), "outcome": "ok"}, "-31601"),
        ({"link": link(amount=0), "outcome": "ok"}, "amount"),
        ({"outcome": "ok"}, "link"),
    ],
)
async def test_what_no_till_would_open_is_refused(street: Street, body: dict[str, Any], words: str) -> None:
    status, told = await street.control("POST", "/payme/pay", body)
    assert status == 400
    assert words in told["error"]
    assert street.shop.seen == []


async def test_the_page_pays(street: Street) -> None:
    order = street.order()
    address = street.url + link().partition(":1")[2]
    async with street.http.get(address) as answer:
        text = await answer.text()
        assert answer.status == 200
        assert "99 000.00 UZS" in text
        assert ORDER in text
    async with street.http.post(address, data={"outcome": "ok", "card": "1"}) as answer:
        assert "No such card: 1" in await answer.text()
    async with street.http.post(address, data={"outcome": "ok", "card": "8600 4954 7331 6478"}) as answer:
        text = await answer.text()
        assert "Paid" in text
        assert "PerformTransaction" in text
    assert order.grants == 1
    async with street.http.post(address, data={"outcome": "ok"}) as answer:
        assert "refused -31051" in await answer.text()
    async with street.http.get(f"{street.url}/payme/bm90aGluZw==") as answer:
        assert "names no merchant" in await answer.text()
