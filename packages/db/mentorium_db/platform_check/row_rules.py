"""The contract's rules about single rows of a view: the check counts who breaks them, the report run names them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mentorium_db.platform_check.contract import ROWS_THAT_MUST_NOT_BE, ROWS_TO_LOOK_AT, Column, View
from mentorium_db.platform_check.finding import Level
from mentorium_domain.language import TITLE_COLUMNS

_MOMENTS: Final = {"date", "timestamp with time zone"}
_BETWEEN: Final = "{0} < '2000-01-01 00:00+05' OR {0} >= '2101-01-01 00:00+05'"
_NO_NUMBER: Final = "{0} IN ('NaN', 'Infinity', '-Infinity')"


@dataclass(frozen=True, slots=True)
class Rule:
    """`broken` is true, in SQL, of a row that breaks the rule; `column` is empty where the rule is about several."""

    column: str
    text: str
    broken: str
    level: Level = Level.FAILURE


def row_rules(view: View) -> Iterator[Rule]:
    """In one order for each view. `broken` may name `db_now`, the platform's clock."""
    for column in view.columns:
        yield from _of_type(column)
    for text, broken in ROWS_THAT_MUST_NOT_BE.get(view.name, {}).items():
        yield Rule("", text, broken)
    for text, broken in ROWS_TO_LOOK_AT.get(view.name, {}).items():
        yield Rule("", text, broken, Level.WARNING)
    if view.has_titles:
        written = f"concat({', '.join(TITLE_COLUMNS)}) !~ '[^[:space:]]'"
        yield Rule("", "a title in at least one language", written)
        blank = " OR ".join(f"{column} !~ '[^[:space:]]'" for column in TITLE_COLUMNS)
        yield Rule("", "a title that is there is not blank", blank)
    if any(column.name == "updated_at" for column in view.columns):
        yield Rule("", "updated_at is not in the future", "updated_at > db_now + interval '5 minutes'")


def _of_type(column: Column) -> Iterator[Rule]:
    """What a type allows and the contract does not. What may be absent is, where it is odd, taken as absent."""
    if not column.nullable:
        yield Rule(column.name, "is never null", f"{column.name} IS NULL")
    absent = "; it counts as absent" if column.nullable else ""
    if column.type in _MOMENTS:
        yield Rule(column.name, f"is within the years 2000 to 2100{absent}", _BETWEEN.format(column.name))
    if column.type == "numeric":
        yield Rule(column.name, f"is a finite number{absent}", _NO_NUMBER.format(column.name))
