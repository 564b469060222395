"""Faults of a database that need to know its protocol: a COMMIT whose answer is lost, a server that only reads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeAlias

import asyncpg
import pytest
import pytest_asyncio

from mentorium_sandbox.faults import Faults
from mentorium_sandbox.read_only import ReadOnlySwitch, let_write
from mentorium_sandbox.relay import Relay

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
_LOST = (asyncpg.ConnectionDoesNotExistError, OSError, asyncpg.InternalClientError)
# An ended session is known by the server's word, or, where that was read before the query, by asyncpg's own.
_ENDED = (asyncpg.AdminShutdownError, asyncpg.InterfaceError, *_LOST)


@dataclass(slots=True)
class Database:
    """A database with a table `notes`; `product` leads over the relay, `owner` does not."""

    faults: Faults
    owner: str
    product: str

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Connection]:
        connection = await asyncpg.connect(self.product)
        try:
            yield connection
        finally:
            connection.terminate()

    async def notes(self) -> list[str]:
        connection = await asyncpg.connect(self.owner)
        try:
            return [row["text"] for row in await connection.fetch("SELECT text FROM notes ORDER BY text")]
        finally:
            await connection.close()


@pytest_asyncio.fixture
async def database(empty_dsn: str) -> AsyncIterator[Database]:
    connection = await asyncpg.connect(empty_dsn)
    await connection.execute("CREATE TABLE notes (text text)")
    await connection.close()
    faults = Faults()
    relay = Relay("bot_db", faults)
    product = await relay.open(empty_dsn, "127.0.0.1")
    switch = ReadOnlySwitch("bot_db", empty_dsn, empty_dsn, faults, lambda: relay.ports)
    keeper = asyncio.create_task(switch.keep())
    yield Database(faults, empty_dsn, product)
    keeper.cancel()
    await switch.release()
    await relay.close()


async def _write(connection: Connection, text: str) -> None:
    async with connection.transaction():
        await connection.execute("INSERT INTO notes VALUES ($1)", text)


async def test_a_lost_commit_is_done_and_its_answer_never_comes(database: Database) -> None:
    database.faults.add("bot_db", "commit_lost", times=1)
    async with database.session() as connection:
        with pytest.raises(_LOST):
            await _write(connection, "done")
    assert await database.notes() == ["done"]
    async with database.session() as connection:
        await _write(connection, "and once only")
    assert await database.notes() == ["and once only", "done"]


async def test_a_transaction_that_wrote_nothing_has_nothing_to_lose(database: Database) -> None:
    database.faults.add("bot_db", "commit_lost", times=1)
    async with database.session() as connection:
        async with connection.transaction():
            assert await connection.fetch("SELECT * FROM notes FOR UPDATE") == []
        await connection.execute("INSERT INTO notes VALUES ('by itself')")
        undone = connection.transaction()
        await undone.start()
        await connection.execute("INSERT INTO notes VALUES ('rolled back')")
        await undone.rollback()
        with pytest.raises(_LOST):
            await _write(connection, "written")
    assert await database.notes() == ["by itself", "written"]


async def test_match_names_what_the_transaction_did(database: Database) -> None:
    database.faults.add("bot_db", "commit_lost", match="*INSERT INTO notes*", times=1)
    async with database.session() as connection:
        async with connection.transaction():
            await connection.execute("CREATE TABLE others (text text)")
        with pytest.raises(_LOST):
            await _write(connection, "named")


@pytest.mark.parametrize("kind", ["prepared", "simple", "one query"])
async def test_however_it_was_written(database: Database, kind: str) -> None:
    async with database.session() as connection:
        insert = await connection.prepare("WITH new AS (INSERT INTO notes VALUES ($1) RETURNING 1) SELECT * FROM new")
        async with connection.transaction():
            await insert.fetch("before")
        database.faults.add("bot_db", "commit_lost")
        transaction = connection.transaction()
        if kind == "one query":
            ending: Awaitable[object] = connection.execute("BEGIN; INSERT INTO notes VALUES ('one query'); COMMIT")
        else:
            await transaction.start()
            if kind == "prepared":
                await insert.fetch(kind)
            else:
                await connection.execute("INSERT INTO notes VALUES ('simple')")
            ending = transaction.commit()
        with pytest.raises(_LOST):
            await ending
    assert await database.notes() == sorted(["before", kind])


async def test_what_is_large_passes_whole(database: Database) -> None:
    async with database.session() as connection:
        await connection.execute("INSERT INTO notes VALUES ($1)", "x" * 3_000_000)
        assert len(await connection.fetchval("SELECT text FROM notes")) == 3_000_000
        rows = await connection.fetch("SELECT n, repeat('y', n % 300) AS text FROM generate_series(1, 50000) AS n")
        assert [row["n"] for row in rows] == list(range(1, 50_001))


async def test_read_only_ends_the_sessions_and_refuses_to_write(database: Database) -> None:
    async with database.session() as before:
        await _write(before, "before")
        database.faults.add("bot_db", "read_only")
        await database.faults.settle()
        with pytest.raises(_ENDED):
            await before.fetch("SELECT 1")
    async with database.session() as meanwhile:
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError) as refused:
            await _write(meanwhile, "meanwhile")
        assert refused.value.sqlstate == "25006"
        assert len(await meanwhile.fetch("SELECT * FROM notes")) == 1
        database.faults.clear()
        await database.faults.settle()
    async with database.session() as after:
        await _write(after, "after")
    assert await database.notes() == ["after", "before"]


async def test_read_only_is_over_when_so_many_were_refused(database: Database) -> None:
    database.faults.add("bot_db", "read_only", times=2)
    await database.faults.settle()
    async with database.session() as connection:
        for _ in range(2):
            with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
                await _write(connection, "refused")
    await database.faults.settle()
    async with database.session() as connection:
        await _write(connection, "taken")
    assert await database.notes() == ["taken"]


async def test_what_a_killed_sandbox_left_shut_is_opened(database: Database) -> None:
    await let_write(database.owner, database.owner, on=False)
    async with database.session() as connection:
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await _write(connection, "shut")
    await let_write(database.owner, database.owner, on=True)
    async with database.session() as connection:
        await _write(connection, "open")
    await let_write(database.owner, "postgresql://nobody-of-this-name:x@host:1/db", on=True)


async def test_line_faults_still_happen_to_it(database: Database) -> None:
    database.faults.add("bot_db", "commit_lost", match="*nothing like this*")
    database.faults.add("bot_db", "drop_response", times=1)
    with pytest.raises((ConnectionError, asyncpg.PostgresError)):
        await asyncpg.connect(database.product)
    async with database.session() as connection:
        await _write(connection, "again")
