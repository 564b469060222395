"""What the rows say: nulls, keys, words, ranges, links, units. One pass over each view."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TypeAlias

import asyncpg

from mentorium_db.platform_check.contract import LINKS, SCHEMA, VIEWS, View
from mentorium_db.platform_check.finding import Finding, failure, judged, ok
from mentorium_db.platform_check.row_rules import row_rules

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
_FEWEST_TO_JUDGE_UNITS = 50
_NOBODY_LEARNT_LONGER_S = 600


async def check_rows(connection: Connection, view: View) -> AsyncIterator[Finding]:
    """Rules about single rows, by one statement."""
    rules = list(row_rules(view))
    counts = ", ".join(f"count(*) FILTER (WHERE {rule.broken})" for rule in rules)
    source = f"{SCHEMA}.{view.name}"
    if view.name != "v_meta":
        source += f" CROSS JOIN (SELECT db_now FROM {SCHEMA}.v_meta) AS meta"
    row = await _row(connection, f"SELECT {counts} FROM {source}")
    for rule, offenders in zip(rules, row, strict=True):
        yield judged(offenders, f"{view.name}.{rule.column}" if rule.column else view.name, rule.text, rule.level)


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
