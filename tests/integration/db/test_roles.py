"""The role the product runs as can do its work and nothing else."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg
import pytest

from mentorium_db.roles import APP_ROLE, ensure_app_role
from tests.integration.db.rows import insert_all

pytestmark = pytest.mark.own_databases

PASSWORD = "it's a \\ secret"


def as_app(dsn: str, password: str = PASSWORD) -> str:
    parts = urlsplit(dsn)
    address = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{APP_ROLE}:{quote(password, safe='')}@{address}"))


async def test_it_reads_and_writes_rows_and_changes_no_table(bot_dsn: str) -> None:
    await ensure_app_role(bot_dsn, "an older password")
    await ensure_app_role(bot_dsn, PASSWORD)
    connection = await asyncpg.connect(as_app(bot_dsn))
    await insert_all(connection)
    await connection.execute("UPDATE parents SET phone = '+998901112233'")
    for forbidden in (
        "CREATE TABLE mine ()",
        "ALTER TABLE parents ADD COLUMN mine text",
        "DROP TABLE event_logs",
        "TRUNCATE dialogs",
        "UPDATE event_logs SET event_name = 'nothing happened'",
        "DELETE FROM alembic_version",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(forbidden)
    await connection.execute("DELETE FROM parents")
    await connection.execute("DELETE FROM event_logs")
    await connection.close()


async def test_tables_of_later_migrations_are_open_to_it(bot_dsn: str) -> None:
    await ensure_app_role(bot_dsn, PASSWORD)
    owner = await asyncpg.connect(bot_dsn)
    await owner.execute("CREATE TABLE later (id serial PRIMARY KEY)")
    await owner.close()
    connection = await asyncpg.connect(as_app(bot_dsn))
    await connection.execute("INSERT INTO later DEFAULT VALUES")
    await connection.close()


async def test_tables_that_another_owner_makes_later_are_open_to_it(bot_dsn: str) -> None:
    """Operators A6: a superuser makes the role, the owner migrates."""
    migrator = f"migrator_{secrets.token_hex(4)}"
    superuser = await asyncpg.connect(bot_dsn)
    try:
        await superuser.execute(f"""
            CREATE ROLE {migrator};
            GRANT CREATE, USAGE ON SCHEMA public TO {migrator};
            ALTER TABLE alembic_version OWNER TO {migrator}
            """)
        await ensure_app_role(bot_dsn, PASSWORD)
        await superuser.execute(f"SET ROLE {migrator}; CREATE TABLE later (id serial PRIMARY KEY); RESET ROLE")
        connection = await asyncpg.connect(as_app(bot_dsn))
        await connection.execute("INSERT INTO later DEFAULT VALUES")
        await connection.close()
    finally:
        await superuser.execute(f"RESET ROLE; DROP OWNED BY {migrator} CASCADE; DROP ROLE {migrator}")
        await superuser.close()


async def test_the_command_takes_the_password_from_standard_input(bot_dsn: str) -> None:
    async def run(given: bytes) -> tuple[int | None, str]:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "mentorium_operator",
            "roles",
            env={**os.environ, "BOT_DB_URL": bot_dsn},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate(given)
        return process.returncode, output.decode()

    assert (await run(b"\n"))[0] == 1
    assert await run(b"from the command line\n") == (0, "")
    connection = await asyncpg.connect(as_app(bot_dsn, "from the command line"))
    assert await connection.fetchval("SELECT current_user") == APP_ROLE
    await connection.close()
