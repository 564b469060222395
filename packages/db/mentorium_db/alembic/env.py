"""How Alembic reaches the bot's database: over a given connection, or over its own from the environment.

Each migration has a transaction of its own, and waits for no lock longer than three seconds: whoever waits for a table
makes all others wait behind it. `mentorium_db.migrate` tries again.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from alembic import context
from sqlalchemy import Connection, text

import mentorium_db.tables  # noqa: F401 - completes the metadata
from mentorium_db import dsn
from mentorium_db.migrate import LOCK_TIMEOUT, over_connection
from mentorium_db.models import Base

_ONE_AT_A_TIME = 0x4D454E54  # any number nobody else locks
_LOOK_AGAIN_S = 0.5


def _migrate(connection: Connection) -> None:
    _wait_until_alone(connection)
    connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_server_default=True,
        transaction_per_migration=True,
        on_version_apply=_tell,
    )
    with context.begin_transaction():
        context.run_migrations()


def _wait_until_alone(connection: Connection) -> None:
    """One migrator at a time, by an advisory lock that goes with the connection.

    Looked at again and again: a second one that waited within a statement would be waited for by CONCURRENTLY.
    """
    while not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _ONE_AT_A_TIME}):
        connection.commit()
        time.sleep(_LOOK_AGAIN_S)
    connection.commit()


def _tell(*_: Any, **named: Any) -> None:
    if (tell := context.config.attributes.get("tell")) is not None:
        migration = named["step"].up_revision
        tell(f"migrated to {migration.revision}: {migration.doc}")


if context.is_offline_mode():
    context.configure(dialect_name="postgresql", target_metadata=Base.metadata, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
elif (given := context.config.attributes.get("connection")) is not None:
    _migrate(given)
else:
    asyncio.run(over_connection(dsn.bot_from_environment(), _migrate))
