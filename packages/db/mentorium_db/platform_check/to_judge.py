"""What SQL cannot see, put into a line each that a person can judge."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from typing import TypeAlias

import asyncpg

from mentorium_db.platform_check.contract import SCHEMA
from mentorium_db.platform_check.finding import Finding, note

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def what_a_person_judges(connection: Connection, there: Collection[str]) -> AsyncIterator[Finding]:
    """The order of names, and whether `activity_as_of` is written by the job that counts the activity."""
    if "v_student" in there:
        yield await _names(connection)
    yield await _activity(connection, rolled_up="v_activity_day" in there)


async def _names(connection: Connection) -> Finding:
    rows = await connection.fetch(f"""
        SELECT display_name FROM {SCHEMA}.v_student
        WHERE status = 'active' AND btrim(display_name) ~ '\\s' ORDER BY md5(student_id::text) LIMIT 3
        """)
    if not rows:
        return note("v_student.display_name", "first name first? No active student has a name of two words")
    named = ", ".join(f"\"{row['display_name']}\"" for row in rows)
    return note("v_student.display_name", f"first name first? The bot says these as they stand: {named}")


async def _activity(connection: Connection, *, rolled_up: bool) -> Finding:
    subject = "v_meta.activity_as_of"
    newest = f"(SELECT max(updated_at) FROM {SCHEMA}.v_activity_day)" if rolled_up else "NULL::timestamptz"
    row = await connection.fetchrow(f"""
        SELECT to_char(activity_as_of AT TIME ZONE 'Asia/Tashkent', 'YYYY-MM-DD HH24:MI:SS') AS told,
               extract(epoch FROM db_now - activity_as_of) AS age_s,
               to_char({newest} AT TIME ZONE 'Asia/Tashkent', 'YYYY-MM-DD HH24:MI:SS') AS newest
        FROM {SCHEMA}.v_meta
        """)
    if row is None or row["told"] is None:
        return note(subject, "is null: reports cannot say how old their activity is")
    if row["age_s"] is None:
        moved = "and db_now is null"
    else:
        moved = "the same moment as db_now" if abs(row["age_s"]) < 1 else f"{row['age_s']:,.0f} s before db_now"
    rows = f"the newest row of v_activity_day is of {row['newest']}" if row["newest"] else "no activity is there"
    return note(
        subject,
        f"written by the job that counts? It says {row['told']}, {moved}; {rows}. now() would hide a dead feed",
    )
