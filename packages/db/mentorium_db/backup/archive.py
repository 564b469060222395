"""A backup as a file: its name, its checksum, what it says of itself, and which old ones go."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from mentorium_db.backup.client import Client, demand, run
from mentorium_kit.errors import ConfigurationError

SUFFIX: Final = ".dump"
PART: Final = ".part"
_STAMP: Final = "%Y%m%dT%H%M%SZ"
_CREATED: Final = re.compile(r"^; Archive created at (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)", re.MULTILINE)
_DATABASE: Final = re.compile(r"^;\s+dbname: (.+)$", re.MULTILINE)
_TABLE_DATA: Final = re.compile(r"^\d+; \d+ \d+ TABLE DATA (\S+) (\S+) ", re.MULTILINE)
_ROLE: Final = r'("(?:[^"]|"")+"|\w+)'
_ROLES: Final = re.compile(
    rf"^(?:ALTER .* OWNER TO|GRANT .* TO|ALTER DEFAULT PRIVILEGES FOR ROLE) {_ROLE}", re.MULTILINE
)
_DEFAULT_GRANT: Final = re.compile(rf"^ALTER DEFAULT PRIVILEGES .* GRANT .* TO {_ROLE}", re.MULTILINE)
_PART_LIVES: Final = timedelta(days=1)
_A_READ: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Contents:
    """`taken_at` is the machine time of its maker, aware; `tables` are schema-qualified."""

    database: str
    taken_at: datetime
    tables: frozenset[str]


def file_name(database: str, now: datetime) -> str:
    """`mentorium_bot-20261128T023000Z.dump`; what is no letter, digit, - or _ of a database's name becomes _."""
    return f"{_prefix(database)}{now.astimezone(UTC):{_STAMP}}{SUFFIX}"


def _prefix(database: str) -> str:
    return re.sub(r"[^\w-]", "_", database, flags=re.ASCII) + "-"


def checksum_file(path: Path) -> Path:
    """Beside the backup, as `sha256sum --check` reads it."""
    return path.with_name(f"{path.name}.sha256")


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_A_READ):
            digest.update(block)
    return digest.hexdigest()


def write_durably(path: Path, text: str) -> None:
    """Whole or not at all, readable by its owner alone."""
    draft = path.with_name(f"{path.name}{PART}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)


def check_checksum(path: Path) -> bool:
    """Whether there is one; ConfigurationError `backup_damaged` where it does not fit."""
    beside = checksum_file(path)
    if not beside.exists():
        return False
    expected = beside.read_text(encoding="utf-8").split(maxsplit=1)[:1]
    if expected != [sha256_of(path)]:
        raise ConfigurationError("backup_damaged", reason=f"its checksum is not that of {beside.name}")
    return True


async def contents(client: Client, path: Path) -> Contents:
    """What the archive says of itself. UnavailableError `backup_unreadable` where it is none."""
    ended = await run(client.pg_restore, ["--list", str(path)], {"TZ": "UTC", "LC_ALL": "C"})
    demand(ended, "backup_unreadable")
    created, database = _CREATED.search(ended.output), _DATABASE.search(ended.output)
    if created is None or database is None:
        raise ConfigurationError("backup_unreadable", reason="its header")
    return Contents(
        database[1],
        datetime.fromisoformat(created[1]).replace(tzinfo=UTC),
        frozenset(f"{schema}.{table}" for schema, table in _TABLE_DATA.findall(ended.output)),
    )


async def read_to_the_end(client: Client, path: Path) -> None:
    """Unpack all of it into nothing: `--list` reads the table of contents alone."""
    demand(await run(client.pg_restore, [f"--file={os.devnull}", str(path)], {"LC_ALL": "C"}), "backup_unreadable")


async def roles_named(client: Client, path: Path) -> frozenset[str]:
    """The roles that own something in the backup or were granted something."""
    ended = await run(client.pg_restore, ["--schema-only", "--file=-", str(path)], {"LC_ALL": "C"})
    demand(ended, "backup_unreadable")
    found = {*_ROLES.findall(ended.output), *_DEFAULT_GRANT.findall(ended.output)}
    bare = {role[1:-1].replace('""', '"') if role.startswith('"') else role for role in found}
    return frozenset(bare - {"PUBLIC"})


def forget_old(folder: Path, database: str, keep: timedelta, now: datetime) -> list[Path]:
    """Remove backups of this database older than `keep`, by the moment in their names, and pieces that were left.

    The newest one stays, however old it is. Returns what was removed.
    """
    mine = sorted(_of(folder, database))
    old = [path for taken_at, path in mine[:-1] if taken_at < now - keep]
    for path in old:
        path.unlink()
        checksum_file(path).unlink(missing_ok=True)
    for piece in folder.glob(f"{_prefix(database)}*{PART}"):
        with suppress(FileNotFoundError):
            if datetime.fromtimestamp(piece.stat().st_mtime, UTC) < now - _PART_LIVES:
                piece.unlink()
    return old


def _of(folder: Path, database: str) -> Iterator[tuple[datetime, Path]]:
    prefix = _prefix(database)
    for path in folder.glob(f"{prefix}*{SUFFIX}"):
        with suppress(ValueError):
            stamp = path.name.removeprefix(prefix).removesuffix(SUFFIX)
            yield datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC), path
