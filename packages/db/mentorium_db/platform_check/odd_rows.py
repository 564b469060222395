"""Which rows of the platform, of those that a report is made from, break the contract."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import asyncpg

from mentorium_db.platform_check.catalogue import published, whole
from mentorium_db.platform_check.contract import SCHEMA, View
from mentorium_db.platform_check.row_rules import row_rules
from mentorium_db.repositories.platform import PlatformValueError
from mentorium_db.session import PlatformConnection
from mentorium_kit.errors import UnavailableError

Connection: TypeAlias = "PlatformConnection | asyncpg.Connection[asyncpg.Record]"

_MOST_OF_A_VIEW: Final = 100
_OF_GUARDIANS: Final = (
    f"guardian_id IN (SELECT guardian_id FROM {SCHEMA}.v_guardian_student WHERE student_id = ANY($1))"
)
_OF_COURSES: Final = f"course_id IN (SELECT course_id FROM {SCHEMA}.v_enrollment WHERE student_id = ANY($1))"
_OF_ALL: Final = "$1::bigint[] IS NOT NULL"


@dataclass(frozen=True, slots=True)
class OddRow:
    """A row that breaks a rule of its view; `key` is the row's, its parts joined by slashes."""

    view: str
    key: str
    rule: str


async def odd_rows(connection: Connection, student_ids: Collection[int]) -> list[OddRow]:
    """Of these learners, their guardians and their courses; of each view at most a hundred rows.

    A view that is missing, or lacks a column, is left out. UnavailableError where the platform does not answer.
    """
    try:
        views = whole(await published(connection))  # type: ignore[arg-type]
        names = {view.name for view in views}
        return [row for view in views for row in await _of_view(connection, view, names, list(student_ids))]
    except asyncpg.SyntaxOrAccessError as error:
        raise UnavailableError("platform_contract_broken", reason=type(error).__name__) from error
    except (asyncpg.DataError, OverflowError, ValueError) as error:
        raise PlatformValueError("platform_contract_broken", reason=type(error).__name__) from error


async def _of_view(
    connection: Connection, view: View, names: Collection[str], student_ids: list[int]
) -> Iterator[OddRow]:
    rules = list(row_rules(view))
    if (scope := _scope(view, names)) is None:
        return iter(())
    source = f"{SCHEMA}.{view.name}"
    if view.name != "v_meta":
        source += f" CROSS JOIN (SELECT db_now FROM {SCHEMA}.v_meta) AS meta"
    broken = ", ".join(f"CASE WHEN {rule.broken} THEN {place} END" for place, rule in enumerate(rules))
    key = f"concat_ws('/', {', '.join(view.key)})" if view.key else "''"
    found: list[Any] = await connection.fetch(
        f"""
        SELECT key, broken FROM (
            SELECT {key} AS key, array_remove(ARRAY[{broken}]::integer[], NULL) AS broken FROM {source} WHERE {scope}
        ) AS judged
        WHERE cardinality(broken) > 0 LIMIT {_MOST_OF_A_VIEW}
        """,
        student_ids,
    )
    return (OddRow(view.name, row["key"], _told(rules[place])) for row in found for place in row["broken"])


def _told(rule: Any) -> str:
    return f"{rule.column} {rule.text}".strip()


def _scope(view: View, names: Collection[str]) -> str | None:
    """Which rows of the view concern the learners of $1; None where that cannot be told."""
    columns = {column.name for column in view.columns}
    if "student_id" in columns:
        return "student_id = ANY($1)"
    if view.name == "v_guardian":
        return _OF_GUARDIANS
    if "course_id" in columns:
        return _OF_COURSES if "v_enrollment" in names else None
    return _OF_ALL
