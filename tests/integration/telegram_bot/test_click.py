"""Click's webhook: our own promises at its edge, beyond those of the protocol (tests/conformance)."""

from __future__ import annotations

import asyncio

import httpx
import pytest

import mentorium_db
from mentorium_bot.config import WebhookAppSettings
from mentorium_bot.webhook_app import build
from mentorium_core.billing.reconcile import check_books
from mentorium_kit import clock
from mentorium_observability.metrics import payments
from mentorium_runtime.settings import load
from tests.conformance.click_shop import our_order, our_shop, rows
from tests.conformance.click_support import BAD_SIGN, ClickCaller, ShopOrder, readable
from tests.fixtures.database_proxy import DatabaseProxy, database_proxy
from tests.fixtures.databases import SessionFactory
from tests.fixtures.log_lines import reading_the_log

NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"


def counted(status: str) -> float:
    return float(payments.labels(provider="click", status=status)._value.get())


async def an_order_at(dsn: str) -> ShopOrder:
    """Made before the webhook app goes its own way to the database."""
    mentorium_db.configure(dsn)
    order = await our_order()
    await mentorium_db.dispose()
    return order


async def completing(click: ClickCaller, order: ShopOrder) -> dict[str, str]:
    """The Complete of an attempt that is prepared."""
    prepared = await click.prepare(order.id, order.amount)
    ids = {name: click.last[name] for name in ("click_trans_id", "click_paydoc_id")}
    more = {**ids, "merchant_prepare_id": str(prepared["merchant_prepare_id"])}
    return click.form(order.id, order.amount, "1", more=more)


@pytest.mark.parametrize("statement", [b"COMMIT", b"click_receipt"], ids=["commit", "before"])
async def test_a_lost_answer_to_a_commit_is_asked_about(bot_dsn: str, statement: bytes) -> None:
    """The commit may stand and nobody was told so: the payment is given once, and Click hears that it is paid."""
    order = await an_order_at(bot_dsn)
    async with database_proxy(bot_dsn) as proxy, our_shop(proxy.dsn) as click:
        form = await completing(click, order)
        proxy.lose_answer_to = statement
        lost, _ = await asyncio.gather(click.send("1", form), _mended(proxy))
        assert lost["error"] == (-4 if statement == b"COMMIT" else -7)
        assert (await click.send("1", form))["error"] == (-4 if statement == b"COMMIT" else 0)
        assert len(await rows("SELECT 1 FROM subscription_grants")) == 1
        assert await check_books(clock.now()) == {}


async def _mended(proxy: DatabaseProxy) -> None:
    """Its first answer is lost, and no other."""
    await proxy.lost.wait()
    proxy.lose_answer_to = None


async def test_a_database_that_is_away_is_minus_seven_after_which_click_comes_again(bot_dsn: str) -> None:
    order = await an_order_at(bot_dsn)
    async with our_shop(NOWHERE) as click:
        assert (await click.prepare(order.id, order.amount))["error"] == -7
        assert (await click.complete(order.id, order.amount, 1))["error"] == -7
        assert (await click.complete(order.id, order.amount, 1, error=-5017))["error"] == -7
        assert (await click.prepare(order.id, order.amount, sign=BAD_SIGN))[
            "error"
        ] == -1, "for that it needs no database"
    async with our_shop(bot_dsn) as click:
        assert (await click.send("1", await completing(click, order)))["error"] == 0


async def test_what_was_said_is_kept_without_key_and_signature(bot_dsn: str) -> None:
    async with our_shop(bot_dsn) as click:
        order = await click.fresh_order()
        form = await completing(click, order)
        await click.send("1", form)
        await click.prepare(order.id, order.amount, sign=BAD_SIGN)
        kept = await rows("SELECT method, order_public_id, request, answer, remote FROM provider_calls ORDER BY id")
    assert [(row[0], row[1], row[4]) for row in kept] == [
        ("prepare", order.id, "127.0.0.1"),
        ("complete", order.id, "127.0.0.1"),
        ("prepare", order.id, "127.0.0.1"),
    ]
    assert f"merchant_trans_id={order.id}" in str(kept[1][2])
    assert '"error": 0' in str(kept[1][3])
    for row in kept:
        assert "sign_string=***" in str(row[2])
        assert click.key not in str(row)
        assert form["sign_string"] not in str(row)


async def test_strangers_do_not_fill_the_disk(bot_dsn: str) -> None:
    async with our_shop(bot_dsn) as click:
        order = await click.fresh_order()
        with reading_the_log() as log:
            for _ in range(80):
                assert (await click.prepare(order.id, order.amount, sign=BAD_SIGN))["error"] == -1
        assert [line["calls"] for line in log.of("click_stranger")] == [1], "a flood fills no disk"
        assert len(await rows("SELECT 1 FROM provider_calls")) == 60
        assert (await click.prepare(order.id, order.amount))["error"] == 0
        assert len(await rows("SELECT 1 FROM provider_calls")) == 61, "who has the key is always kept"


async def test_payments_are_counted_by_what_they_become(bot_dsn: str) -> None:
    success, failed = counted("success"), counted("failed")
    async with our_shop(bot_dsn) as click:
        form = await completing(click, await click.fresh_order())
        for _ in range(2):
            await click.send("1", form)
        given_up = await completing(click, await click.fresh_order())
        for _ in range(2):
            await click.send("1", {**given_up, "error": "-5017"})
    assert (counted("success"), counted("failed")) == (success + 1, failed + 1)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "PROPFIND"])
async def test_any_other_method_is_an_error_of_click(bot_dsn: str, method: str) -> None:
    async with our_shop(bot_dsn) as click:
        answer = await click.client.request(method, click.prepare_url)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    if method != "HEAD":
        assert readable(answer)["error"] == -8


async def test_a_body_larger_than_any_call_is_answered(bot_dsn: str) -> None:
    async with our_shop(bot_dsn) as click:
        answer = await click.client.post(click.complete_url, content=b"a=" + b"x" * 1_000_000)
    assert readable(answer)["error"] == -8


async def test_without_the_key_there_is_no_webhook(
    session_factory: SessionFactory, bot_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLICK_SERVICE_ID", "85335")
    app = build(load(WebhookAppSettings, _env_file=None, bot_db_url=bot_dsn))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://webhook") as client:
        assert (await client.post("/webhooks/click/prepare")).status_code == 404
