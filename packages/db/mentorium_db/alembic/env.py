"""How Alembic reaches the bot's database: over a given connection, or over its own from the environment."""

from __future__ import annotations

import asyncio

from alembic import context
from sqlalchemy import Connection, text

import mentorium_db.tables  # noqa: F401 - completes the metadata
from mentorium_db import dsn
from mentorium_db.migrate import over_connection
from mentorium_db.models import Base

_ONE_AT_A_TIME = 0x4D454E54  # any number nobody else locks


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_server_default=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
        context.run_migrations()


if (given := context.config.attributes.get("connection")) is not None:
    _migrate(given)
else:
    asyncio.run(over_connection(dsn.bot_from_environment(), _migrate))
