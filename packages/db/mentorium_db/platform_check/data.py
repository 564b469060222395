"""What the rows say: nulls, keys, words, ranges, links, units. One pass over each view."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import asyncpg

from mentorium_db.platform_check.contract import (
    LINKS,
    ROWS_THAT_MUST_NOT_BE,
    ROWS_TO_LOOK_AT,
    SCHEMA,
    VIEWS,
    Column,
    View,
)
from mentorium_db.platform_check.finding import Finding, Level, failure, judged, ok
from mentorium_domain.language import TITLE_COLUMNS

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
_FEWEST_TO_JUDGE_UNITS = 50
_OF_TIME: Final = frozenset({"timestamp with time zone", "date"})
_NOBODY_LEARNT_LONGER_S = 600


@dataclass(frozen=True, slots=True)
class _Rule:
    """`broken` is what is true of a row that breaks it."""

    subject: str
    text: str
    broken: str
    level: Level = Level.FAILURE


async def check_rows(connection: Connection, view: View) -> AsyncIterator[Finding]:
    """Rules about single rows, by one statement."""
    rules = list(_rules(view))
    counts = ", ".join(f"count(*) FILTER (WHERE {rule.broken})" for rule in rules)
    source = f"{SCHEMA}.{view.name}"
    if view.name != "v_meta":
        source += f" CROSS JOIN (SELECT db_now FROM {SCHEMA}.v_meta) AS meta"
    row = await _row(connection, f"SELECT {counts} FROM {source}")
    for rule, offenders in zip(rules, row, strict=True):
        yield judged(offenders, rule.subject, rule.text, rule.level)


def _rules(view: View) -> Iterator[_Rule]:
    for column in view.columns:
        yield from _rules_of_type(f"{view.name}.{column.name}", column)
    for rule, broken in ROWS_THAT_MUST_NOT_BE.get(view.name, {}).items():
        yield _Rule(view.name, rule, broken)
    for rule, broken in ROWS_TO_LOOK_AT.get(view.name, {}).items():
        yield _Rule(view.name, rule, broken, Level.WARNING)
    if view.has_titles:
        yield _Rule(view.name, "a title in at least one language", f"num_nonnulls({', '.join(TITLE_COLUMNS)}) = 0")
        blank = " OR ".join(rf"{column} ~ '^\s*$'" for column in TITLE_COLUMNS)
        yield _Rule(view.name, "a title that is there is not blank", blank)
    if any(column.name == "updated_at" for column in view.columns):
        yield _Rule(view.name, "updated_at is not in the future", "updated_at > db_now + interval '5 minutes'")


def _rules_of_type(subject: str, column: Column) -> Iterator[_Rule]:
    """What a type allows and the contract does not. What may be absent is, where it is odd, taken as absent."""
    level = Level.WARNING if column.nullable else Level.FAILURE
    absent = "; it counts as absent" if column.nullable else ""
    if not column.nullable:
        yield _Rule(subject, "is never null", f"{column.name} IS NULL")
    if column.type in _OF_TIME:
        odd = f"{column.name} < '2000-01-01' OR {column.name} >= '2101-01-01'"
        yield _Rule(subject, f"is a day of 2000 to 2100{absent}", odd, level)
    if column.type == "numeric":
        odd = f"{column.name} IN ('NaN', 'Infinity', '-Infinity')"
        yield _Rule(subject, f"is a number{absent}", odd, level)


async def check_key(connection: Connection, view: View) -> AsyncIterator[Finding]:
    """No key stands twice."""
    if not view.key:
        rows = await connection.fetchval(f"SELECT count(*) FROM {SCHEMA}.{view.name}")
        yield ok(view.name, "is one row") if rows == 1 else failure(view.name, f"is one row: it has {rows:,}")
        return
    key = ", ".join(view.key)
    offenders = await connection.fetchval(
        f"SELECT count(*) FROM (SELECT 1 FROM {SCHEMA}.{view.name} GROUP BY {key} HAVING count(*) > 1) AS twice"
    )
    yield judged(offenders, view.name, f"({key}) is unique")


async def check_links(connection: Connection, views: Sequence[View]) -> AsyncIterator[Finding]:
    """Each reference leads to a row."""
    there = {view.name for view in views}
    keys = {view.name: view.key for view in VIEWS}
    for source, column, target in LINKS:
        if {source, target} <= there:
            (key,) = keys[target]
            offenders = await connection.fetchval(f"""
                SELECT count(*) FROM {SCHEMA}.{source} AS source
                WHERE source.{column} IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM {SCHEMA}.{target} AS target WHERE target.{key} = source.{column})
                """)
            yield judged(offenders, f"{source}.{column}", f"leads to a row of {target}")


async def check_people(connection: Connection) -> AsyncIterator[Finding]:
    """A verified address names one guardian: it is what somebody is recognised by."""
    offenders = await connection.fetchval(f"""
        SELECT count(*) FROM (
            SELECT 1 FROM {SCHEMA}.v_guardian WHERE email_verified AND status = 'active'
            GROUP BY lower(email) HAVING count(*) > 1
        ) AS shared
        """)
    yield judged(offenders, "v_guardian.email", "a verified e-mail belongs to one active guardian")


async def check_units(connection: Connection) -> AsyncIterator[Finding]:
    """Minutes in place of seconds stay within the range, so the whole is looked at: somebody learns for a while."""
    days, longest = await _row(
        connection, f"SELECT count(*), max(active_seconds) FROM {SCHEMA}.v_activity_day WHERE active_seconds > 0"
    )
    subject = "v_activity_day.active_seconds"
    if days >= _FEWEST_TO_JUDGE_UNITS and longest < _NOBODY_LEARNT_LONGER_S:
        yield failure(subject, f"looks like minutes: the longest of {days:,} days has {longest}; the unit is seconds")
    else:
        yield ok(subject, "is of the size of seconds")


async def check_shares(connection: Connection) -> AsyncIterator[Finding]:
    """A share of one in place of a percentage stays within the range, too."""
    rows, highest = await _row(
        connection, f"SELECT count(*), max(percent) FROM {SCHEMA}.v_lesson_progress WHERE status = 'completed'"
    )
    subject = "v_lesson_progress.percent"
    if rows and highest <= 1:
        yield failure(subject, "looks like a share of 1: no completed lesson has more; the unit is percent")
    else:
        yield ok(subject, "is of the size of percents")


async def _row(connection: Connection, statement: str) -> asyncpg.Record:
    row = await connection.fetchrow(statement)
    assert row is not None, "an aggregate without GROUP BY is one row"
    return row
