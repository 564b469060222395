"""A school whose views are plain tables: whatever the types of the contract allow can be written into them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, TypeAlias

import asyncpg

from mentorium_db.platform_check.contract import SCHEMA, VIEWS, Column, View
from mentorium_kit.clock import start_of_day

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

_MOMENTS: Final = ("infinity", "-infinity", "20261-12-31", "12026-01-01", "0044-03-15 BC", "0206-11-27", "1999-12-31")
_NUMBERS: Final = ("NaN", "Infinity", "-Infinity", "-2", "0", "1e30", "1e-30")
_TEXTS: Final = ("", "   ", "\n\n", "\u200b", "expelled", "ACTIVE", "a\nb\tc", "я" * 5_000)
_ODD: Final[dict[str, tuple[str, ...]]] = {
    "date": _MOMENTS,
    "timestamp with time zone": _MOMENTS,
    "numeric": _NUMBERS,
    "text": _TEXTS,
    "integer": ("-1", "0", "2147483647", "-2147483648"),
    "smallint": ("-1", "32767"),
    "bigint": ("-1", "9223372036854775807"),
    "boolean": (),
}
_KEPT: Final = {"v_meta"}


@dataclass(frozen=True, slots=True)
class OddValue:
    """One value of one column; None is NULL."""

    view: str
    column: str
    value: str | None

    def __str__(self) -> str:
        return f"{self.view}.{self.column} = {'NULL' if self.value is None else repr(self.value[:20])}"


def odd_values() -> list[OddValue]:
    """For each column of the contract, each kind of value that its type allows and the contract does not."""
    return [odd for view in VIEWS if view.name not in _KEPT for odd in _of_view(view)]


def _of_view(view: View) -> Iterator[OddValue]:
    for column in view.columns:
        values: list[str | None] = [*_ODD[column.type], *([] if column.nullable else [None])]
        yield from (OddValue(view.name, column.name, value) for value in values)


async def unlock(school: Connection) -> None:
    """Put a table without any constraint in the place of each view but `v_meta`."""
    for view in VIEWS:
        if view.name in _KEPT:
            continue
        columns = ", ".join(f"{column.name} {column.type}" for column in view.columns)
        await school.execute(f"DROP VIEW {SCHEMA}.{view.name} CASCADE")
        await school.execute(f"CREATE TABLE {SCHEMA}.{view.name} ({columns})")
        await school.execute(f"GRANT SELECT ON {SCHEMA}.{view.name} TO PUBLIC")


async def enrol(school: Connection, families: int, monday: date) -> None:
    """So many families of one child, each in a course of its own and busy in the week of `monday`. All keys are 1, 2, 3
    …; a family's rows have its number as their keys.
    """
    for view in VIEWS:
        if view.name in _KEPT:
            continue
        rows = [_row(view, number, monday) for number in range(1, families + 1)]
        await school.copy_records_to_table(
            view.name, schema_name=SCHEMA, columns=[column.name for column in view.columns], records=rows
        )


async def spoil(school: Connection, number: int, odd: OddValue) -> None:
    """Write the value into the row of family `number`."""
    (view,) = (view for view in VIEWS if view.name == odd.view)
    (column,) = (column for column in view.columns if column.name == odd.column)
    await school.execute(
        f"UPDATE {SCHEMA}.{odd.view} SET {odd.column} = $1::text::{column.type} WHERE {view.key[0]} = $2",
        odd.value,
        number,
    )


def _row(view: View, number: int, monday: date) -> tuple[Any, ...]:
    return tuple(_good(view, column, number, monday) for column in view.columns)


def _good(view: View, column: Column, number: int, monday: date) -> Any:
    """A value that keeps the contract, for a family that studies: the lesson and the test are done on the Tuesday."""
    tuesday = start_of_day(monday + timedelta(days=1)) + timedelta(hours=10)
    known = {
        "display_name": f"Child{number} Karimov",
        "full_name": f"Guardian{number} Karimov",
        "email": f"g{number}@mail.uz",
        "phone_e164": f"+9989{number:08d}",
        "birth_year": 2014,
        "locale": "en",
        "position": 1,
        "attempt_no": 1,
        "percent": 100,
        "active_seconds": 3_600,
        "score": Decimal(9),
        "max_score": Decimal(10),
        "pass_score": Decimal(5),
        "required_lessons": 10,
        "valid_to": None,
        "day": tuesday.date(),
        "starts_on": monday - timedelta(days=30),
        "enrolled_at": tuesday - timedelta(days=30),
        "valid_from": tuesday - timedelta(days=30),
        "due_on": monday + timedelta(days=60),
        "ends_on": monday + timedelta(days=60),
        "due_at": tuesday + timedelta(days=8),
    }
    if column.name in known:
        return known[column.name]
    if column.name == "status":
        words = {"v_lesson_progress": "completed", "v_test_attempt": "graded"}
        return words.get(view.name, "active")
    if column.name == "completed_at" and view.name == "v_enrollment":
        return None
    by_type: dict[str, Any] = {
        "bigint": number,
        "integer": 1,
        "text": f"{column.name} {number}",
        "boolean": True,
        "date": tuesday.date(),
        "timestamp with time zone": tuesday,
    }
    return by_type[column.type]
