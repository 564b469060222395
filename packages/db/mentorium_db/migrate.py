"""Migrations of the bot's database, up and down; operators have `mentorium migrate`.

By expand and contract: the release before must run on the database that this one has migrated. docs/HOW_TO.md tells.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import asyncpg
from alembic import command, op
from alembic.config import Config
from sqlalchemy import Connection, NullPool
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from mentorium_db import dsn as dsns
from mentorium_db.server import database_state
from mentorium_db.sqlstates import driver_error
from mentorium_kit.backoff import backoff_s

LOCK_TIMEOUT: Final = "3s"
_MOST_TRIES: Final = 10
_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 5.0
"""With the time-out itself about a minute in all."""
_INI = Path(__file__).parents[1] / "alembic.ini"
_SCRIPTS = Path(__file__).parent / "alembic"

Tell = Callable[[str], None]


async def upgrade(dsn: str, revision: str = "head", tell: Tell | None = None) -> str:
    """Migrate up to `revision`, each migration in its own transaction. Processes that do so at once take turns.

    A migration that does not get its lock within three seconds lets the others pass and is tried again, for about a
    minute; `tell` hears of it, and of each migration that is done. What is done stays done.
    Within one process it is for one caller at a time, as Alembic keeps its context in a global. Returns a sentence that
    says what was done. ConfigurationError `postgresql_too_old` for a server before PostgreSQL 15; nothing is touched.
    """
    before = await database_state(dsn)
    await _retried(dsn, lambda config: command.upgrade(config, revision), tell)
    after = await database_state(dsn)
    where = f"database {after.name}, PostgreSQL {after.server}"
    if before.revision == after.revision:
        return f"nothing to do: {where} has schema {after.revision} already"
    return f"migrated from {before.revision or 'nothing'} to {after.revision}: {where}"


async def downgrade(dsn: str, revision: str) -> None:
    """Migrate down to `revision`, each migration in its own transaction."""
    await _retried(dsn, lambda config: command.downgrade(config, revision), None)


async def create(dsn: str, message: str) -> None:
    """Write a migration that makes the database, which must be at the newest revision, what the models say."""
    await _over_database(dsn, lambda config: command.revision(config, message, autogenerate=True), None)


def create_index_concurrently(name: str, on: str, *, unique: bool = False) -> None:
    """For migrations: CREATE INDEX without holding the table up. `on`: table, columns and, if need be, WHERE.

    It waits for transactions that run, as long as that takes, and hinders nobody meanwhile. A half-made index of an
    earlier try is dropped. It commits what the migration did before, which therefore must bear to be done twice
    (IF NOT EXISTS).
    """
    kind = "UNIQUE INDEX" if unique else "INDEX"
    bare_name = name.rpartition(".")[2]  # an index is made in its table's schema, and dropped from the one it names
    _concurrently(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", f"CREATE {kind} CONCURRENTLY {bare_name} ON {on}")


def drop_index_concurrently(name: str) -> None:
    """For migrations: DROP INDEX without holding the table up."""
    _concurrently(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")


def _concurrently(*statements: str) -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        for statement in statements:
            op.execute(statement)
        op.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")


async def over_connection(dsn: str, work: Callable[[Connection], None]) -> None:
    """Do synchronous work over a connection of its own."""
    connect = partial(asyncpg.connect, dsns.asyncpg_dsn(dsn))
    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(work)


async def _retried(dsn: str, work: Callable[[Config], object], tell: Tell | None) -> None:
    for failures in range(1, _MOST_TRIES):
        try:
            return await _over_database(dsn, work, tell)
        except DBAPIError as error:
            if not isinstance(driver_error(error), asyncpg.LockNotAvailableError):
                raise
            pause = backoff_s(failures, _FIRST_PAUSE_S, _LONGEST_PAUSE_S)
            if tell is not None:
                tell(f"a table is in use by a long transaction; tried again in {pause:.1f} s ({failures})")
            await asyncio.sleep(pause)
    return await _over_database(dsn, work, tell)


async def _over_database(dsn: str, work: Callable[[Config], object], tell: Tell | None) -> None:
    def run(connection: Connection) -> None:
        config = Config(_INI if _INI.exists() else None)
        config.set_main_option("script_location", str(_SCRIPTS))
        config.attributes["connection"] = connection
        config.attributes["tell"] = tell
        work(config)

    await over_connection(dsn, run)
