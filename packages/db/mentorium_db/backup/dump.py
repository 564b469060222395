"""`back_up`: the bot's database into one file, which is there whole or not at all."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path
from typing import Final

import asyncpg

from mentorium_db import dsn as dsns
from mentorium_db.backup import archive
from mentorium_db.backup.client import Client, demand, find_client, libpq_environment, run
from mentorium_db.server import database_state
from mentorium_kit import clock
from mentorium_kit.errors import ConfigurationError, UnavailableError

_TABLES: Final = """
    SELECT format('%s.%s', schemaname, tablename) FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
    """
DUMPING: Final = "dumping contents of table"
_DENIED: Final = re.compile(r"permission denied for .*|failed to get data for sequence [^;]*")

Progress = Callable[[int, int, Path], None]
"""Hears of each table that is begun: its number, how many there are, the file that grows."""


@dataclass(frozen=True, slots=True)
class Backup:
    """`removed`: older ones, which retention has taken."""

    path: Path
    size: int
    tables: int
    removed: tuple[Path, ...]


async def back_up(dsn: str, folder: Path, keep: timedelta, progress: Progress | None = None) -> Backup:
    """Write `<database>-<moment, UTC>.dump` and its checksum into the folder, both readable by their owner alone.

    It is written under another name, read to its end, and only then renamed; then what is older than `keep` goes.
    ConfigurationError: no client fits, the database is not migrated, the role may not read all of it
    (`backup_not_allowed`). UnavailableError `backup_failed`: the disk is full, the server went away, or what was
    written cannot be read.
    """
    state = await database_state(dsn)
    if state.revision is None:
        raise ConfigurationError("bot_database_not_migrated")
    client = await find_client(int(state.server.partition(".")[0]))
    tables = await _tables(dsn)
    draft = _draft(folder, state.name)
    try:
        await _dump(client, dsn, draft, len(tables), progress)
        await _prove(client, draft, tables)
        path = draft.with_suffix("")
        archive.write_durably(archive.checksum_file(path), f"{await _sha256(draft)}  {path.name}\n")
        draft.rename(path)
        _sync(folder)
    finally:
        draft.unlink(missing_ok=True)
    removed = archive.forget_old(folder, state.name, keep, clock.now().astimezone(UTC))
    return Backup(path, path.stat().st_size, len(tables), tuple(removed))


async def _tables(dsn: str) -> frozenset[str]:
    connection = await asyncpg.connect(dsns.asyncpg_dsn(dsn))
    try:
        return frozenset(row[0] for row in await connection.fetch(_TABLES))
    finally:
        await connection.close()


def _draft(folder: Path, database: str) -> Path:
    """An empty file of our own; ConfigurationError `backup_folder_unusable` where none can be made there."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / archive.file_name(database, clock.now().astimezone(UTC))
        if path.exists():
            raise ConfigurationError("backup_exists", reason=path.name)
        draft = path.with_name(f"{path.name}{archive.PART}")
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise ConfigurationError("backup_folder_unusable", reason=f"{folder}: {error.strerror}") from None
    return draft


async def _dump(client: Client, dsn: str, draft: Path, tables: int, progress: Progress | None) -> None:
    begun = 0

    def heard(line: str) -> None:
        nonlocal begun
        if DUMPING in line:
            begun += 1
            if progress is not None:
                progress(begun, tables, draft)

    words = ["--format=custom", "--verbose", "--no-password", f"--file={draft}"]
    ended = await run(client.pg_dump, words, {"LC_ALL": "C", **libpq_environment(dsn)}, heard)
    if denied := next(filter(None, map(_DENIED.search, ended.errors)), None):
        raise ConfigurationError("backup_not_allowed", reason=denied[0])
    demand(ended, "backup_failed")


async def _prove(client: Client, draft: Path, tables: frozenset[str]) -> None:
    """Whether it can be read to its end, and holds every table; one that a migration made meanwhile is no fault."""
    await archive.read_to_the_end(client, draft)
    if missing := tables - (await archive.contents(client, draft)).tables:
        raise UnavailableError("backup_failed", reason=f"it lacks {', '.join(sorted(missing))}")


async def _sha256(path: Path) -> str:
    return await asyncio.to_thread(archive.sha256_of, path)


def _sync(folder: Path) -> None:
    """A rename is on the disk once its folder is."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
