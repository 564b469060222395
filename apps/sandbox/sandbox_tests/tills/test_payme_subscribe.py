"""PayMe's Subscribe API: a card is saved by its code, and pays receipts that drive the merchant's webhook."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import ClientError

from sandbox_tests.tills.conftest import PAYME_ID, Street
from sandbox_tests.tills.shop import PAYME_KEY
from sandbox_tests.tills.test_payme_till import ORDER

FULL = f"{PAYME_ID}:{PAYME_KEY}"
GOOD, BLOCKED, NO_SMS, BROKEN = "8600495473316478", "4444445987459073", "8600060921090842", "8600143417770323"


async def rpc(street: Street, method: str, auth: str = FULL, **params: Any) -> Any:
    body = {"id": 7, "method": method, "params": params}
    async with street.http.post(f"{street.url}/payme/api", json=body, headers={"X-Auth": auth}) as answer:
        assert answer.status == 200
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        told = await answer.json()
    assert told["id"] == 7
    return told


async def result(street: Street, method: str, auth: str = FULL, **params: Any) -> Any:
    told = await rpc(street, method, auth, **params)
    assert "result" in told, told
    return told["result"]


async def code(street: Street, method: str, auth: str = FULL, **params: Any) -> int:
    return int((await rpc(street, method, auth, **params))["error"]["code"])


async def saved(street: Street, number: str = GOOD) -> str:
    """The token of a card that was bound as a browser and a merchant do it."""
    card = (await result(street, "cards.create", PAYME_ID, card={"number": number, "expire": "0399"}, save=True))[
        "card"
    ]
    assert (card["verify"], card["recurrent"]) == (False, True)
    assert (await result(street, "cards.get_verify_code", PAYME_ID, token=card["token"]))["sent"]
    verified = (await result(street, "cards.verify", PAYME_ID, token=card["token"], code="666666"))["card"]
    assert verified["verify"]
    assert await code(street, "cards.check", token=card["token"]) == -31400
    return str(verified["token"])


async def receipt(street: Street, amount: int = 9_900_000) -> str:
    made = await result(street, "receipts.create", amount=amount, account={"order_id": ORDER})
    return str(made["receipt"]["_id"])


async def test_a_saved_card_pays_a_receipt_and_the_merchant_hears_of_it(street: Street) -> None:
    order = street.order()
    token, receipt_id = await saved(street), await receipt(street)
    paid = (await result(street, "receipts.pay", id=receipt_id, token=token))["receipt"]
    assert paid["state"] == 4
    assert paid["card"]["number"] == "860049******6478"
    assert order.grants == 1
    assert receipt_id in street.shop.payme, "the receipt's id is the transaction's"
    assert street.shop.seen[-3:] == ["CreateTransaction", "PerformTransaction", "SetFiscalData"]
    assert (await result(street, "receipts.check", id=receipt_id)) == {"state": 4}
    assert await code(street, "receipts.pay", id=receipt_id, token=token) == -31602
    cancelled = (await result(street, "receipts.cancel", id=receipt_id))["receipt"]
    assert cancelled["state"] == 21
    assert (await result(street, "receipts.get", id=receipt_id))["receipt"]["state"] == 50
    assert order.grants == 0


async def test_a_card_without_money_frees_the_order(street: Street) -> None:
    order = street.order()
    poor = await street.post("/payme/cards", balance=5)
    assert await code(street, "receipts.pay", id=await receipt(street), token=poor["token"]) == -31630
    broken = await street.post("/payme/cards", kind="error")
    assert await code(street, "receipts.pay", id=await receipt(street), token=broken["token"]) == -31002
    assert order.grants == 0
    good = await saved(street)
    assert (await result(street, "receipts.pay", id=await receipt(street), token=good))["receipt"]["state"] == 4


async def test_the_merchants_refusal_is_passed_on(street: Street) -> None:
    assert await code(street, "receipts.create", amount=100, account={"order_id": "nobody"}) == -31050
    street.order()
    assert await code(street, "receipts.create", amount=100, account={"order_id": ORDER}) == -31001


async def test_an_answer_that_is_lost_can_be_asked_for(street: Street) -> None:
    order = street.order()
    token, receipt_id = await saved(street), await receipt(street)
    await street.post("/faults", target="payme", kind="drop_response", match="receipts.pay", times=1)
    with pytest.raises(ClientError):
        await rpc(street, "receipts.pay", id=receipt_id, token=token)
    assert await result(street, "receipts.check", id=receipt_id) == {"state": 4}
    assert order.grants == 1
    period: dict[str, Any] = {"from": 0, "to": 10**14}
    listed = await result(street, "receipts.get_all", count=50, offset=0, **period)
    assert [each["_id"] for each in listed] == [receipt_id]


async def test_codes_and_cards_that_are_no_good(street: Street) -> None:
    for number, wanted in ((BLOCKED, -31301), ("8600000000000000", -31300)):
        assert await code(street, "cards.create", card={"number": number, "expire": "0399"}, save=True) == wanted
    assert await code(street, "cards.create", card={"number": GOOD, "expire": "0330"}, save=True) == -31300
    silent = (await result(street, "cards.create", card={"number": NO_SMS, "expire": "03/99"}))["card"]["token"]
    assert await code(street, "cards.get_verify_code", token=silent) == -31301
    token = (await result(street, "cards.create", card={"number": GOOD, "expire": "0399"}))["card"]["token"]
    assert [await code(street, "cards.verify", token=token, code="1") for _ in range(4)] == [-31103] * 3 + [-31102]
    street.order()
    assert await code(street, "receipts.pay", id=await receipt(street), token=token) == -31400
    assert (await result(street, "cards.remove", token=token))["success"]
    assert await code(street, "cards.check", token=token) == -31400


async def test_who_may_call(street: Street) -> None:
    assert await code(street, "cards.check", PAYME_ID, token="x") == -32504
    assert await code(street, "receipts.get", "nobody", id="x") == -32504
    assert await code(street, "cards.create", "", card={}) == -32504
    assert await code(street, "receipts.burn") == -32601
    assert await code(street, "receipts.get", id="x") == -31602
    assert await code(street, "receipts.create", amount="1", account={}) == -32602
    async with street.http.options(f"{street.url}/payme/api") as answer:
        assert (answer.status, "X-Auth" in answer.headers["Access-Control-Allow-Headers"]) == (204, True)
    for raw in (b"", b"[]", b"{", b'{"method": "cards.check", "params": []}'):
        async with street.http.post(f"{street.url}/payme/api", data=raw) as answer:
            assert (await answer.json())["error"]["code"] in (-32600, -32700)
