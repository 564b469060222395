"""Databases of one server beside each other: one is made like another, and takes its name and its place."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC
from typing import Final, TypeAlias
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import asyncpg

from mentorium_db import dsn as dsns
from mentorium_kit import clock
from mentorium_kit.errors import ConfigurationError, ConflictError

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
_LONGEST_NAME: Final = 63
_MAINTENANCE: Final = ("postgres", "template1")
_HANG_UP_MS: Final = 10_000
_MAY_MAKE: Final = "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
_LIKE: Final = """
    SELECT format('OWNER %I', pg_get_userbyid(datdba)) || format(' ENCODING %L', pg_encoding_to_char(encoding))
        || CASE WHEN datlocprovider = 'c' THEN format(' LC_COLLATE %L LC_CTYPE %L', datcollate, datctype) ELSE '' END
    FROM pg_database WHERE datname = $1
    """
_SETTINGS: Final = """
    SELECT CASE WHEN setrole = 0 THEN format('DATABASE %I', $2::text)
            ELSE format('ROLE %I IN DATABASE %I', pg_get_userbyid(setrole), $2::text) END AS whose,
        split_part(setting, '=', 1) AS name, substr(setting, strpos(setting, '=') + 1) AS value
    FROM pg_db_role_setting, unnest(setconfig) AS setting
    WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = $1)
    """
_GRANTS: Final = """
    SELECT format('GRANT %s ON DATABASE %I TO %s', privilege_type, $2::text,
        CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END)
        || CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
    FROM pg_database, aclexplode(datacl) WHERE datname = $1
    """
_UNFINISHED: Final = "SELECT datname FROM pg_database WHERE starts_with(datname, $1) AND length(datname) = $2"
_STAMP_LIKE: Final = "20261128t023000z"
_LISTS: Final = {"search_path", "temp_tablespaces", "session_preload_libraries", "local_preload_libraries"}
"""Settings that are lists: their value stands as it is."""


def on_database(dsn: str, name: str) -> str:
    """The same server and role, another database."""
    parts = urlsplit(dsns.asyncpg_dsn(dsn))
    query = [(key, value) for key, value in parse_qsl(parts.query) if key not in {"dbname", "database"}]
    return urlunsplit(parts._replace(path=f"/{quote(name, safe='')}", query=urlencode(query)))


def name_of(dsn: str) -> str:
    """The database that the DSN names."""
    query = dict(parse_qsl(urlsplit(dsn).query))
    return dsns.database_name(dsn) or query.get("dbname") or query.get("database") or ""


def beside(name: str, purpose: str) -> str:
    """A name for a database beside this one: `mentorium_bot_before_20261128t023000z`."""
    ending = f"_{purpose}_{clock.now().astimezone(UTC):%Y%m%dt%H%M%Sz}"
    return name[: _LONGEST_NAME - len(ending)] + ending


@asynccontextmanager
async def maintenance(dsn: str) -> AsyncIterator[Connection]:
    """A session in no database of ours. ConfigurationError `restore_needs_createdb`: this role may make none."""
    for last, name in enumerate(_MAINTENANCE, 1):
        try:
            connection = await asyncpg.connect(on_database(dsn, name))
            break
        except asyncpg.InvalidCatalogNameError:
            if last == len(_MAINTENANCE):
                raise
    try:
        if not await connection.fetchval(_MAY_MAKE):
            raise ConfigurationError("restore_needs_createdb")
        yield connection
    finally:
        await connection.close()


async def be_alone(connection: Connection, new: str) -> None:
    """Nobody else restores this database while the session lasts (an advisory lock); `new` is where it will be.

    What a killed restore has left unfinished beside it goes. ConflictError `restore_under_way`.
    """
    beginning = new[: -len(_STAMP_LIKE)]
    if not await connection.fetchval("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", beginning):
        raise ConflictError("restore_under_way")
    for row in await connection.fetch(_UNFINISHED, beginning, len(new)):
        await drop(connection, row["datname"])


async def exists(connection: Connection, name: str) -> bool:
    return bool(await connection.fetchval("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name))


async def make(connection: Connection, name: str, like: str) -> None:
    """An empty database with the owner, encoding and locale of the other one, where that is there."""
    same = await connection.fetchval(_LIKE, like) or ""
    await connection.execute(f"CREATE DATABASE {await _quoted(connection, name)} TEMPLATE template0 {same}")


async def dress(connection: Connection, name: str, like: str) -> None:
    """Give it the settings and the rights that the other one has as a database."""
    for row in await connection.fetch(_SETTINGS, like, name):
        listed = row["name"] in _LISTS
        value = row["value"] if listed else await connection.fetchval("SELECT quote_literal($1::text)", row["value"])
        await connection.execute(f"ALTER {row['whose']} SET {row['name']} TO {value or chr(39) * 2}")
    grants = [row[0] for row in await connection.fetch(_GRANTS, like, name)]
    if grants:  # NULL means the defaults
        await connection.execute(f"REVOKE ALL ON DATABASE {await _quoted(connection, name)} FROM PUBLIC")
    for grant in grants:
        await connection.execute(grant)


async def take_place(connection: Connection, new: str, name: str) -> str | None:
    """Let `new` be called `name`; whoever is connected to either is hung up on. Both renames are one transaction.

    What was called so stays beside it under the name that is returned, and takes no connection; None: there was none.
    ConflictError where sessions of it cannot be ended.
    """
    kept = beside(name, "before") if await exists(connection, name) else None
    closed = [new] if kept is None else [new, name]
    try:
        for one in closed:
            await connection.execute(f"ALTER DATABASE {await _quoted(connection, one)} WITH ALLOW_CONNECTIONS false")
            await _hang_up(connection, one)
        async with connection.transaction():
            if kept is not None:
                await _rename(connection, name, kept)
            await _rename(connection, new, name)
    except BaseException as error:
        for one in closed:
            await connection.execute(f"ALTER DATABASE {await _quoted(connection, one)} WITH ALLOW_CONNECTIONS true")
        if isinstance(error, asyncpg.ObjectInUseError):
            raise ConflictError("restore_sessions_remain") from error
        raise
    await connection.execute(f"ALTER DATABASE {await _quoted(connection, name)} WITH ALLOW_CONNECTIONS true")
    return kept


async def drop(connection: Connection, name: str) -> None:
    await connection.execute(f"DROP DATABASE IF EXISTS {await _quoted(connection, name)} WITH (FORCE)")


async def _rename(connection: Connection, old: str, new: str) -> None:
    old, new = await _quoted(connection, old), await _quoted(connection, new)
    await connection.execute(f"ALTER DATABASE {old} RENAME TO {new}")


async def _hang_up(connection: Connection, name: str) -> None:
    await connection.execute(
        "SELECT pg_terminate_backend(pid, $2) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()",
        name,
        _HANG_UP_MS,
    )


async def _quoted(connection: Connection, name: str) -> str:
    return str(await connection.fetchval("SELECT quote_ident($1)", name))
