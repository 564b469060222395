"""Click's stand-in: its signed calls, its Merchant API, and what becomes of a payment on good and bad days."""

from __future__ import annotations

import hashlib
import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from mentorium_sandbox.tills.click_till import signature
from sandbox_tests.tills.conftest import Street
from sandbox_tests.tills.shop import CLICK_SECRET, CLICK_SERVICE

ORDER = "mnt234567abcdefg"
ITEM = {
    "Name": "Mentorium, 30 kun",
    "SPIC": "10305008003000000",
    "PackageCode": "1209885",
    "Price": 9_900_000,
    "Amount": 1000,
    "VAT": 1_060_714,
    "VATPercent": 12,
    "CommissionInfo": {"TIN": "123456789"},
}


def link(amount: str = "99000.00", **more: str) -> str:
    fields = {"service_id": CLICK_SERVICE, "merchant_id": "777", "amount": amount, "transaction_param": ORDER, **more}
    return f"http://127.0.0.1:1/click/services/pay?{urlencode(fields)}"


def codes(told: dict[str, Any]) -> list[tuple[str, int | None]]:
    return [(call["method"], (call["answer"] or {}).get("error")) for call in told["calls"]]


async def ask(street: Street, method: str, path: str, body: Any = None, stamp: int | None = None) -> tuple[int, Any]:
    """A call of Click's Merchant API as a merchant makes it."""
    moment = str(int(time.time()) if stamp is None else stamp)
    digest = hashlib.sha1(f"{moment}{CLICK_SECRET}".encode()).hexdigest()
    headers = {"Auth": f"888:{digest}:{moment}"}
    url = f"{street.url}/click/v2/merchant/{path}"
    async with street.http.request(method, url, json=body, headers=headers) as answer:
        return answer.status, await answer.json()


@pytest.mark.parametrize(
    ("amount", "prepare", "complete"),
    [
        ("99000", "32878a307fd81e43988d47d9fbfdd553", "671376d9ddc0512f0bb472e0ec01bfd8"),
        ("99000.00", "c0d01e7c14974021f64b8e33655aa5a6", "74507b7f3d3ecc1d0943a9adda646d18"),
    ],
)
def test_signatures_are_those_of_the_documents(amount: str, prepare: str, complete: str) -> None:
    fields = {
        "click_trans_id": "2000000001",
        "service_id": "85335",
        "merchant_trans_id": "1001",
        "merchant_prepare_id": "42",
        "amount": amount,
        "sign_time": "2026-11-22 10:00:00",
    }
    assert signature({**fields, "action": "0"}, "AAAAAAAA") == prepare
    assert signature({**fields, "action": "1"}, "AAAAAAAA") == complete


@pytest.mark.parametrize("http_method", ["POST", "GET"])
async def test_a_payment_is_prepared_and_completed(street: Street, http_method: str) -> None:
    order = street.order()
    told = await street.post("/click/pay", link=link(), outcome="ok", http_method=http_method)
    assert codes(told) == [("prepare", 0), ("complete", 0)]
    assert order.grants == 1
    assert told["payment"]["payment_status"] == 2
    assert told["calls"][1]["request"]["merchant_prepare_id"] == "1"


async def test_a_paid_order_is_not_prepared_again(street: Street) -> None:
    street.order()
    await street.post("/click/pay", link=link(), outcome="ok")
    told = await street.post("/click/pay", link=link(), outcome="ok")
    assert codes(told) == [("prepare", -4)]
    assert told["message"] == "-4"


async def test_no_money(street: Street) -> None:
    order = street.order()
    told = await street.post("/click/pay", link=link(), outcome="decline")
    assert codes(told) == [("prepare", 0), ("complete", -9)]
    assert (order.grants, told["payment"]["payment_status"]) == (0, -1)
    assert codes(await street.post("/click/pay", link=link(), outcome="ok"))[-1] == ("complete", 0)


async def test_two_windows_both_debit(street: Street) -> None:
    order = street.order()
    told = await street.post("/click/pay", link=link(), outcome="twice")
    assert codes(told) == [("prepare", 0), ("prepare", 0), ("complete", 0), ("complete", -4), ("complete", 0)]
    assert order.grants == 1
    _, listed = await street.control("GET", "/click/payments")
    assert [payment["payment_status"] for payment in listed["payments"]] == [2, 2]


async def test_lost_answers_are_asked_for_again(street: Street) -> None:
    order = street.order()
    told = await street.post("/click/pay", link=link(), outcome="lost_answer")
    assert codes(told) == [("prepare", None), ("prepare", 0), ("complete", None), ("complete", -4)]
    assert [call["status"] for call in told["calls"]] == [None, 200, None, 200]
    assert told["calls"][2]["lost"]["answer"]["error"] == 0
    assert (order.grants, told["payment"]["payment_status"]) == (1, 2)


async def test_click_takes_back_what_it_completed(street: Street) -> None:
    street.order()
    told = await street.post("/click/pay", link=link(), outcome="cancel_after")
    assert codes(told) == [("prepare", 0), ("complete", 0), ("complete", -9)]
    assert told["calls"][-1]["request"]["error"] == "-5017"
    assert told["payment"]["payment_status"] == -1


async def test_who_walks_away_is_given_up_after_an_hour(street: Street) -> None:
    street.order()
    assert codes(await street.post("/click/pay", link=link(), outcome="timeout")) == [("prepare", 0)]
    street.clock.offset += timedelta(minutes=61)
    await street.tills.go_on()
    assert street.shop.click[1]["state"] == "cancelled"
    assert street.tills.next_due() is None


async def test_a_merchant_that_comes_back_in_time_is_completed(street: Street) -> None:
    order = street.order()
    await street.post("/faults", target="click", kind="drop_response", match="prepare", times=1)
    street.shop.refused = 1
    told = await street.post("/click/pay", link=link(), outcome="ok")
    assert [call["status"] for call in told["calls"]][-1] == 200
    assert order.grants == 1


async def test_the_merchant_asks_and_reverses(street: Street) -> None:
    street.order()
    payment = (await street.post("/click/pay", link=link(), outcome="ok"))["payment"]["payment_id"]
    status, told = await ask(street, "GET", f"payment/status/{CLICK_SERVICE}/{payment}")
    assert (status, told["error_code"], told["payment_status"]) == (200, 0, 2)
    day = (street.clock() + timedelta(hours=5)).date().isoformat()
    status, told = await ask(street, "GET", f"payment/status_by_mti/{CLICK_SERVICE}/{ORDER}/{day}")
    assert (status, told["payment_id"]) == (200, payment)
    assert (await ask(street, "GET", f"payment/status_by_mti/{CLICK_SERVICE}/{ORDER}/2020-01-01"))[0] == 404
    status, told = await ask(street, "DELETE", f"payment/reversal/{CLICK_SERVICE}/{payment}")
    assert (status, told["error_code"], told["payment_id"]) == (200, 0, payment)
    status, told = await ask(street, "DELETE", f"payment/reversal/{CLICK_SERVICE}/{payment}")
    assert status == 400
    assert told["error_code"] != 0
    assert (await ask(street, "GET", f"payment/status/{CLICK_SERVICE}/{payment}"))[1]["payment_status"] < 0


async def test_a_closed_month_is_not_reversed(street: Street) -> None:
    street.order()
    payment = (await street.post("/click/pay", link=link(), outcome="ok"))["payment"]["payment_id"]
    street.clock.offset += timedelta(days=62)
    status, told = await ask(street, "DELETE", f"payment/reversal/{CLICK_SERVICE}/{payment}")
    assert status == 400
    assert "closed" in told["error_note"]


async def test_strangers_are_refused(street: Street) -> None:
    path = f"payment/status/{CLICK_SERVICE}/1"
    assert (await ask(street, "GET", path))[0] == 404
    assert (await ask(street, "GET", path, stamp=1_519_051_543))[0] == 401
    assert (await ask(street, "GET", "payment/status/1/1"))[0] == 403
    async with street.http.get(f"{street.url}/click/v2/merchant/{path}") as answer:
        assert answer.status == 401


async def test_fiscal_items_come_to_the_sum(street: Street) -> None:
    street.order()
    payment = (await street.post("/click/pay", link=link(), outcome="ok"))["payment"]["payment_id"]
    body: dict[str, Any] = {"service_id": int(CLICK_SERVICE), "payment_id": payment, "items": [ITEM]}
    received = {"received_ecash": 9_900_000, "received_cash": 0, "received_card": 0}
    for wrong in (
        {},
        {**received, "items": []},
        {**received, "received_ecash": 1},
        {**received, "items": [{**ITEM, "SPIC": "1"}]},
    ):
        assert (await ask(street, "POST", "payment/ofd_data/submit_items", {**body, **wrong}))[0] == 400
    assert (await ask(street, "POST", "payment/ofd_data/submit_items", {**body, **received}))[1]["error_code"] == 0
    _, told = await ask(street, "GET", f"payment/ofd_data/{CLICK_SERVICE}/{payment}")
    assert told["paymentId"] == payment
    assert told["qrCodeURL"].startswith("https://ofd.soliq.uz/")


async def test_faults_hit_the_merchant_api(street: Street) -> None:
    await street.post("/faults", target="click", kind="status_500", match="payment/*", times=1)
    moment = str(int(time.time()))
    headers = {"Auth": f"888:{hashlib.sha1(f'{moment}{CLICK_SECRET}'.encode()).hexdigest()}:{moment}"}
    address = f"{street.url}/click/v2/merchant/payment/status/{CLICK_SERVICE}/1"
    for wanted in (500, 404):
        async with street.http.get(address, headers=headers) as answer:
            assert answer.status == wanted


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"link": "https://my.click.uz/services/pay", "outcome": "ok"}, "link"),
        ({"link": link(), "outcome": "well"}, "outcome"),
        ({"link": link("99,000"), "outcome": "ok"}, "amount"),
        ({"link": link(service_id="1"), "outcome": "ok"}, "service_id"),
        ({"link": link(), "outcome": "ok", "http_method": "PUT"}, "http_method"),
    ],
)
async def test_what_no_till_would_open_is_refused(street: Street, body: dict[str, Any], words: str) -> None:
    status, told = await street.control("POST", "/click/pay", body)
    assert status == 400
    assert words in told["error"]


async def test_the_page_pays(street: Street) -> None:
    order = street.order()
    address = street.url + link().partition(":1")[2]
    async with street.http.get(address) as answer:
        text = await answer.text()
        assert "99 000.00 UZS" in text
        assert ORDER in text
    async with street.http.post(address, data={"outcome": "ok"}) as answer:
        assert "complete" in await answer.text()
    assert order.grants == 1
