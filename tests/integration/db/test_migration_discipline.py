"""Each new migration may run beside the release before it (durability 24): no long lock, nothing taken away.

The rules stand in `migration_discipline.py`; what they judge is the SQL that a migration really sends.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import event
from sqlalchemy.engine import Engine

import mentorium_db
from mentorium_db import migrate
from mentorium_db.migrate import upgrade
from tests.integration.db.migration_discipline import objections

pytestmark = pytest.mark.own_databases

BEFORE_THE_RULE = {"5d1e0b823564", "8a4f6c21d907", "c36d1b7e5f40", "c1e7b52f8d30"}
"""They ran before there was a release that could have run beside them."""
GRANT_REQUESTS = "d5a2c7e91b40"
SCRIPTS = ScriptDirectory(str(Path(mentorium_db.__file__).parent / "alembic"))
OLDEST_FIRST = [script.revision for script in SCRIPTS.walk_revisions()][::-1]


async def emitted(dsn: str, revision: str) -> list[str]:
    """The statements that this migration, and no other, sends."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.extend(part.strip() for part in statement.split(";\n") if part.strip())

    event.listen(Engine, "before_cursor_execute", note)
    try:
        await upgrade(dsn, revision)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return statements


async def test_each_new_migration_may_run_beside_the_release_before(empty_dsn: str) -> None:
    found: dict[str, list[str]] = {}
    for revision in OLDEST_FIRST:
        statements = await emitted(empty_dsn, revision)
        if revision not in BEFORE_THE_RULE:
            found[revision] = objections(statements)
    assert {revision: what for revision, what in found.items() if what} == {}
    assert found, "there are migrations under the rule"


def test_nobody_joins_those_before_the_rule() -> None:
    assert set(OLDEST_FIRST[:4]) == BEFORE_THE_RULE


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE INDEX ix_a ON parents (id)",
        "CREATE UNIQUE INDEX ix_a ON parents (id) WHERE id > 1",
        "DROP INDEX ix_a",
        "DROP TABLE parents",
        "ALTER TABLE parents ADD COLUMN a text NOT NULL",
        "ALTER TABLE parents ADD COLUMN a uuid DEFAULT gen_random_uuid()",
        "ALTER TABLE parents ADD COLUMN a timestamptz DEFAULT clock_timestamp() NOT NULL",
        "ALTER TABLE parents ADD COLUMN b int, ADD COLUMN a text NOT NULL",
        "ALTER TABLE parents ADD COLUMN a int UNIQUE",
        "ALTER TABLE parents ADD COLUMN a int REFERENCES learners (id)",
        "ALTER TABLE parents ADD COLUMN a int CHECK (a > 0)",
        "ALTER TABLE parents ADD COLUMN a bigserial",
        "ALTER TABLE parents ALTER COLUMN id TYPE bigint",
        "ALTER TABLE parents ALTER id SET DATA TYPE bigint",
        "ALTER TABLE parents ALTER COLUMN phone SET NOT NULL",
        "ALTER TABLE parents RENAME TO people",
        "ALTER TABLE parents RENAME COLUMN phone TO number",
        "ALTER TABLE parents DROP COLUMN phone",
        "ALTER TABLE parents DROP phone",
        "ALTER TABLE parents ADD CONSTRAINT ck_a CHECK (id > 0)",
        "ALTER TABLE parents ADD CONSTRAINT fk_a FOREIGN KEY (id) REFERENCES learners (id)",
        "ALTER TABLE parents ADD CONSTRAINT uq_a UNIQUE (phone)",
        "LOCK TABLE parents",
        "TRUNCATE parents",
    ],
)
def test_what_would_hold_the_product_up_is_refused(statement: str) -> None:
    assert len(objections([statement])) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE INDEX CONCURRENTLY ix_a ON parents (id)",
        "DROP INDEX CONCURRENTLY IF EXISTS ix_a",
        "ALTER TABLE parents ADD COLUMN IF NOT EXISTS a VARCHAR(64)",
        "ALTER TABLE parents ADD COLUMN a text DEFAULT 'x, (y' NOT NULL, ADD COLUMN b int DEFAULT 0",
        "ALTER TABLE parents ADD COLUMN a timestamptz DEFAULT now() NOT NULL",
        "ALTER TABLE parents ADD CONSTRAINT ck_a CHECK (id > 0) NOT VALID",
        "ALTER TABLE parents VALIDATE CONSTRAINT ck_a",
        "ALTER TABLE parents DROP CONSTRAINT ck_a",
        "ALTER TABLE parents ADD CONSTRAINT uq_a UNIQUE USING INDEX ix_a",
        "UPDATE alembic_version SET version_num = 'a'",
    ],
)
def test_what_holds_nobody_up_is_welcome(statement: str) -> None:
    assert objections([statement]) == []


def test_a_table_of_ones_own_may_be_made_as_one_likes() -> None:
    made = ["CREATE TABLE mine (id int)", "CREATE INDEX ix_mine ON mine (id)", "ALTER TABLE mine ADD UNIQUE (id)"]
    assert objections(made) == []
    assert len(objections(made[1:])) == 2


async def test_a_table_in_use_lets_others_pass_and_the_migration_comes_again(
    empty_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Durability 24: behind one long query nothing stands longer than the lock time-out."""
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT", "200ms")
    await upgrade(empty_dsn, OLDEST_FIRST[3])
    holder, other = await asyncpg.connect(empty_dsn), await asyncpg.connect(empty_dsn)
    told: list[str] = []
    try:
        await holder.execute("BEGIN; LOCK TABLE subscription_grants IN ACCESS SHARE MODE")
        migrating = asyncio.ensure_future(upgrade(empty_dsn, GRANT_REQUESTS, told.append))
        while not told:
            await asyncio.sleep(0.02)
        assert "tried again" in told[0]
        await asyncio.wait_for(other.fetch("SELECT count(*) FROM subscription_grants"), 5)
        await holder.execute("COMMIT")
        await migrating
        assert await other.fetchval("SELECT version_num FROM alembic_version") == GRANT_REQUESTS
    finally:
        await holder.close()
        await other.close()


async def test_each_migration_has_a_transaction_of_its_own(empty_dsn: str) -> None:
    """What went before stays, where a later one fails."""
    first, second, *_ = OLDEST_FIRST
    await upgrade(empty_dsn, first)
    connection = await asyncpg.connect(empty_dsn)
    try:
        await connection.execute("CREATE TABLE report_runs ()")  # in the way of the third
        with pytest.raises(Exception, match="report_runs"):
            await upgrade(empty_dsn, "head")
        assert await connection.fetchval("SELECT version_num FROM alembic_version") == second
    finally:
        await connection.close()
