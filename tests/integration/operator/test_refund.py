"""`mentorium extend` and `mentorium refund`: what they give, and what they say."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from mentorium_db import get_session
from mentorium_db.repositories import RefundRepository
from mentorium_domain.enums import RefundStatus
from mentorium_kit import clock
from tests.integration.core.billing.till import Till, new_parent
from tests.integration.operator.command import mentorium

pytestmark = pytest.mark.usefixtures("session_factory")


async def test_days_are_given_on_top(bot_dsn: str) -> None:
    now = clock.now()
    parent_id, telegram_id = await new_parent(now)
    await Till().buy(parent_id, now)
    words = ("extend", str(telegram_id), "10", "--reason", "slow reports", "--request", "one")
    for _ in range(2):
        status, said = await mentorium(*words, BOT_DB_URL=bot_dsn)
        assert status == 0, said
        assert f"extended: monthly for {telegram_id}, until " in said
    status, said = await mentorium("extend", str(telegram_id), "367", "--reason", "x", BOT_DB_URL=bot_dsn)
    assert (status, "days" in said) == (2, True)


async def test_a_refund_is_asked_for_once(bot_dsn: str) -> None:
    now = clock.now()
    parent_id, _ = await new_parent(now)
    transaction = await Till().buy(parent_id, now)
    for _ in range(2):
        status, said = await mentorium("refund", transaction, "--reason", "asked", BOT_DB_URL=bot_dsn)
        assert (status, said.strip()) == (
            0,
            "refund 1 asked for: the worker tells the provider; run this again to see how it ended",
        )
    async with get_session() as session:
        await RefundRepository(session).mark(1, RefundStatus.FAILED, problem="too old")
    status, said = await mentorium("refund", transaction, "--reason", "asked", BOT_DB_URL=bot_dsn)
    assert (status, "failed, and nothing was taken back: too old; " in said) == (1, True)
    status, said = await mentorium("refund", transaction, "--reason", "asked", "--again", BOT_DB_URL=bot_dsn)
    assert (status, "refund 1 asked for" in said) == (0, True)
    status, said = await mentorium("refund", "nothing", "--reason", "asked", BOT_DB_URL=bot_dsn)
    assert (status, said.strip()) == (1, "there is no payment nothing, nor an order with a payment")


async def test_a_refund_is_found_by_its_order_in_capitals_and_with_blanks(bot_dsn: str) -> None:
    now = clock.now()
    parent_id, telegram_id = await new_parent(now)
    await Till().buy(parent_id, now)
    async with get_session() as session:
        order = await session.scalar(text("SELECT public_id FROM orders"))
    typed = f" {order[:3].upper()} {order[3:9].upper()} {order[9:]}"
    status, said = await mentorium("refund", typed, "--reason", "asked", BOT_DB_URL=bot_dsn)
    assert (status, "refund 1 asked for" in said) == (0, True), said
    status, said = await mentorium("refund", "mnt" + "a" * 13, "--reason", "asked", BOT_DB_URL=bot_dsn)
    assert status == 1
    spaced = f" {str(telegram_id)[:3]} {str(telegram_id)[3:]} "
    status, said = await mentorium("extend", spaced, "1", "--reason", "x", "--despite-refund", BOT_DB_URL=bot_dsn)
    assert status == 0, said


async def test_an_order_that_is_settled_otherwise_keeps_its_money_until_it_may_go(bot_dsn: str) -> None:
    now = clock.now()
    parent_id, _ = await new_parent(now)
    transaction = await Till().buy(parent_id, now)
    about = ("refund", transaction, "--reason", "settled in person")
    status, said = await mentorium(*about, "--keep-money", BOT_DB_URL=bot_dsn)
    assert (status, "is not given back any more" in said) == (0, True), said
    async with get_session() as session:
        assert not await session.scalar(text("SELECT refundable FROM orders"))
        events = await session.scalars(text("SELECT metadata ->> 'reason' FROM event_logs WHERE event_name LIKE 'order%'"))
        assert list(events) == ["settled in person"]
    status, said = await mentorium(*about, BOT_DB_URL=bot_dsn)
    assert (status, "--allow-again" in said) == (1, True), said
    status, said = await mentorium(*about, "--allow-again", BOT_DB_URL=bot_dsn)
    assert (status, "may be given back again" in said) == (0, True), said
    status, said = await mentorium(*about, BOT_DB_URL=bot_dsn)
    assert (status, "asked for" in said) == (0, True), said
