"""What a bot's database is: its server's version and clock, its name, its schema.

A server older than we have tried is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import asyncpg
from sqlalchemy import text

from mentorium_db import dsn as dsns
from mentorium_db.session import get_session
from mentorium_kit.errors import ConfigurationError

OLDEST_SERVER: Final = 15
MOST_APART: Final = timedelta(minutes=1)
"""A machine whose clock differs by more from the database's is wrong: a worker starts nothing there."""


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """`server`: PostgreSQL's version, such as 15.18; `revision`: None before the first migration."""

    server: str
    name: str
    revision: str | None


async def database_state(dsn: str) -> DatabaseState:
    """ConfigurationError `postgresql_too_old` for a server before 15; the driver's errors where it does not answer."""
    connection = await asyncpg.connect(dsns.asyncpg_dsn(dsn))
    try:
        version = connection.get_server_version()
        server = f"{version.major}.{version.micro}"  # since 10 there are two numbers, and the second is called so
        if version.major < OLDEST_SERVER:
            raise ConfigurationError("postgresql_too_old", reason=f"this is {server}")
        there = await connection.fetchval("SELECT to_regclass('alembic_version') IS NOT NULL")
        revision = await connection.fetchval("SELECT version_num FROM alembic_version") if there else None
        return DatabaseState(server, await connection.fetchval("SELECT current_database()"), revision)
    finally:
        await connection.close()


async def database_now() -> datetime:
    """This moment by the database server's clock. Joins the open unit of work."""
    async with get_session() as session:
        moment: datetime = (await session.execute(text("SELECT clock_timestamp()"))).scalar_one()
        return moment
