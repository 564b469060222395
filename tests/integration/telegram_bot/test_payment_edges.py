"""What comes to the payment webhooks when something around them is odd: addresses, paths, notes, keys, reasons."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import urlencode

import httpx
import pytest
import pytest_asyncio

from mentorium_bot.config import WebhookAppSettings
from mentorium_bot.webhook_app import build as build_app
from mentorium_kit import clock
from mentorium_runtime.settings import load
from tests.conformance.click_shop import KEY as CLICK_KEY
from tests.conformance.click_shop import SERVICE_ID, our_order, our_shop, rows
from tests.conformance.click_support import ClickCaller, readable
from tests.conformance.payme_client import FreshOrder, Merchant, new_id, now_ms
from tests.fixtures.databases import SessionFactory
from tests.fixtures.payme_shop import KEY as PAYME_KEY
from tests.integration.core.billing.till import Till, new_parent
from tests.integration.telegram_bot.test_click import completing

TILL = Till()
OLD_KEY = "the key of the month before"


async def nobody() -> FreshOrder:
    raise AssertionError("orders are made by the test itself")


@pytest_asyncio.fixture
async def client(session_factory: SessionFactory, bot_dsn: str) -> AsyncIterator[httpx.AsyncClient]:
    """The webhook app of both providers, with the keys of before."""
    settings = {
        "bot_db_url": bot_dsn,
        "payme_merchant_id": "587f72c72cac0d162c722ae2",
        "payme_secret_key": f" {PAYME_KEY}\n",
        "payme_secret_key_old": OLD_KEY,
        "click_service_id": SERVICE_ID,
        "click_secret_key": f"{CLICK_KEY}\n",
        "click_secret_key_old": OLD_KEY,
        "payme_test_mode": True,
    }
    app = build_app(load(WebhookAppSettings, _env_file=None, **settings))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://webhook") as opened:
        yield opened


def payme(client: httpx.AsyncClient, key: str = PAYME_KEY) -> Merchant:
    return Merchant(client, "/webhooks/payme", key, nobody)


def click(client: httpx.AsyncClient, key: str = CLICK_KEY) -> ClickCaller:
    base = "/webhooks/click"
    return ClickCaller(client, f"{base}/prepare", f"{base}/complete", str(SERVICE_ID), key, our_order)


async def payme_order() -> FreshOrder:
    made = await TILL.order((await new_parent(clock.now()))[0], clock.now())
    return FreshOrder(made.public_id, made.amount_minor)


@pytest.mark.parametrize(
    "note",
    [b"x" * 5_000, "Оплата прошла".encode("cp1251"), b"%CE%EF%EB", b"once&error_note=twice"],
    ids=["long", "bytes", "percent", "twice"],
)
async def test_a_debited_payment_is_not_refused_for_what_its_note_says(client: httpx.AsyncClient, note: bytes) -> None:
    """The note is signed by nobody and read by nobody: money that was taken opens what was bought."""
    caller = click(client)
    form = await completing(caller, await our_order())
    del form["error_note"]
    body = urlencode(form).encode() + b"&error_note=" + note
    assert readable(await client.post(caller.complete_url, content=body))["error"] == 0
    assert await rows("SELECT status FROM payments") == [("SUCCESS",)]


async def test_a_note_of_json_may_be_of_any_kind(client: httpx.AsyncClient) -> None:
    caller = click(client)
    form: dict[str, object] = dict(await completing(caller, await our_order()))
    form["error_note"] = {"ru": "ok"}
    assert readable(await client.post(caller.complete_url, json=form))["error"] == 0


async def test_an_address_written_with_a_slash_at_its_end_is_the_same(client: httpx.AsyncClient) -> None:
    """A redirection is an error to both: they read no other status than 200."""
    order = await payme_order()
    merchant = Merchant(client, "/webhooks/payme/", PAYME_KEY, nobody)
    assert (await merchant.check_perform(order)).ok["allow"] is True
    caller = click(client)
    caller.prepare_url += "/"
    known = await our_order()
    assert (await caller.prepare(known.id, known.amount))["error"] == 0


async def test_while_a_key_is_changed_the_one_before_is_known(client: httpx.AsyncClient) -> None:
    order = await payme_order()
    for key in (PAYME_KEY, OLD_KEY):
        assert (await payme(client, key).check_perform(order)).ok["allow"] is True
    (await payme(client, "another").check_perform(order)).refused(-32504)
    for key, code in ((CLICK_KEY, 0), (OLD_KEY, 0), ("another", -1)):
        known = await our_order()
        assert (await click(client, key).prepare(known.id, known.amount))["error"] == code
    kept = await rows("SELECT request, answer FROM provider_calls")
    assert OLD_KEY not in str(kept)


@pytest.mark.parametrize("reason", ["5", 5.0, "refund", None, 10**30, [5], {"code": 5}])
async def test_a_refund_is_not_refused_for_its_reason(client: httpx.AsyncClient, reason: object) -> None:
    """The money has gone back: what it opened ends, whatever is said of why."""
    merchant = payme(client)
    _, payme_id = await merchant.created(await payme_order())
    assert (await merchant.perform(payme_id)).ok["state"] == 2
    cancelled = await merchant.call("CancelTransaction", {"id": payme_id, "reason": reason})
    assert cancelled.ok["state"] == -2
    assert (await merchant.check(payme_id)).ok["reason"] == (5 if reason in ("5", 5.0) else None)
    assert await rows("SELECT status FROM payments") == [("REFUNDED",)]


@pytest.mark.parametrize("away_ms", [10 * 365 * 86_400_000, 43_260_000, -43_260_000])
async def test_a_transaction_of_another_day_does_not_hold_its_order_for_ever(
    client: httpx.AsyncClient, away_ms: int
) -> None:
    """Twelve hours are counted from PayMe's own time: one that lies far ahead would never be over."""
    order, merchant = await payme_order(), payme(client)
    (await merchant.create(order, new_id(), moment=now_ms() + away_ms)).refused(-31008)
    _, payme_id = await merchant.created(order)
    assert (await merchant.perform(payme_id)).ok["state"] == 2


async def test_no_parent_reads_of_the_receipt_of_a_payment_that_was_not_made(client: httpx.AsyncClient) -> None:
    merchant = payme(client)
    _, payme_id = await merchant.created(await payme_order())
    told = {"id": payme_id, "type": "PERFORM", "fiscal_data": {"qr_code_url": "https://ofd.soliq.uz/check?t=1"}}
    assert (await merchant.call("SetFiscalData", told)).ok == {"success": True}
    assert await rows("SELECT message FROM notifications") == []
    assert (await merchant.perform(payme_id)).ok["state"] == 2
    assert (await merchant.call("SetFiscalData", told)).ok == {"success": True}
    assert len(await rows("SELECT 1 FROM notifications WHERE dedup_key LIKE 'payment:receipt:%'")) == 1
    nothing = {**told, "fiscal_data": {"nested": {"says": "nothing"}}}
    (await merchant.call("SetFiscalData", nothing)).refused(-32602)
    ((kept,),) = await rows("SELECT fiscal_perform FROM payme_transactions")
    assert kept == told["fiscal_data"], "what was told well is not lost to what says nothing"


async def test_no_caller_says_where_they_call_from(bot_dsn: str) -> None:
    """Without TRUSTED_PROXY_HEADER the audit log has the address of the connection, whatever its headers say."""
    async with our_shop(bot_dsn) as caller:
        caller.client.headers["X-Forwarded-For"] = "185.234.113.1"
        order = await caller.fresh_order()
        await caller.prepare(order.id, order.amount)
        assert await rows("SELECT remote FROM provider_calls") == [("127.0.0.1",)]
