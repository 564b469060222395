"""`mentorium extend` and `mentorium refund`: what they give, and what they say."""

from __future__ import annotations

import pytest

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
    assert (status, said.strip()) == (1, "there is no payment nothing")
