"""Each wrong state is refused by the constraint made for it, and there is no constraint without such a case."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TypeAlias

import asyncpg
import pytest
import pytest_asyncio

import mentorium_db.tables  # noqa: F401 - makes the metadata complete
from mentorium_db.models import Base
from tests.integration.db.rows import RIGHT, Row, insert, insert_all
from tests.integration.db.wrong_rows import BESIDE, MAY_BE_ABSENT, TWICE, WRONG

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

# Follows from the primary key; it is there to be referred to.
IMPLIED = {"uq_subscriptions_id_parent_id"}


@pytest_asyncio.fixture
async def connection(bot_dsn: str) -> AsyncIterator[Connection]:
    opened = await asyncpg.connect(bot_dsn)
    yield opened
    await opened.close()


def table_of(constraint: str) -> str:
    words = constraint.partition("_")[2]
    return max((table for table in RIGHT if words == table or words.startswith(f"{table}_")), key=len)


async def insert_what_it_refers_to(connection: Connection, table: str) -> None:
    for earlier, row in RIGHT.items():
        if earlier == table:
            break
        await insert(connection, earlier, row)
    if table != "parents":
        await insert(connection, "parents", {"telegram_id": 100_000_002})


async def accept(connection: Connection, table: str, row: Row) -> None:
    """Insert the row and take it back."""
    transaction = connection.transaction()
    await transaction.start()
    await insert(connection, table, row)
    await connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    await transaction.rollback()


async def refused_by(connection: Connection, table: str, row: Row) -> str | None:
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refusal:
        async with connection.transaction():
            await insert(connection, table, row)
    return refusal.value.constraint_name


def test_every_table_has_a_right_row() -> None:
    assert sorted(RIGHT) == sorted(Base.metadata.tables)


@pytest.mark.parametrize("table", {table_of(constraint): None for constraint, _ in WRONG})
async def test_wrong_rows_are_refused(connection: Connection, table: str) -> None:
    await insert_what_it_refers_to(connection, table)
    for constraint, wrong in WRONG:
        if table_of(constraint) == table:
            assert await refused_by(connection, table, RIGHT[table] | wrong) == constraint, wrong


@pytest.mark.parametrize("table", {table_of(constraint): None for constraint, _ in TWICE})
async def test_second_rows_are_refused(connection: Connection, table: str) -> None:
    await insert_what_it_refers_to(connection, table)
    await insert(connection, table, RIGHT[table])
    for constraint, difference in TWICE:
        if table_of(constraint) == table:
            assert await refused_by(connection, table, RIGHT[table] | difference) == constraint, difference


@pytest.mark.parametrize("table", {table: None for table, _ in BESIDE})
async def test_right_second_rows_are_welcome(connection: Connection, table: str) -> None:
    await insert_what_it_refers_to(connection, table)
    await insert(connection, table, RIGHT[table])
    for difference in [difference for named, difference in BESIDE if named == table]:
        await accept(connection, table, RIGHT[table] | difference)


@pytest.mark.parametrize("table", RIGHT)
async def test_what_must_be_said_cannot_be_left_out(connection: Connection, table: str) -> None:
    await insert_what_it_refers_to(connection, table)
    for column in RIGHT[table]:
        absent = RIGHT[table] | {column: None}
        if (table, column) in MAY_BE_ABSENT:
            await accept(connection, table, absent)
        else:
            with pytest.raises((asyncpg.NotNullViolationError, asyncpg.CheckViolationError)):
                await insert(connection, table, absent)


async def test_no_constraint_is_without_a_case(connection: Connection) -> None:
    found = await connection.fetch("""
        SELECT conname FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND (contype IN ('c', 'u', 'f') OR conname = 'pk_used_link_codes')
        UNION
        SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE indisunique AND NOT indisprimary AND relnamespace = 'public'::regnamespace
        """)
    assert {row["conname"] for row in found} - IMPLIED == {constraint for constraint, _ in (*WRONG, *TWICE)}


async def test_a_parents_data_vanish_with_the_parent_but_for_the_books(connection: Connection) -> None:
    await insert_all(connection)
    await connection.execute("DELETE FROM parents")
    left = {table: await connection.fetchval(f"SELECT count(*) FROM {table}") for table in RIGHT}
    assert {table for table, rows in left.items() if rows} == {
        "payments",
        "orders",
        "ledger_entries",
        "refunds",
        "payme_transactions",
        "click_transactions",
        "provider_calls",
        "used_link_codes",
        "event_logs",
        "staff_news",
        "code_attempts",
        "report_runs",
        "period_runs",
        "period_run_batches",
        "paid_broadcasts",
        "feed_cursors",
        "alert_checks",
        "ai_daily_usage",
        "report_shells",
        "inbox",  # erasing forgets its rows by the person's Telegram id, who may be no parent
        "webhook_registrations",
    }
    payment = await connection.fetchrow("SELECT parent_id, subscription_id, amount FROM payments")
    assert payment is not None
    assert tuple(payment) == (None, None, 99_000)
    assert await connection.fetchval("SELECT parent_telegram_id FROM used_link_codes") is None
