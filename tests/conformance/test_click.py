"""Click's tests of a merchant, as Click publishes them, over HTTP: against us, or against whom the environment names.

`docs.click.uz/testing/postman` (15 scenarios) and the desktop tool `CLICK API tester` (15 cases, also known as
clickuz-tester). Every case has the number that it has there.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.conformance.click_shop import our_shop
from tests.conformance.click_support import BAD_SIGN, ClickCaller, foreign_is_named, foreign_merchant

pytestmark = pytest.mark.skipif(
    bool(os.environ.get("CONFORMANCE_URL")) and not foreign_is_named(), reason="another provider's merchant is judged"
)
UNKNOWN_ORDER = "999999999123"
UNKNOWN_PREPARE_ID = 999_999_999


if foreign_is_named():

    @pytest_asyncio.fixture(name="click")
    async def their_shop() -> AsyncIterator[ClickCaller]:
        """Somebody's. Click itself posts forms, and no more is asked of them."""
        async with httpx.AsyncClient(timeout=30) as client:
            yield foreign_merchant(client)

else:

    @pytest_asyncio.fixture(name="click", params=["form", "json", "query"])
    async def all_that_we_understand(request: pytest.FixtureRequest, bot_dsn: str) -> AsyncIterator[ClickCaller]:
        """Ours."""
        async with our_shop(bot_dsn) as shop:
            shop.how = request.param
            yield shop


def confirms(answer: dict[str, Any]) -> bool:
    return answer["error"] == 0 and "merchant_confirm_id" in answer


async def test_postman_1_to_8(click: ClickCaller) -> None:
    order = await click.fresh_order()
    assert (await click.prepare(order.id, order.amount, sign=BAD_SIGN))["error"] == -1
    assert (await click.prepare(UNKNOWN_ORDER, order.amount))["error"] == -5
    prepared = await click.prepare(order.id, order.amount)
    assert prepared["error"] == 0
    assert str(prepared["click_trans_id"]) == click.last["click_trans_id"]
    assert prepared["merchant_trans_id"] == order.id
    number = prepared["merchant_prepare_id"]
    assert 0 < number < 2**31
    ids = {name: click.last[name] for name in ("click_trans_id", "click_paydoc_id")}
    assert (await click.complete(order.id, order.amount, number, sign=BAD_SIGN, changed=ids))["error"] == -1
    assert (await click.complete(order.id, "300", number, changed=ids))["error"] == -2
    confirmed = await click.complete(order.id, order.amount, number, changed=ids)
    assert confirms(confirmed)
    assert str(confirmed["click_trans_id"]) == ids["click_trans_id"]
    assert (await click.complete(order.id, order.amount, number, changed=ids))["error"] == -4
    assert (await click.complete(order.id, order.amount, number, error=-5017, changed=ids))["error"] == -9


async def test_postman_9_to_11(click: ClickCaller) -> None:
    order = await click.fresh_order()
    prepared = await click.prepare(order.id, order.amount)
    assert prepared["error"] == 0
    ids = {name: click.last[name] for name in ("click_trans_id", "click_paydoc_id")}
    assert (await click.complete(order.id, order.amount, UNKNOWN_PREPARE_ID, changed=ids))["error"] == -6
    assert confirms(await click.complete(order.id, order.amount, prepared["merchant_prepare_id"], changed=ids))


async def test_postman_12_to_15(click: ClickCaller) -> None:
    order = await click.fresh_order()
    prepared = await click.prepare(order.id, order.amount)
    assert prepared["error"] == 0
    number = prepared["merchant_prepare_id"]
    ids = {name: click.last[name] for name in ("click_trans_id", "click_paydoc_id")}
    for error, expected in ((-5017, -9), (-5017, -9), (0, -9)):
        assert (await click.complete(order.id, order.amount, number, error=error, changed=ids))["error"] == expected


async def test_tester_1_to_7(click: ClickCaller) -> None:
    """Another click_trans_id in each call, as the tool does it."""
    order = await click.fresh_order()
    assert (await click.prepare(order.id, order.amount, sign=BAD_SIGN))["error"] == -1
    prepared = await click.prepare(order.id, order.amount)
    assert prepared["error"] == 0
    number = prepared["merchant_prepare_id"]
    assert (await click.complete(order.id, order.amount, number, sign=BAD_SIGN))["error"] == -1
    assert (await click.complete(order.id, "499", number))["error"] == -2
    assert confirms(await click.complete(order.id, order.amount, number))
    assert (await click.complete(order.id, order.amount, number))["error"] == -4
    assert (await click.complete(order.id, order.amount, number, error=-1))["error"] == -4


async def test_tester_8_to_11(click: ClickCaller) -> None:
    order = await click.fresh_order()
    assert (await click.prepare(UNKNOWN_ORDER, order.amount))["error"] == -5
    prepared = await click.prepare(order.id, order.amount)
    assert prepared["error"] == 0
    for beyond in (999_999_999, 999_999_999_000):
        assert (await click.complete(order.id, order.amount, beyond))["error"] == -6
    assert confirms(await click.complete(order.id, order.amount, prepared["merchant_prepare_id"]))


async def test_tester_12_to_15(click: ClickCaller) -> None:
    order = await click.fresh_order()
    number = (await click.prepare(order.id, order.amount))["merchant_prepare_id"]
    for error, expected in ((-5017, -9), (-5017, -9), (0, -9)):
        assert (await click.complete(order.id, order.amount, number, error=error))["error"] == expected


async def test_an_order_whose_payment_was_given_up_can_be_paid_anew(click: ClickCaller) -> None:
    order = await click.fresh_order()
    number = (await click.prepare(order.id, order.amount))["merchant_prepare_id"]
    assert (await click.complete(order.id, order.amount, number, error=-5017))["error"] == -9
    again = await click.prepare(order.id, order.amount)
    assert again["error"] == 0
    assert again["merchant_prepare_id"] != number
    assert confirms(await click.complete(order.id, order.amount, again["merchant_prepare_id"]))


async def test_the_amount_may_be_written_with_decimals_and_is_signed_as_it_is_written(click: ClickCaller) -> None:
    order = await click.fresh_order()
    number = (await click.prepare(order.id, f"{order.amount}.0"))["merchant_prepare_id"]
    assert confirms(await click.complete(order.id, f"{order.amount}.00", number))


async def test_a_repeated_prepare_is_one_attempt(click: ClickCaller) -> None:
    order = await click.fresh_order()
    prepared = await click.prepare(order.id, order.amount)
    assert await click.send("0", click.last) == prepared


async def test_a_call_of_the_other_address_is_no_action(click: ClickCaller) -> None:
    order = await click.fresh_order()
    prepare = click.form(order.id, order.amount, "0")
    assert (await click.send("1", prepare))["error"] == -3
    number = (await click.send("0", prepare))["merchant_prepare_id"]
    complete = click.form(order.id, order.amount, "1", more={"merchant_prepare_id": str(number)})
    assert (await click.send("0", complete))["error"] == -3
    assert (await click.send("0", click.form(order.id, order.amount, "2")))["error"] == -3


async def test_a_paid_order_is_not_prepared_again(click: ClickCaller) -> None:
    order = await click.fresh_order()
    number = (await click.prepare(order.id, order.amount))["merchant_prepare_id"]
    assert confirms(await click.complete(order.id, order.amount, number))
    assert (await click.prepare(order.id, order.amount))["error"] == -4


async def test_what_is_signed_for_one_order_pays_no_other(click: ClickCaller) -> None:
    paid, other = await click.fresh_order(), await click.fresh_order()
    number = (await click.prepare(paid.id, paid.amount))["merchant_prepare_id"]
    assert (await click.complete(other.id, other.amount, number))["error"] == -6
    form = click.form(paid.id, paid.amount, "1", more={"merchant_prepare_id": str(number)})
    assert (await click.send("1", {**form, "merchant_trans_id": other.id}))["error"] == -1
