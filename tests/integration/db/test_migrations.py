"""Migrations can be walked up, down and up, and end where the models are."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

import mentorium_db
import mentorium_db.tables  # the metadata is complete only with them
from mentorium_db.migrate import downgrade, over_connection, upgrade
from mentorium_db.models import Base
from tests.fixtures.database_proxy import database_proxy
from tests.integration.operator.command import mentorium

pytestmark = pytest.mark.own_databases

SCRIPTS = ScriptDirectory(str(Path(mentorium_db.__file__).parent / "alembic"))
OLDEST_FIRST = [script.revision for script in SCRIPTS.walk_revisions()][::-1]

# Everything of the schema that Alembic's own comparison may overlook, in PostgreSQL's words.
CATALOGUE = """
    SELECT table_name || '.' || column_name || ' ' || data_type || coalesce('(' || character_maximum_length || ')', '')
        || coalesce('(' || numeric_precision || ',' || numeric_scale || ')', '')
        || ' null:' || is_nullable || coalesce(' default:' || column_default, '') AS words
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL
    SELECT conrelid::regclass || ': ' || conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
    UNION ALL
    SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
"""


async def catalogue(dsn: str) -> set[str]:
    connection = await asyncpg.connect(dsn)
    try:
        return {row["words"] for row in await connection.fetch(CATALOGUE) if "alembic_version" not in row["words"]}
    finally:
        await connection.close()


async def test_each_step_can_be_taken_back_and_taken_again(empty_dsn: str) -> None:
    for revision in OLDEST_FIRST:
        before = await catalogue(empty_dsn)
        await upgrade(empty_dsn, revision)
        after = await catalogue(empty_dsn)
        await downgrade(empty_dsn, "-1")
        assert await catalogue(empty_dsn) == before
        await upgrade(empty_dsn, revision)
        assert await catalogue(empty_dsn) == after


@pytest.mark.parametrize("revision", ["7c1d94e02b6f", "7c2f9a51e8d4", "f27d90b3c8a1"])
async def test_a_migration_that_was_cut_short_after_a_commit_can_be_taken_again(empty_dsn: str, revision: str) -> None:
    """Those since 0.2.0 that commit on their way."""
    await upgrade(empty_dsn, revision)
    after = await catalogue(empty_dsn)
    connection = await asyncpg.connect(empty_dsn)
    before = SCRIPTS.get_revision(revision).down_revision
    await connection.execute("UPDATE alembic_version SET version_num = $1", before)
    await connection.close()
    await upgrade(empty_dsn, revision)
    assert await catalogue(empty_dsn) == after


async def test_nothing_is_left_after_the_way_down(bot_dsn: str) -> None:
    await downgrade(bot_dsn, "base")
    assert await catalogue(bot_dsn) == set()


async def test_the_models_say_what_the_migrations_make(bot_dsn: str) -> None:
    differences: list[object] = []

    def compare(connection: Connection) -> None:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        differences.extend(compare_metadata(context, Base.metadata))

    await over_connection(bot_dsn, compare)
    assert differences == []


async def test_the_models_and_the_migrations_make_the_same_schema(bot_dsn: str, empty_dsn: str) -> None:
    def create_all(connection: Connection) -> None:
        Base.metadata.create_all(connection)
        connection.commit()

    await over_connection(empty_dsn, create_all)
    assert await catalogue(bot_dsn) == await catalogue(empty_dsn)


async def test_no_relationship_loads_by_accident() -> None:
    lazy = {
        str(relationship): relationship.lazy
        for mapper in Base.registry.mappers
        for relationship in mapper.relationships
    }
    assert set(lazy.values()) <= {"raise"}, lazy


async def run_migrate(*, dsn: str) -> tuple[int, str]:
    return await mentorium("migrate", BOT_DB_URL=dsn)


async def test_the_command_migrates_the_database_of_the_environment(empty_dsn: str, bot_dsn: str) -> None:
    status, output = await run_migrate(dsn=empty_dsn.replace("postgresql://", "postgresql+asyncpg://"))
    assert status == 0, output
    assert await catalogue(empty_dsn) == await catalogue(bot_dsn)


async def test_two_who_migrate_at_once_wait_for_each_other(empty_dsn: str, bot_dsn: str) -> None:
    for status, output in await asyncio.gather(run_migrate(dsn=empty_dsn), run_migrate(dsn=empty_dsn)):
        assert status == 0, output
    assert await catalogue(empty_dsn) == await catalogue(bot_dsn)


async def test_the_command_says_what_it_did(empty_dsn: str) -> None:
    """Operators A17: three migrations or none, the operator reads it."""
    status, output = await run_migrate(dsn=empty_dsn)
    assert status == 0
    *steps, last = output.splitlines()
    assert [step.split(":")[0] for step in steps] == [f"migrated to {revision}" for revision in OLDEST_FIRST]
    assert last.startswith(f"migrated from nothing to {OLDEST_FIRST[-1]}: database test_")
    status, output = await run_migrate(dsn=empty_dsn)
    (line,) = output.splitlines()
    assert line.startswith("nothing to do: database test_")
    assert f"has schema {OLDEST_FIRST[-1]} already" in line


async def test_a_server_older_than_was_tried_is_refused(empty_dsn: str) -> None:
    """Operators A14. A proxy lets the server say that it is of another age."""
    connection = await asyncpg.connect(empty_dsn)
    version = str(connection.get_settings().server_version)
    await connection.close()
    async with database_proxy(empty_dsn) as proxy:
        proxy.rewrite = (
            f"server_version\0{version}".encode(),
            f"server_version\0{version}".replace(version[:2], "14").encode(),
        )
        status, output = await run_migrate(dsn=proxy.dsn)
    assert status == 2
    (line,) = output.splitlines()
    assert "needs PostgreSQL 15 or newer; nothing was changed (this is 14." in line
    assert await catalogue(empty_dsn) == set()


@pytest.mark.parametrize(("dsn", "expected"), [("mysql://nowhere/db", 2), ("postgresql://u:secret@127.0.0.1:1/db", 1)])
async def test_the_command_says_in_one_line_what_is_wrong(dsn: str, expected: int) -> None:
    status, output = await run_migrate(dsn=dsn)
    assert status == expected
    assert len(output.strip().splitlines()) == 1
    assert "secret" not in output
