"""`restore`: a backup into a database of its own, which takes the other's place once all is well."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import asyncpg

from mentorium_db import dsn as dsns
from mentorium_db.backup import archive, swap
from mentorium_db.backup.client import Client, Ended, find_client, libpq_environment, run
from mentorium_db.revisions import known_revisions
from mentorium_kit.errors import ConfigurationError, UnavailableError

_AT_ONCE: Final = 2
_PROCESSING: Final = "processing data for table"
_FOREIGN: Final = 'unrecognized configuration parameter "transaction_timeout"'
"""What a server before PostgreSQL 17 says to a newer pg_restore, which would set it to nothing anyway."""

Tell = Callable[[str], None]
Progress = Callable[[int, int], None]
"""Hears of each table that is begun: its number, and how many there are."""


@dataclass(frozen=True, slots=True)
class RestorePlan:
    """What would be restored. `missing_roles` are not on the server: then all belongs to whoever restores."""

    contents: archive.Contents
    has_checksum: bool
    replaces: bool
    missing_roles: frozenset[str]
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Prepared:
    """The backup in its own database, before it takes the other's place. `old_dsn`: None where there is no other."""

    dsn: str
    old_dsn: str | None
    taken_at: datetime


async def plan(dsn: str, path: Path) -> RestorePlan:
    """Look at the backup and at the server; nothing is changed. ConfigurationError says why it cannot be restored."""
    if not await asyncio.to_thread(path.is_file):
        raise ConfigurationError("backup_missing", reason=str(path))
    has_checksum = await asyncio.to_thread(archive.check_checksum, path)
    async with swap.maintenance(dsn) as connection:
        client = await _client(connection)
        contents = await archive.contents(client, path)
        if "public.alembic_version" not in contents.tables:
            raise ConfigurationError("backup_of_something_else", reason=contents.database)
        roles = await archive.roles_named(client, path)
        there = {row[0] for row in await connection.fetch("SELECT rolname FROM pg_roles")}
        replaces = await swap.exists(connection, swap.name_of(dsn))
    return RestorePlan(contents, has_checksum, replaces, roles - there, roles & there)


async def restore(
    dsn: str,
    path: Path,
    planned: RestorePlan,
    prepare: Callable[[Prepared], Awaitable[None]],
    progress: Progress | None = None,
) -> str | None:
    """The database that `dsn` names becomes what the backup holds; the name under which its predecessor is kept.

    It is restored beside it, `prepare` brings it up to date, and then it takes the name: whatever fails before, the old
    one stays as it was. Whoever is connected is hung up on at the end. ConfigurationError `backup_too_new`: this code
    does not know its schema. UnavailableError `restore_failed`. ConflictError `restore_under_way`.
    """
    name = swap.name_of(dsn)
    new = swap.beside(name, "restoring")
    async with swap.maintenance(dsn) as connection:
        client = await _client(connection)
        await swap.be_alone(connection, new)
        await swap.make(connection, new, name)
        try:
            new_dsn = swap.on_database(dsn, new)
            await _load(client, new_dsn, path, planned, progress)
            await _demand_known_schema(new_dsn)
            await prepare(Prepared(new_dsn, dsn if planned.replaces else None, planned.contents.taken_at))
            await _analyze(new_dsn)
            await swap.dress(connection, new, name)
            return await swap.take_place(connection, new, name)
        except BaseException:
            with suppress(asyncpg.PostgresError, OSError):
                await swap.drop(connection, new)
            raise


async def _client(connection: swap.Connection) -> Client:
    return await find_client(connection.get_server_version().major)


async def _load(client: Client, new_dsn: str, path: Path, planned: RestorePlan, progress: Progress | None) -> None:
    begun, tables = 0, len(planned.contents.tables)

    def heard(line: str) -> None:
        nonlocal begun
        if _PROCESSING in line:
            begun += 1
            if progress is not None:
                progress(begun, tables)

    words = ["--verbose", "--no-password", f"--jobs={_AT_ONCE}", f"--dbname={swap.name_of(new_dsn)}"]
    words += ["--no-owner", "--no-acl"] if planned.missing_roles else []
    environment = {"LC_ALL": "C", **libpq_environment(new_dsn)}
    _demand(await run(client.pg_restore, [*words, str(path)], environment, heard))


def _demand(ended: Ended) -> None:
    """UnavailableError with the first complaint that means something."""
    complaints = [line for line in ended.errors if "error:" in line and _FOREIGN not in line]
    if complaints or (ended.status != 0 and not any(_FOREIGN in line for line in ended.errors)):
        first = complaints[0] if complaints else f"status {ended.status}"
        raise UnavailableError("restore_failed", reason=first.partition("error: ")[2] or first)


async def _demand_known_schema(dsn: str) -> None:
    known = known_revisions()
    connection = await asyncpg.connect(dsns.asyncpg_dsn(dsn))
    try:
        found = await connection.fetchval("SELECT version_num FROM alembic_version")
    finally:
        await connection.close()
    if found != known.newest and found not in known.older:
        raise ConfigurationError("backup_too_new", reason=f"its schema is {found}, the newest here {known.newest}")


async def _analyze(dsn: str) -> None:
    """A backup carries no statistics: without them the first hour's queries would read whole tables."""
    connection = await asyncpg.connect(dsns.asyncpg_dsn(dsn))
    try:
        await connection.execute("ANALYZE")
    finally:
        await connection.close()
