"""The role the product runs as can do its work and nothing else."""

from __future__ import annotations

import secrets
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg
import pytest

import mentorium_db
from mentorium_core.privacy.keep_retention import SWEEPS, forget_batch
from mentorium_db.migrate import downgrade, upgrade
from mentorium_db.roles import APP_ROLE, ensure_app_role
from mentorium_kit import clock
from mentorium_kit.errors import ConfigurationError
from tests.integration.db.rows import insert_all
from tests.integration.operator.command import mentorium

pytestmark = pytest.mark.own_databases

PASSWORD = "it's a \\ secret"


FIRST = "5d1e0b823564"


def as_role(dsn: str, role: str, password: str) -> str:
    parts = urlsplit(dsn)
    address = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:{quote(password, safe='')}@{address}"))


def as_app(dsn: str, password: str = PASSWORD) -> str:
    return as_role(dsn, APP_ROLE, password)


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


async def test_it_may_read_all_that_a_backup_holds(bot_dsn: str) -> None:
    """pg_dump before 18 selects from each sequence, too, which is more than to use it."""
    await ensure_app_role(bot_dsn, PASSWORD)
    owner = await asyncpg.connect(bot_dsn)
    await owner.execute("CREATE TABLE later (id serial PRIMARY KEY)")
    await owner.close()
    connection = await asyncpg.connect(as_app(bot_dsn))
    for (name,) in await connection.fetch("SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences"):
        await connection.execute(f"SELECT last_value, is_called FROM {name}")
    await connection.close()


async def test_it_keeps_the_retention_of_every_table(bot_dsn: str, tmp_path: Path) -> None:
    """Also of the journal, whose rows it may delete and neither change nor lock (durability 19)."""
    await ensure_app_role(bot_dsn, PASSWORD)
    owner = await asyncpg.connect(bot_dsn)
    await insert_all(owner)
    await owner.close()
    mentorium_db.configure(as_app(bot_dsn))
    (tmp_path / "clock").write_text(str(timedelta(days=20 * 366).total_seconds()))
    clock.configure(tmp_path / "clock")
    try:
        forgotten = {table for table, sweep in SWEEPS if await forget_batch(table, sweep)}
    finally:
        clock.configure(None)
        await mentorium_db.dispose()
    left = {table for table, _ in SWEEPS} - forgotten
    assert left == {
        *("inbox", "lent_rights", "notification_pictures", "notifications"),  # what is still wanted, or has no row
        *("pgqueuer.pgqueuer", "pgqueuer.pgqueuer_log", "pgqueuer.pgqueuer_statistics"),
    }


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


async def test_a_migration_of_the_owner_is_open_to_it(empty_dsn: str) -> None:
    """Operators A6: the owner, who is no superuser, migrates on after a superuser made the role."""
    owner = f"owner_{secrets.token_hex(4)}"
    superuser = await asyncpg.connect(empty_dsn)
    try:
        database = await superuser.fetchval("SELECT quote_ident(current_database())")
        await superuser.execute(f"""
            CREATE ROLE {owner} LOGIN PASSWORD 'pw';
            GRANT CREATE ON DATABASE {database} TO {owner};
            GRANT CREATE, USAGE ON SCHEMA public TO {owner}
            """)
        owner_dsn = as_role(empty_dsn, owner, "pw")
        await upgrade(owner_dsn)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ensure_app_role(owner_dsn, PASSWORD)
        await ensure_app_role(empty_dsn, PASSWORD)
        await downgrade(owner_dsn, FIRST)
        await upgrade(owner_dsn)
        await ensure_app_role(owner_dsn, None)  # the rights alone are the owner's to give
        closed = await superuser.fetch(
            """
            SELECT oid::regclass FROM pg_class
            WHERE relkind = 'r' AND relnamespace IN ('public'::regnamespace, 'pgqueuer'::regnamespace)
                AND relname <> 'alembic_version' AND NOT has_table_privilege($1, oid, 'SELECT, INSERT, DELETE')
            """,
            APP_ROLE,
        )
        assert closed == []
    finally:
        await superuser.execute(f"DROP OWNED BY {owner} CASCADE; DROP ROLE {owner}")
        await superuser.close()


async def test_a_database_without_migrations_has_nothing_to_open(empty_dsn: str) -> None:
    with pytest.raises(ConfigurationError, match="bot_database_not_migrated"):
        await ensure_app_role(empty_dsn, PASSWORD)


async def test_the_command_takes_the_password_from_standard_input(bot_dsn: str) -> None:
    assert (await mentorium("roles", given="\n", BOT_DB_URL=bot_dsn))[0] == 1
    status, output = await mentorium("roles", given="from the command line\n", BOT_DB_URL=bot_dsn)
    assert (status, output.startswith(f"role {APP_ROLE} has its password and rights")) == (0, True)
    connection = await asyncpg.connect(as_app(bot_dsn, "from the command line"))
    assert await connection.fetchval("SELECT current_user") == APP_ROLE
    await connection.close()
