"""Rows of plain data that outlive the process, in one SQLite file that is written a moment after the fact."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

Json = dict[str, Any]
_A_MOMENT_S: Final = 0.5
_VERSION: Final = 1
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS rows (
    kind TEXT, a INTEGER, b INTEGER, c INTEGER, value TEXT NOT NULL, bytes BLOB, PRIMARY KEY (kind, a, b, c)
)
"""
_WRITE: Final = (
    "INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT DO UPDATE SET value = excluded.value, bytes = excluded.bytes"
)
_DELETE: Final = "DELETE FROM rows WHERE kind = ? AND a = ? AND b = ? AND c = ?"


class Key(NamedTuple):
    """What a row is about; the numbers that a kind does not need are 0."""

    kind: str
    a: int
    b: int = 0
    c: int = 0


class Row(NamedTuple):
    key: Key
    value: Json
    data: bytes | None = None


class Store:
    """One process has it open at a time. A file that cannot be read, or of another version, is put aside."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = _opened(path)
        except sqlite3.DatabaseError:
            path.replace(path.with_suffix(".unreadable"))
            self._file = _opened(path)
        self._changes: dict[Key, Callable[[], Row] | None] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    def put(self, key: Key, row: Callable[[], Row]) -> None:
        """Write this row in a moment, as it stands then."""
        self._change(key, row)

    def forget(self, key: Key) -> None:
        self._change(key, None)

    def rows(self, kind: str, *numbers: int) -> Iterator[Row]:
        """What is written of this kind, and of these first numbers of its keys; the oldest first."""
        where = " AND ".join(f"{column} = ?" for column in ("kind", "a", "b")[: 1 + len(numbers)])
        query = f"SELECT * FROM rows WHERE {where} ORDER BY rowid"
        for *key, value, data in self._file.execute(query, (kind, *numbers)):
            yield Row(Key(*key), json.loads(value), data)

    def flush(self) -> None:
        """Write now what waits to be written."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        with self._file:
            self._file.executemany(_DELETE, [key for key, row in self._changes.items() if row is None])
            self._file.executemany(_WRITE, [_written(row()) for row in self._changes.values() if row is not None])
        self._changes.clear()

    def close(self) -> None:
        """Write what waits; what happens later is not kept."""
        self.flush()
        self._closed = True
        self._file.close()

    def _change(self, key: Key, row: Callable[[], Row] | None) -> None:
        if self._closed:
            return
        self._changes[key] = row
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_A_MOMENT_S, self.flush)


def _opened(path: Path) -> sqlite3.Connection:
    file = sqlite3.connect(path)
    try:
        file.execute("PRAGMA journal_mode = WAL")
        file.execute("PRAGMA synchronous = OFF")  # a lost machine may lose it: nothing here is real
        (version,) = file.execute("PRAGMA user_version").fetchone()
        if version not in (0, _VERSION):
            raise sqlite3.DatabaseError(f"version {version}")
        with file:
            file.execute(_SCHEMA)
            file.execute(f"PRAGMA user_version = {_VERSION}")
    except sqlite3.DatabaseError:
        file.close()
        raise
    return file


def _written(row: Row) -> tuple[object, ...]:
    return (*row.key, json.dumps(row.value, separators=(",", ":")), row.data)
