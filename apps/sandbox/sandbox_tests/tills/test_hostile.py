"""Whatever is sent to the tills is refused or answered, never a failure of theirs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox_tests.tills.conftest import PAYME_ID, Street
from sandbox_tests.tills.shop import CLICK_SERVICE, PAYME_KEY
from sandbox_tests.tills.test_click_till import ask

RUBBISH: tuple[Any, ...] = (
    None,
    "",
    "x",
    "\ud83d",
    0,
    -1,
    10**30,
    1.5,
    True,
    [],
    {},
    [[]],
    {"a": None},
    "http://[",
    "\x00",
)
CALLS = ("payme/pay", "payme/cards", "payme/refund", "payme/scenarios", "click/pay")
METHODS = (
    "cards.create",
    "cards.get_verify_code",
    "cards.verify",
    "receipts.create",
    "receipts.pay",
    "receipts.get_all",
)


@pytest.mark.parametrize("call", CALLS)
async def test_control_calls(street: Street, call: str) -> None:
    for rubbish in RUBBISH:
        for names in (("link", "outcome", "card"), ("number", "expire", "balance"), ("order_id", "user_id")):
            body = json.dumps({**dict.fromkeys(names, rubbish), "outcome": "ok"})
            async with street.http.post(f"{street.url}/sandbox/{call}", data=body) as answer:
                assert answer.status < 500, (call, rubbish, await answer.text())
    for raw in (b"", b"[]", b"{", b"\xff", b"[" * 100_000):
        async with street.http.post(f"{street.url}/sandbox/{call}", data=raw) as answer:
            assert answer.status < 500


@pytest.mark.parametrize("method", METHODS)
async def test_the_subscribe_api(street: Street, method: str) -> None:
    headers = {"X-Auth": f"{PAYME_ID}:{PAYME_KEY}"}
    names = ("card", "token", "code", "amount", "account", "id", "from", "to", "count", "offset", "save")
    for rubbish in RUBBISH:
        call = {"method": method, "id": rubbish, "params": dict.fromkeys(names, rubbish)}
        async with street.http.post(f"{street.url}/payme/api", data=json.dumps(call), headers=headers) as answer:
            assert answer.status == 200, (method, rubbish)
            await answer.json()
    async with street.http.post(f"{street.url}/payme/api", data=b"[" * 100_000, headers=headers) as answer:
        assert (await answer.json())["error"]["code"] == -32700


async def test_the_merchant_api(street: Street) -> None:
    street.order()
    link = f"http://x/?service_id={CLICK_SERVICE}&merchant_id=777&amount=99000.00&transaction_param=mnt234567abcdefg"
    payment = (await street.post("/click/pay", link=link, outcome="ok"))["payment"]["payment_id"]
    for rubbish in RUBBISH:
        if rubbish == "\ud83d":
            continue
        item = dict.fromkeys(("Name", "SPIC", "PackageCode", "Price", "Amount", "VAT", "VATPercent"), rubbish)
        for items in (rubbish, [rubbish], [{**item, "CommissionInfo": rubbish}]):
            body = {"service_id": CLICK_SERVICE, "payment_id": payment, "items": items, "received_cash": rubbish}
            assert (await ask(street, "POST", "payment/ofd_data/submit_items", body))[0] == 400, rubbish
        body = {"service_id": rubbish, "payment_id": rubbish, "qrcode": rubbish}
        assert (await ask(street, "POST", "payment/ofd_data/submit_qrcode", body))[0] in (400, 403, 404), rubbish


async def test_pages(street: Street) -> None:
    for path in ("/payme/%FF", "/payme/%00", "/payme/a/b", "/click/services/pay?amount=%FF", "/click/services/pay"):
        for method in ("GET", "POST"):
            async with street.http.request(method, street.url + path, data=b"outcome=ok") as answer:
                assert answer.status == 200, path
