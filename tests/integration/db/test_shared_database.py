"""What one test leaves in the shared databases, the next does not find."""

from __future__ import annotations

import asyncpg
import pytest

from tests.fixtures.databases import SharedDatabase

pytestmark = pytest.mark.asyncio(loop_scope="session")  # which putting back belongs to
_FIRST_STUDENT = "INSERT INTO platform.student (display_name) VALUES ('Aziza') RETURNING student_id"


async def test_rows_and_numbers_are_put_back(platform_database: SharedDatabase, platform_dsn: str) -> None:
    for _ in range(2):
        connection = await asyncpg.connect(platform_dsn)
        assert await connection.fetchval(_FIRST_STUDENT) == 1
        await connection.execute("ALTER TABLE platform.guardian ALTER guardian_id RESTART WITH 500")
        await connection.close()
        await platform_database.put_back()
    connection = await asyncpg.connect(platform_dsn)
    assert await connection.fetchval("SELECT count(*) FROM platform.student") == 0
    guardian = "INSERT INTO platform.guardian (full_name, locale) VALUES ('Olga', 'ru') RETURNING guardian_id"
    assert await connection.fetchval(guardian) == 1
    await connection.close()


async def test_rows_of_the_template_are_put_back(platform_database: SharedDatabase, platform_dsn: str) -> None:
    connection = await asyncpg.connect(platform_dsn)
    before = await connection.fetch("SELECT * FROM platform.clock")
    await connection.execute("UPDATE platform.clock SET shift = '40 days'")
    await platform_database.put_back()
    assert connection.is_closed(), "whoever is still connected is hung up on"
    connection = await asyncpg.connect(platform_dsn)
    assert await connection.fetch("SELECT * FROM platform.clock") == before
    await connection.close()


async def test_a_large_table_is_empty_and_small_again(bot_database: SharedDatabase, bot_dsn: str) -> None:
    connection = await asyncpg.connect(bot_dsn)
    await connection.execute("INSERT INTO parents (telegram_id) SELECT n FROM generate_series(1, 30000) n")
    await bot_database.put_back()
    connection = await asyncpg.connect(bot_dsn)
    assert await connection.fetchval("SELECT pg_relation_size('parents')") == 0
    await connection.close()


@pytest.mark.parametrize(
    "statement", ["ALTER TABLE parents ADD COLUMN mine text", "DROP TABLE parents CASCADE", "CREATE TABLE mine ()"]
)
async def test_tables_cannot_be_changed(bot_dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(bot_dsn)
    with pytest.raises(asyncpg.RaiseError, match="own_databases"):
        await connection.execute(statement)
    await connection.execute("CREATE TEMP TABLE mine (n int); DROP TABLE mine")
    await connection.close()


async def test_who_hangs_up_on_everybody_spoils_nothing(bot_database: SharedDatabase, bot_dsn: str) -> None:
    connection = await asyncpg.connect(bot_dsn)
    await connection.execute("INSERT INTO parents (telegram_id) VALUES (1)")
    await connection.execute(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await bot_database.put_back()
    assert connection.is_closed()
    connection = await asyncpg.connect(bot_dsn)
    assert await connection.fetchval("SELECT count(*) FROM parents") == 0
    await connection.close()
