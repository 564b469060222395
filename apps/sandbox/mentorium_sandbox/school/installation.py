"""Building the school's tables and views, and the role that may read the views and nothing else."""

from __future__ import annotations

import asyncio
from enum import Enum, auto
from importlib import resources
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import asyncpg

from mentorium_sandbox.school.copy_format import Connection
from mentorium_sandbox.servers.postgres import role_password

READER = "mentorium_reader"
GRANTS = """
    GRANT USAGE ON SCHEMA bot_api_v1 TO {reader};
    GRANT SELECT ON ALL TABLES IN SCHEMA bot_api_v1 TO {reader};
"""
_MADE_HERE = "reads the demo school of the Mentorium sandbox"
_ROLE_ATTEMPTS = 10
_FOREIGN = "The database holds a platform that is not the sandbox's school; nothing was changed."


class Reader(Enum):
    """The role that reads the views: made by us, somebody's who made it before, or not there."""

    OURS = auto()
    FOREIGN = auto()
    MISSING = auto()


class ForeignDatabaseError(RuntimeError):
    """The database holds somebody else's platform, or a school that an older version has made."""


async def install(dsn: str) -> None:
    """Create the schemas `platform` and `bot_api_v1` and the read-only role; `dsn` is the owner's. Harmless again.

    An owner who may make no roles makes all but the role: `reader_of` tells. Raises ForeignDatabaseError where one of
    the schemas is there and is not this school's.
    """
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            await build(connection, dsn)
    finally:
        await connection.close()


async def build(connection: Connection, dsn: str) -> None:
    """What `install` does, in the caller's transaction."""
    if not await is_built(connection):
        await connection.execute(_script("schema.sql"))
        await connection.execute(_script("views.sql"))
    await _ensure_reader(connection, _reader_password(dsn))
    if await _reader(connection) is not Reader.MISSING:
        await connection.execute(GRANTS.format(reader=READER))
    database = await connection.fetchval(
        "SELECT quote_ident(datname) FROM pg_database"
        " WHERE datname = current_database() AND pg_has_role(datdba, 'USAGE')"
    )
    if database:
        await connection.execute(f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC")


async def demolish(connection: Connection) -> None:
    """Remove the school, of this version or an older one, with all that was made there."""
    if not await _is_school(connection) and await _has_schemas(connection):
        raise ForeignDatabaseError(_FOREIGN)
    await connection.execute("DROP SCHEMA IF EXISTS bot_api_v1 CASCADE; DROP SCHEMA IF EXISTS platform CASCADE")


async def is_built(connection: Connection) -> bool:
    """Whether this school's tables are there; raises ForeignDatabaseError where others are."""
    if not await _has_schemas(connection):
        return False
    if not await _is_school(connection):
        raise ForeignDatabaseError(_FOREIGN)
    if not await connection.fetchval("SELECT to_regclass('platform.life') IS NOT NULL"):
        raise ForeignDatabaseError("The school was made by an older version; start once with --fresh.")
    return True


async def _has_schemas(connection: Connection) -> bool:
    query = "SELECT num_nonnulls(to_regnamespace('platform'), to_regnamespace('bot_api_v1')) > 0"
    return bool(await connection.fetchval(query))


async def _is_school(connection: Connection) -> bool:
    query = "SELECT num_nulls(to_regclass('platform.clock'), to_regclass('platform.present')) = 0"
    return bool(await connection.fetchval(query))


async def read_only_dsn(dsn: str) -> str:
    """The same database as the product sees it: the role `mentorium_reader`, which only reads the views."""
    parts = urlsplit(dsn)
    address = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{READER}:{quote(_reader_password(dsn))}@{address}"))


async def reader_of(dsn: str) -> Reader:
    """Whether the school's reader is there; `dsn` is the owner's."""
    connection = await asyncpg.connect(dsn)
    try:
        return await _reader(connection)
    finally:
        await connection.close()


async def _reader(connection: Connection) -> Reader:
    row = await connection.fetchrow(
        "SELECT shobj_description(oid, 'pg_authid') = $2 AS ours FROM pg_roles WHERE rolname = $1", READER, _MADE_HERE
    )
    if row is None:
        return Reader.MISSING
    return Reader.OURS if row["ours"] else Reader.FOREIGN


def _reader_password(dsn: str) -> str:
    return role_password(unquote(urlsplit(dsn).password or ""), READER)


async def _ensure_reader(connection: Connection, password: str) -> None:
    """Make it, or renew the password of one that we made. Another keeps its own; without the right none is made."""
    # Roles belong to the whole server: installing two databases at once may collide here, and only here.
    for attempt in range(_ROLE_ATTEMPTS):
        reader = await _reader(connection)
        if reader is Reader.FOREIGN:
            return
        try:
            async with connection.transaction():
                if reader is Reader.MISSING:
                    await connection.execute(f"""
                        CREATE ROLE {READER} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
                        COMMENT ON ROLE {READER} IS '{_MADE_HERE}';
                        """)
                await connection.execute(f"""
                    ALTER ROLE {READER} PASSWORD '{password}';
                    ALTER ROLE {READER} SET default_transaction_read_only = on;
                    ALTER ROLE {READER} SET statement_timeout = '30s';
                    """)
            return
        except asyncpg.InsufficientPrivilegeError:
            return
        except (asyncpg.UniqueViolationError, asyncpg.DuplicateObjectError, asyncpg.InternalServerError):
            if attempt == _ROLE_ATTEMPTS - 1:
                raise
            await asyncio.sleep(0.05 * (attempt + 1))


def _script(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
