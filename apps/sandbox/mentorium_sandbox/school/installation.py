"""Building the school's tables and views, and the role that may read the views and nothing else."""

from __future__ import annotations

import asyncio
from importlib import resources
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import asyncpg

from mentorium_sandbox.servers.postgres import role_password

READER = "mentorium_bot"
_ROLE_ATTEMPTS = 10


async def install(dsn: str) -> None:
    """Create the schemas `platform` and `bot_api_v1` and the read-only role; `dsn` is the owner's. Harmless again."""
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            if not await connection.fetchval("SELECT to_regnamespace('platform') IS NOT NULL"):
                await connection.execute(_script("schema.sql"))
                await connection.execute(_script("views.sql"))
        await _ensure_reader(connection, _reader_password(dsn))
        await connection.execute(f"""
            GRANT USAGE ON SCHEMA bot_api_v1 TO {READER};
            GRANT SELECT ON ALL TABLES IN SCHEMA bot_api_v1 TO {READER};
            """)
        database = await connection.fetchval("SELECT quote_ident(current_database())")
        await connection.execute(f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC")
    finally:
        await connection.close()


async def read_only_dsn(dsn: str) -> str:
    """The same database as the product sees it: the role `mentorium_bot`, which only reads the views."""
    parts = urlsplit(dsn)
    address = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{READER}:{quote(_reader_password(dsn))}@{address}"))


def _reader_password(dsn: str) -> str:
    return role_password(unquote(urlsplit(dsn).password or ""), READER)


async def _ensure_reader(connection: asyncpg.Connection[asyncpg.Record], password: str) -> None:
    # Roles belong to the whole server: installing two databases at once may collide here, and only here.
    for attempt in range(_ROLE_ATTEMPTS):
        try:
            async with connection.transaction():
                if not await connection.fetchval("SELECT to_regrole($1) IS NOT NULL", READER):
                    await connection.execute(f"CREATE ROLE {READER}")
                await connection.execute(f"""
                    ALTER ROLE {READER} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '{password}';
                    ALTER ROLE {READER} SET default_transaction_read_only = on;
                    ALTER ROLE {READER} SET statement_timeout = '30s';
                    """)
            return
        except (asyncpg.UniqueViolationError, asyncpg.DuplicateObjectError, asyncpg.InternalServerError):
            if attempt == _ROLE_ATTEMPTS - 1:
                raise
            await asyncio.sleep(0.05 * (attempt + 1))


def _script(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
