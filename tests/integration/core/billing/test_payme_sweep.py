"""Transactions that PayMe has forgotten: each is ended for itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

import mentorium_db
from mentorium_core.billing.payme import CreatePaymeTransaction, ExpirePaymeTransactions, PaymeCreate, PaymeView
from mentorium_domain.enums import ProviderName
from mentorium_kit import clock
from tests.integration.core.billing.till import Till, new_parent

BROKEN, FORGOTTEN = "b" * 24, "f" * 24


async def execute(statement: str) -> list[Any]:
    async with mentorium_db.get_session() as session:
        found = await session.execute(text(statement))
        return [tuple(row) for row in found] if found.returns_rows else []


async def begun(payme_id: str) -> None:
    now = clock.now()
    order = await Till().order((await new_parent(now))[0], now, provider=ProviderName.PAYME)
    asked = PaymeCreate(payme_id, int(now.timestamp() * 1000), order.amount_minor, {"order_id": order.public_id})
    assert isinstance(await CreatePaymeTransaction()(asked, now), PaymeView)


@pytest.mark.own_databases
@pytest.mark.usefixtures("session_factory")
async def test_a_transaction_that_cannot_be_ended_keeps_no_other_from_it() -> None:
    for payme_id in (BROKEN, FORGOTTEN):
        await begun(payme_id)
    later = clock.now() + timedelta(hours=12, seconds=1)
    ended: list[None] = []
    sweep = ExpirePaymeTransactions(ended=lambda: ended.append(None))
    await execute("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken'; END $$")
    await execute(
        "CREATE TRIGGER refuse BEFORE UPDATE ON payme_transactions FOR EACH ROW"
        f" WHEN (old.payme_id = '{BROKEN}') EXECUTE FUNCTION refuse()"
    )
    assert [await sweep(later) for _ in range(2)] == [1, 0]
    assert len(ended) == 1, "counted once its commit stood"
    states = "SELECT payme_id, state FROM payme_transactions ORDER BY id"
    assert await execute(states) == [(BROKEN, 1), (FORGOTTEN, -1)]
    events = "SELECT severity, metadata FROM event_logs WHERE event_name = 'payme_expiry_failed'"
    assert await execute(events) == [("ERROR", {"rows": [BROKEN], "count": 1})], "said once an hour"
    await execute("DROP FUNCTION refuse() CASCADE")
    assert await sweep(later) == 1, "as soon as it can be"
