"""Rows as the lines that COPY reads."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date
from typing import NamedTuple, TypeAlias

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_SOMEBODY = b"\0"  # no text in PostgreSQL holds it


def line(values: Iterable[object]) -> bytes:
    return ("\t".join(map(_field, values)) + "\n").encode()


def lines_of_somebody(activity: Sequence[NamedTuple]) -> bytes:
    """The lines of a life, with a blank where the id of whoever leads it goes."""
    return b"".join(_SOMEBODY + b"\t" + line(row[1:]) for row in activity)


def lines_of(student_id: int, lines: bytes) -> bytes:
    return lines.replace(_SOMEBODY, b"%d" % student_id)


async def copy_lines(connection: Connection, table: str, columns: Sequence[str], lines: bytes) -> None:
    if lines:
        await connection.copy_to_table(table, schema_name="platform", columns=list(columns), source=_once(lines))


async def copy_records(
    connection: Connection, table: str, columns: Sequence[str], records: Iterable[Sequence[object]]
) -> None:
    await copy_lines(connection, table, columns, b"".join(map(line, records)))


async def _once(lines: bytes) -> AsyncIterator[bytes]:
    yield lines


def _field(value: object) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat()
    return str(value)
