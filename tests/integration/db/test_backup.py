"""A drill: the database is filled, backed up, destroyed and restored, and everything in it is what it was."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

import asyncpg
import pytest

import mentorium_db
from mentorium_core.privacy.commands import erase_data
from mentorium_core.recovery.commands import IDS_SKIPPED
from mentorium_core.recovery.rules import runs_between
from mentorium_db.backup import archive, swap
from mentorium_db.backup.client import find_client
from mentorium_db.migrate import upgrade
from mentorium_db.revisions import known_revisions
from mentorium_db.roles import APP_ROLE, ensure_app_role
from mentorium_kit import clock
from tests.fixtures.releases import before
from tests.fixtures.servers import PostgresServer
from tests.integration.db.rows import RIGHT, insert_all
from tests.integration.db.test_roles import as_app
from tests.integration.operator.command import mentorium

pytestmark = pytest.mark.own_databases

PASSWORD = "it's a \\ secret: with %40"
_CAST: Final = re.compile(r"::(character varying|text)(\(\d+\))?(\[\])?|[()]")
_TABLES = """
    SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
    """
_DEFINITIONS = {
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint",
    "indexes": "SELECT schemaname, indexname, indexdef FROM pg_indexes WHERE schemaname <> 'pg_catalog'",
    "columns": """
        SELECT table_schema, table_name, column_name, data_type, column_default, is_nullable
        FROM information_schema.columns WHERE table_schema IN ('public', 'pgqueuer')
        """,
    "grants": "SELECT relname, relacl::text, pg_get_userbyid(relowner) FROM pg_class WHERE relacl IS NOT NULL",
    "default grants": "SELECT defaclrole::regrole::text, defaclobjtype::text, defaclacl::text FROM pg_default_acl",
    "sequences": "SELECT schemaname, sequencename, last_value FROM pg_sequences",
    "functions": "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'pgqueuer'::regnamespace",
    "triggers": "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "database": """
        SELECT pg_get_userbyid(datdba), encoding, datcollate,
            (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(datacl) a), datconnlimit, datallowconn,
            (SELECT array_agg(setconfig) FROM pg_db_role_setting WHERE setdatabase = d.oid)
        FROM pg_database d WHERE datname = current_database()
        """,
}


async def everything(dsn: str) -> Mapping[str, list[str]]:
    """All rows of all tables, and how the database is made."""
    connection = await asyncpg.connect(dsn)
    try:
        found = {
            name: [str(row[0]) for row in await connection.fetch(f"SELECT t::text FROM {name} t ORDER BY 1")]
            for (name,) in await connection.fetch(_TABLES)
        }
        for what, question in _DEFINITIONS.items():
            # a cast of constants may stand in two places, and mean the same
            found[what] = sorted(_CAST.sub("", str(tuple(row))) for row in await connection.fetch(question))
        return found
    finally:
        await connection.close()


async def fill(dsn: str) -> None:
    """At least a row in every table."""
    connection = await asyncpg.connect(dsn)
    try:
        await insert_all(connection)
    finally:
        await connection.close()


async def backed_up(dsn: str, folder: Path) -> Path:
    status, output = await mentorium("backup", BOT_DB_URL=dsn, BACKUP_DIR=str(folder))
    assert status == 0, output
    return Path(output.splitlines()[0])


async def test_the_drill(bot_dsn: str, postgres_server: PostgresServer, tmp_path: Path) -> None:
    await ensure_app_role(bot_dsn, PASSWORD)
    name = bot_dsn.rpartition("/")[2]
    owner = await asyncpg.connect(bot_dsn)
    await insert_all(owner)
    await owner.execute(f"""
        ALTER DATABASE {name} SET statement_timeout = '1h';
        REVOKE CONNECT ON DATABASE {name} FROM PUBLIC;
        GRANT CONNECT ON DATABASE {name} TO {APP_ROLE}
        """)
    await owner.close()
    before = await everything(bot_dsn)
    assert all(before[f"public.{table}"] for table in RIGHT)

    file = await backed_up(bot_dsn, tmp_path / "backups")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {path.name for path in file.parent.iterdir()} == {file.name, f"{file.name}.sha256"}

    session = await asyncpg.connect(as_app(bot_dsn, PASSWORD))  # the product is at work meanwhile
    await session.execute("DELETE FROM parents; DELETE FROM payments")
    destroyer = await asyncpg.connect(bot_dsn)
    await destroyer.execute("DROP TABLE event_logs CASCADE; DROP SCHEMA pgqueuer CASCADE")
    await destroyer.close()
    status, output = await mentorium("restore", str(file), "--yes", BOT_DB_URL=bot_dsn)
    assert status == 0, output
    assert "Traceback" not in output
    assert session.is_closed() or await _is_hung_up_on(session)
    try:
        after = await everything(bot_dsn)
        different = {what: (set(before[what]) ^ set(after[what])) for what in before if before[what] != after[what]}
        assert different == {}
        assert before.keys() == after.keys()
        product = await asyncpg.connect(as_app(bot_dsn, PASSWORD))
        await product.execute("INSERT INTO parents (telegram_id) VALUES (100000003)")
        await product.close()
    finally:
        await drop_kept(postgres_server, output)


async def _is_hung_up_on(session: asyncpg.Connection[asyncpg.Record]) -> bool:
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await session.execute("SELECT 1")
    return True


async def drop_kept(server: PostgresServer, output: str) -> None:
    """The database that a restore has left beside the new one."""
    kept = output.rpartition('DROP DATABASE "')[2].rstrip('"\n')
    await server.drop(server.dsn(kept))


async def run(dsn: str, statement: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetch(statement)
    finally:
        await connection.close()


async def databases(server: PostgresServer, dsn: str) -> list[str]:
    """Of this one and all that were made beside it."""
    name = dsn.rpartition("/")[2]
    return [row[0] for row in await run(server.owner, f"SELECT datname FROM pg_database WHERE datname ~ '^{name}'")]


@pytest.mark.parametrize("releases_ago", [1, 2])
async def test_a_backup_of_a_release_before_is_migrated(
    empty_dsn: str, postgres_server: PostgresServer, tmp_path: Path, releases_ago: int
) -> None:
    """Into a database that is not there any more."""
    revision = before()[-releases_ago].newest_revision(tmp_path)
    await upgrade(empty_dsn, revision)
    await run(empty_dsn, "INSERT INTO parents (telegram_id, language) VALUES (100000001, 'uz')")
    file = await backed_up(empty_dsn, tmp_path / "backups")
    await postgres_server.drop(empty_dsn)
    status, output = await mentorium("restore", str(file), "--yes", BOT_DB_URL=empty_dsn)
    assert status == 0, output
    assert "DROP DATABASE" not in output, "there was nothing to keep"
    assert [row[0] for row in await run(empty_dsn, "SELECT telegram_id FROM parents")] == [100_000_001]
    ((found,),) = await run(empty_dsn, "SELECT version_num FROM alembic_version")
    assert found == known_revisions().newest
    assert (f"migrated from {revision}" in output) is (found != revision)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda file: file.write_bytes(file.read_bytes()[:-100]), "the backup is damaged"),
        (
            lambda file: file.with_name(f"{file.name}.sha256").unlink() or file.write_bytes(b"PGDMP no"),
            "cannot be read",
        ),
        (lambda file: file.unlink(), "there is no such backup"),
    ],
)
async def test_a_backup_that_is_not_whole_changes_nothing(
    bot_dsn: str, postgres_server: PostgresServer, tmp_path: Path, spoil: Callable[[Path], object], said: str
) -> None:
    file = await backed_up(bot_dsn, tmp_path)
    spoil(file)
    status, output = await mentorium("restore", str(file), "--yes", BOT_DB_URL=bot_dsn)
    assert status in {1, 2}
    assert said in output
    assert await databases(postgres_server, bot_dsn) == [bot_dsn.rpartition("/")[2]]


async def test_whoever_fails_half_way_leaves_the_old_one(
    bot_dsn: str, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    """The checksum is right, the data are cut off: as pg_dump by hand on a full disk leaves it."""
    await run(bot_dsn, "INSERT INTO parents (telegram_id, language) SELECT n, 'uz' FROM generate_series(1, 20000) n")
    file = await backed_up(bot_dsn, tmp_path)
    file.write_bytes(file.read_bytes()[:-30_000])
    archive.checksum_file(file).unlink()
    status, output = await mentorium("restore", str(file), "--yes", BOT_DB_URL=bot_dsn)
    assert (status, "could not be restored; the database is as it was" in output) == (1, True), output
    assert "whether it is whole is not proven" in output
    assert await databases(postgres_server, bot_dsn) == [bot_dsn.rpartition("/")[2]]
    assert [row[0] for row in await run(bot_dsn, "SELECT count(*) FROM parents")] == [20_000]


async def test_nothing_is_replaced_without_a_word(
    bot_dsn: str, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    file = await backed_up(bot_dsn, tmp_path)
    status, output = await mentorium("restore", str(file), BOT_DB_URL=bot_dsn)
    assert status == 1
    assert "will be replaced by the backup of" in output
    assert "nothing was changed" in output
    assert await databases(postgres_server, bot_dsn) == [bot_dsn.rpartition("/")[2]]


async def test_a_role_that_may_make_no_database_is_told(bot_dsn: str, tmp_path: Path) -> None:
    await ensure_app_role(bot_dsn, PASSWORD)
    file = await backed_up(bot_dsn, tmp_path)
    status, output = await mentorium("restore", str(file), "--yes", BOT_DB_URL=as_app(bot_dsn, PASSWORD))
    assert (status, "needs a role that may make databases" in output) == (2, True), output


async def test_a_full_disk_leaves_no_backup(bot_dsn: str, tmp_path: Path) -> None:
    programs, folder = tmp_path / "bin", tmp_path / "backups"
    programs.mkdir()
    client = await find_client(18)
    for name, real in (("pg_dump", client.pg_dump), ("pg_restore", client.pg_restore)):
        (programs / name).write_text(f"#!/bin/sh\ntrap '' XFSZ\nulimit -f 8\nexec {real} \"$@\"\n")
        (programs / name).chmod(0o700)
    await run(bot_dsn, "INSERT INTO parents (telegram_id, language) SELECT n, 'uz' FROM generate_series(1, 20000) n")
    path = f"{programs}:{os.environ['PATH']}"
    status, output = await mentorium("backup", BOT_DB_URL=bot_dsn, BACKUP_DIR=str(folder), PATH=path)
    assert status == 1
    assert "the backup was not made (" in output
    assert "File too large" in output
    assert list(folder.iterdir()) == []


async def test_a_folder_nobody_can_write_to_is_told(bot_dsn: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    status, output = await mentorium("backup", BOT_DB_URL=bot_dsn, BACKUP_DIR=str(tmp_path / "file" / "backups"))
    assert (status, "no backup can be written there (BACKUP_DIR)" in output) == (2, True), output


async def test_old_backups_go_and_the_newest_stays(bot_dsn: str, tmp_path: Path) -> None:
    name = bot_dsn.rpartition("/")[2]
    old, others = f"{name}-20200101T000000Z.dump", "another-20200101T000000Z.dump"
    for one in (old, f"{old}.sha256", others):
        (tmp_path / one).touch()
    file = await backed_up(bot_dsn, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {others, file.name, f"{file.name}.sha256"}


async def test_one_restore_at_a_time_and_what_a_killed_one_left_goes(
    bot_dsn: str, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    file = await backed_up(bot_dsn, tmp_path)
    left = swap.beside(swap.name_of(bot_dsn), "restoring")
    async with swap.maintenance(bot_dsn) as other:
        await swap.be_alone(other, left)
        await swap.make(other, left, swap.name_of(bot_dsn))
        status, output = await mentorium("restore", str(file), "--yes", BOT_DB_URL=bot_dsn)
        assert (status, "another restore of this database is under way" in output) == (1, True), output
        assert await swap.exists(other, left)
    status, output = await mentorium("restore", str(file), "--yes", BOT_DB_URL=bot_dsn)
    assert status == 0, output
    await drop_kept(postgres_server, output)
    async with swap.maintenance(bot_dsn) as other:
        assert not await swap.exists(other, left)


async def test_who_was_erased_since_is_erased_again_and_nothing_is_said_twice(
    bot_dsn: str, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    await fill(bot_dsn)
    file = await backed_up(bot_dsn, tmp_path)
    mentorium_db.configure(bot_dsn)
    await erase_data(100_000_002)
    await mentorium_db.dispose()
    tomorrow = clock.now() + timedelta(days=1)
    words = ("--yes", "--lost-at", tomorrow.isoformat())
    status, output = await mentorium("restore", str(file), *words, BOT_DB_URL=bot_dsn)
    assert status == 0, output
    await drop_kept(postgres_server, output)
    assert "erased again: 1\n" in output
    for told in ("messages in doubt: 1", "letters in doubt: 1", "questions closed: 1", "updates closed: 1"):
        assert told in output
    assert [row[0] for row in await run(bot_dsn, "SELECT telegram_id FROM parents")] == [100_000_001]
    ((status_of, reason),) = await run(bot_dsn, "SELECT status, reason FROM notifications")
    assert (status_of, reason) == ("unknown", "restored")
    ((renewal,),) = await run(bot_dsn, "SELECT status FROM renewal_attempts")
    assert renewal == "stopped"
    days = [row[0] for row in await run(bot_dsn, "SELECT day FROM period_runs WHERE stored_at IS NOT NULL")]
    assert days == [run.day for run in runs_between(tomorrow - timedelta(days=1), tomorrow)]
    ((parent_id,),) = await run(bot_dsn, "INSERT INTO parents (telegram_id) VALUES (7) RETURNING id")
    assert parent_id > IDS_SKIPPED, "an id that the lost database may have given out"


async def test_what_other_means_have_restored_is_settled(bot_dsn: str, tmp_path: Path) -> None:
    await fill(bot_dsn)
    erased = tmp_path / "erased"
    erased.write_text("2\n")
    moments = ("--settle", "2026-11-23T00:00Z", "--lost-at", "2027-01-01T00:00+05:00")
    words = (*moments, "--erased", str(erased))
    status, output = await mentorium("restore", *words, BOT_DB_URL=bot_dsn)
    assert (status, "messages in doubt: 1" in output, "erased again: 1" in output) == (0, True, True), output
    status, output = await mentorium("restore", *words, BOT_DB_URL=bot_dsn)
    assert (status, "in doubt" in output) == (0, False), "what is settled stays so"


async def test_who_was_erased_is_named_by_logs_where_the_database_is_lost(
    bot_dsn: str, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    await fill(bot_dsn)
    file = await backed_up(bot_dsn, tmp_path)
    await postgres_server.drop(bot_dsn)
    log = tmp_path / "bot.jsonl"
    log.write_text('{"event": "started"}\nrubbish\n{"parent_id": 2, "event": "data_erased"}\n')
    status, output = await mentorium("restore", str(file), "--yes", "--erased", str(log), BOT_DB_URL=bot_dsn)
    assert status == 0, output
    assert [row[0] for row in await run(bot_dsn, "SELECT id FROM parents")] == [1]
