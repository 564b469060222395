"""Migrations of the bot's database, up and down; operators have `mentorium migrate`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, NullPool
from sqlalchemy.ext.asyncio import create_async_engine

from mentorium_db import dsn as dsns

_INI = Path(__file__).parents[1] / "alembic.ini"
_SCRIPTS = Path(__file__).parent / "alembic"


async def upgrade(dsn: str, revision: str = "head") -> None:
    """Migrate up to `revision`, in one transaction. Processes that do so at once wait for each other.

    Within one process it is for one caller at a time, as Alembic keeps its context in a global.
    """
    await _over_database(dsn, lambda config: command.upgrade(config, revision))


async def downgrade(dsn: str, revision: str) -> None:
    """Migrate down to `revision`, in one transaction."""
    await _over_database(dsn, lambda config: command.downgrade(config, revision))


async def create(dsn: str, message: str) -> None:
    """Write a migration that makes the database, which must be at the newest revision, what the models say."""
    await _over_database(dsn, lambda config: command.revision(config, message, autogenerate=True))


async def over_connection(dsn: str, work: Callable[[Connection], None]) -> None:
    """Do synchronous work over a connection of its own."""
    connect = partial(asyncpg.connect, dsns.asyncpg_dsn(dsn))
    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(work)


async def _over_database(dsn: str, work: Callable[[Config], object]) -> None:
    def run(connection: Connection) -> None:
        config = Config(_INI if _INI.exists() else None)
        config.set_main_option("script_location", str(_SCRIPTS))
        config.attributes["connection"] = connection
        work(config)

    await over_connection(dsn, run)
