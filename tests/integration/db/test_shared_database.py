"""What one test leaves in the shared databases, the next does not find."""

from __future__ import annotations

import asyncpg
import pytest

from tests.fixtures.databases import SharedDatabase

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


async def test_a_kept_connection_comes_without_a_past(bot_dsn: str) -> None:
    """Closed for whoever had it; and whoever comes next finds nothing of what was set, locked, listened to or made."""
    settings = {"application_name": "tests of what is kept"}
    first = await asyncpg.connect(bot_dsn, server_settings=settings)
    process = first.get_server_pid()
    await first.add_listener("news", print)
    await first.execute("CREATE TEMP TABLE mine (n int); SELECT pg_advisory_lock(7); SET ROLE pg_monitor")
    await first.execute("SET statement_timeout = '7min'")
    await first.close()
    assert first.is_closed()
    with pytest.raises(asyncpg.InterfaceError):
        await first.execute("SELECT")

    second = await asyncpg.connect(bot_dsn, server_settings=settings)
    assert second.get_server_pid() == process, "or nothing would be spared"
    assert await second.fetchval("SHOW statement_timeout") == "0"
    assert await second.fetchval("SHOW application_name") == settings["application_name"]
    assert await second.fetchval("SELECT to_regclass('pg_temp.mine')") is None
    locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
    assert await second.fetchval(locks) == 0
    assert await second.fetchval("SELECT count(*) FROM pg_listening_channels()") == 0
    assert await second.fetchval("SELECT current_user = session_user")
    await second.close()


async def test_what_is_not_fit_to_be_kept_ends(bot_dsn: str) -> None:
    """In the middle of a transaction; ended by the server; asked for with other settings."""
    settings = {"application_name": "tests of what is not kept"}
    processes = []
    for statement in ("BEGIN", "SELECT", "SELECT"):
        connection = await asyncpg.connect(bot_dsn, server_settings=settings)
        processes.append(connection.get_server_pid())
        await connection.execute(statement)
        await connection.close()
    killer = await asyncpg.connect(bot_dsn)
    await killer.execute(f"SELECT pg_terminate_backend({processes[-1]}, 10000)")
    await killer.close()
    for others in (settings, {**settings, "work_mem": "1MB"}):
        connection = await asyncpg.connect(bot_dsn, server_settings=others)
        processes.append(connection.get_server_pid())
        await connection.close()
    in_transaction, kept, again, after_its_end, otherwise = processes
    assert kept == again
    assert len({in_transaction, kept, after_its_end, otherwise}) == 4
