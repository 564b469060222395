"""Payments in Stars through the bot's own dispatcher, inbox and database, from Telegram's raw updates."""

from __future__ import annotations

import asyncio
import time
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from mentorium_bot.config import BotSettings
from mentorium_bot.container import Container
from mentorium_bot.intake import consumer
from mentorium_core.billing.model import OrderView
from mentorium_core.billing.orders import CreateOrder
from mentorium_core.i18n import t
from mentorium_core.identity.queries import find_parent
from mentorium_core.privacy.commands import erase_data
from mentorium_db import get_session
from mentorium_domain.enums import OrderKind, ProviderName, Tariff
from mentorium_kit import clock
from mentorium_sandbox.telegram.raw_updates import put_raw_update
from tests.fixtures.database_proxy import database_proxy
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.telegram_bot.conftest import Outside, running
from tests.integration.telegram_bot.helpers import until

SOON_S = 2.0
"""Telegram waits for ten seconds; a parent's thumb does not."""
MONTH_S = 2_592_000


async def parent_of(outside: Outside, language: str = "en") -> int:
    user = await outside.user(language)
    await outside.parent(user, language).agree((await outside.child("Aziz")).link_code)
    return user


async def ordered(user: int, kind: OrderKind = OrderKind.ONE_OFF) -> OrderView:
    parent = await find_parent(user)
    assert parent is not None
    return await CreateOrder()(
        parent.parent_id, Tariff.MONTHLY, ProviderName.TELEGRAM_STARS, request_key=uuid4().hex, kind=kind
    )


def person(user: int, language: str = "en") -> dict[str, Any]:
    return {"id": user, "is_bot": False, "first_name": "Parent", "language_code": language}


def checkout(user: int, order: OrderView, **changes: Any) -> dict[str, Any]:
    asked = {"currency": "XTR", "total_amount": order.amount_minor, "invoice_payload": order.public_id}
    return {"pre_checkout_query": {"id": uuid4().hex, "from": person(user), **asked, **changes}}


def told(user: int, what: str, order: OrderView, charge_id: str, chat: Any = None, **more: Any) -> dict[str, Any]:
    paid = {
        "currency": "XTR",
        "total_amount": order.amount_minor,
        "invoice_payload": order.public_id,
        "telegram_payment_charge_id": charge_id,
        "provider_payment_charge_id": "",
        **more,
    }
    where = chat or {"id": user, "type": "private", "first_name": "Parent"}
    return {"message": {"message_id": 11, "date": int(time.time()), "from": person(user), "chat": where, what: paid}}


async def rows(statement: str) -> list[tuple[Any, ...]]:
    async with get_session() as session:
        return [tuple(row) for row in await session.execute(text(statement))]


async def is_handled() -> bool:
    return await rows("SELECT 1 FROM inbox WHERE status <> 'ended'") == []


def put(outside: Outside, update: dict[str, Any]) -> None:
    put_raw_update(outside.world, outside.world.bot(), update)


async def deliver(outside: Outside, *updates: dict[str, Any]) -> None:
    """What `POST /sandbox/updates` does; returns when nothing of it is in hand."""
    for update in updates:
        put(outside, update)

    async def handled() -> bool:
        return not len(outside.world.bot().queue) and await is_handled()

    await until(handled)


async def answers(outside: Outside) -> list[dict[str, Any]]:
    return [call["params"] for call in await outside.sandbox.bot_calls("answerPreCheckoutQuery")]


async def test_telegram_is_asked_for_every_kind_of_update_about_money(outside: Outside, bot: Container) -> None:
    kinds = set(bot.dispatcher.resolve_used_update_types())
    assert {"pre_checkout_query", "message", "subscription"} <= kinds


@pytest.mark.parametrize("language", ["uz", "ru", "en"])
async def test_a_checkout_is_answered_in_the_payers_language(outside: Outside, bot: Container, language: str) -> None:
    user = await parent_of(outside, language)
    order = await ordered(user)
    await deliver(outside, checkout(user, order), checkout(user, order, total_amount=1))
    well, refused = await answers(outside)
    assert str(well["ok"]).lower() == "true"
    assert str(refused["ok"]).lower() == "false"
    assert refused["error_message"] == t(language, "stars-refused-wrong-amount")


async def test_a_forwarded_invoice_cannot_be_paid_by_a_stranger(outside: Outside, bot: Container) -> None:
    order = await ordered(await parent_of(outside))
    await deliver(outside, checkout(await outside.user(), order))
    (refused,) = await answers(outside)
    assert refused["error_message"] == t("en", "stars-refused-not-owner")


async def test_a_payment_opens_access_once_and_says_until_when(outside: Outside, bot: Container) -> None:
    user = await parent_of(outside)
    order = await ordered(user)
    paid = told(user, "successful_payment", order, "stx1")
    await deliver(outside, checkout(user, order), paid, {**paid}, told(user, "successful_payment", order, "stx1"))
    assert await rows("SELECT days, reversed_at FROM subscription_grants") == [(30, None)]
    ((message,),) = await rows("SELECT message FROM notifications WHERE dedup_key LIKE 'payment:received:%'")
    assert message.startswith(t("en", "payment-received", what="", until="")[:20])
    await deliver(outside, told(user, "refunded_payment", order, "stx1"))
    assert await rows("SELECT status FROM subscriptions") == [("CANCELLED",)]


async def test_a_subscription_renews_is_stopped_and_fails(outside: Outside, bot: Container) -> None:
    user = await parent_of(outside)
    order = await ordered(user, OrderKind.STARS_SUBSCRIPTION)
    now = int(clock.now().timestamp())
    first = {"subscription_expiration_date": now + MONTH_S, "is_recurring": True, "is_first_recurring": True}
    again = {"subscription_expiration_date": now + 2 * MONTH_S, "is_recurring": True}
    await deliver(outside, told(user, "successful_payment", order, "stx1", **first))
    await deliver(outside, told(user, "successful_payment", order, "stx2", **again))
    assert await rows("SELECT count(*) FROM subscription_grants") == [(2,)]
    for state, renewal in (("canceled", "cancelled"), ("active", "active"), ("failed", "failed")):
        update = {"user": person(user), "invoice_payload": order.public_id, "state": state}
        await deliver(outside, {"subscription": update})
        assert await rows("SELECT renewal FROM stars_subscriptions") == [(renewal,)]
    assert await rows("SELECT first_charge_id FROM stars_subscriptions") == [("stx1",)]


async def test_what_one_payer_has_waiting_is_handled_without_a_pause_between(
    outside: Outside, settings: BotSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A checkout behind three payments of the same chat would be answered after three looks, too late for Telegram."""
    async with running(settings):
        user = await parent_of(outside)
        order = await ordered(user)
    for number in range(3):
        put(outside, told(user, "successful_payment", order, f"stx{number}"))
    put(outside, checkout(user, order))
    monkeypatch.setattr(consumer, "LOOK_EVERY_S", 3_600.0)
    async with running(settings):

        async def is_answered() -> bool:
            return bool(await answers(outside)) and await is_handled()

        await until(is_answered)
    assert await rows("SELECT count(*) FROM payments") == [(3,)]


async def test_an_invoice_that_is_paid_in_a_group_is_booked(outside: Outside, bot: Container) -> None:
    user = await parent_of(outside)
    group = {"id": -77, "type": "supergroup", "title": "Class 7"}
    await deliver(outside, told(user, "successful_payment", await ordered(user), "stx1", group))
    assert await rows("SELECT count(*) FROM subscription_grants") == [(1,)]


@pytest.mark.parametrize("registered", [True, False])
async def test_a_payment_of_an_order_that_nobody_knows_goes_back_without_a_word(
    outside: Outside, bot: Container, *, registered: bool
) -> None:
    user = await (parent_of(outside) if registered else outside.user())
    order = await ordered(await parent_of(outside))
    said = await outside.sandbox.bot_calls("sendMessage")
    await deliver(outside, told(user, "successful_payment", order, "stx1", invoice_payload="p"))
    assert await rows("SELECT entrypoint FROM pgqueuer.pgqueuer") == [("return_stars",)]
    assert await outside.sandbox.bot_calls("sendMessage") == said


async def test_who_pays_after_erasing_everything_gets_it_back(outside: Outside, bot: Container) -> None:
    user = await parent_of(outside)
    order = await ordered(user)
    await erase_data(user)
    await deliver(outside, checkout(user, order), told(user, "successful_payment", order, "stx1"))
    (refused,) = await answers(outside)
    assert refused["error_message"] == t("en", "stars-refused-expired")
    assert await rows("SELECT status, parent_id FROM payments") == [("PENDING", None)]
    assert await rows("SELECT entrypoint FROM pgqueuer.pgqueuer") == [("return_stars",)]


async def _says_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """As a platform that hangs: it takes connections."""
    try:
        while await reader.read(65536):
            pass
    except ConnectionError:
        return
    finally:
        writer.close()


async def test_a_checkout_is_answered_soon_while_the_platform_hangs_under_a_flood(
    outside: Outside, settings: BotSettings
) -> None:
    async with running(settings):
        user = await parent_of(outside)
        order = await ordered(user)
    server = await asyncio.start_server(_says_nothing, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    hanging = settings.model_copy(update={"platform_db_url": SecretStr(f"postgresql://a:b@127.0.0.1:{port}/x")})
    async with running(hanging):
        flood = [{"id": user, "type": "private", "first_name": "Parent"}] * 300
        for number, chat in enumerate(flood):
            written = {"message_id": number, "date": int(time.time()), "from": person(user), "chat": chat}
            put(outside, {"message": {**written, "text": "/report"}})
        began = time.monotonic()
        put(outside, checkout(user, order))

        async def is_answered() -> bool:
            return bool(await answers(outside))

        await until(is_answered)
        assert time.monotonic() - began < SOON_S
    server.close()
    (well,) = await answers(outside)
    assert str(well["ok"]).lower() == "true"


@pytest.mark.parametrize("lost", [b"INSERT INTO payments", b"COMMIT"])
async def test_a_payment_outlives_a_database_that_is_away_in_the_middle(
    outside: Outside, settings: BotSettings, lost: bytes
) -> None:
    async with database_proxy(settings.database_dsn) as proxy:
        by_proxy = settings.model_copy(update={"bot_db_url": SecretStr(proxy.dsn)})
        async with running(by_proxy):
            user = await parent_of(outside)
            order = await ordered(user)
            proxy.lose_answer_to = lost
            put(outside, told(user, "successful_payment", order, "stx1"))
            await asyncio.wait_for(proxy.lost.wait(), HANGS_AFTER_S)
            proxy.lose_answer_to = None

            async def is_given() -> bool:
                return await is_handled() and await rows("SELECT count(*) FROM payments") == [(1,)]

            await until(is_given)
            assert await rows("SELECT reversed_at FROM subscription_grants") == [(None,)]
            assert await rows("SELECT count(*) FROM notifications WHERE dedup_key LIKE 'payment:%'") == [(1,)]
