"""Could anybody log in at all? An adult who is recognised, a right that stands, a child who is there.

What the views of the people say may be well-formed to the last row, and still let nobody in.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TypeAlias

import asyncpg

from mentorium_db.platform_check.contract import SCHEMA
from mentorium_db.platform_check.finding import Finding, failure, ok, warning

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
_FEW = 3
_LONGEST_WORD = 20


async def check_status(connection: Connection, view: str) -> AsyncIterator[Finding]:
    """Of `v_guardian` or `v_student`: somebody is active."""
    rows = await connection.fetch(f"SELECT status, count(*) AS n FROM {SCHEMA}.{view} GROUP BY 1 ORDER BY 2 DESC, 1")
    words = {row["status"]: row["n"] for row in rows}
    if words.get("active"):
        yield ok(f"{view}.status", f"somebody is active: {words['active']:,} of {sum(words.values()):,}")
        return
    seen = ", ".join(repr(str(word)[:_LONGEST_WORD]) for word in list(words)[:_FEW])
    said = f"; it says {seen}" if seen else ""
    yield failure(f"{view}.status", f"nobody is active, so nobody is let in; the word is 'active'{said}")


async def check_addresses(connection: Connection) -> AsyncIterator[Finding]:
    """An active guardian is recognised by an address that the platform has verified, by an e-mail or a phone."""
    row = await connection.fetchrow(f"""
        SELECT count(email) AS emails, count(email) FILTER (WHERE email_verified) AS known_emails,
               count(phone_e164) AS phones, count(phone_e164) FILTER (WHERE phone_verified) AS known_phones
        FROM {SCHEMA}.v_guardian WHERE status = 'active'
        """)
    assert row is not None, "an aggregate without GROUP BY is one row"
    email, phone = "v_guardian.email_verified", "v_guardian.phone_verified"
    if row["known_emails"]:
        yield ok(email, f"somebody is recognised by e-mail: {row['known_emails']:,} active guardians")
    elif row["emails"]:
        yield failure(email, f"none of {row['emails']:,} addresses is verified: nobody is recognised by e-mail")
    elif row["known_phones"]:
        yield warning(email, "no active guardian has an e-mail: nobody is recognised by it")
    else:
        yield failure(email, "no active guardian has a verified e-mail or phone: nobody is recognised by either")
    if row["known_phones"]:
        yield ok(phone, f"somebody is recognised by phone: {row['known_phones']:,} active guardians")
    else:
        yield warning(phone, f"none of {row['phones']:,} phones is verified: nobody is recognised by a shared contact")


async def check_rights(connection: Connection) -> AsyncIterator[Finding]:
    """Of `v_guardian_student`: a link is valid now, and may be viewed."""
    row = await connection.fetchrow(f"""
        SELECT count(*) AS links, count(*) FILTER (WHERE can_view_progress) AS viewing,
               count(*) FILTER (WHERE valid_from <= db_now) AS begun,
               count(*) FILTER (WHERE valid_to IS NULL OR valid_to > db_now) AS lasting
        FROM {SCHEMA}.v_guardian_student CROSS JOIN (SELECT db_now FROM {SCHEMA}.v_meta) AS meta
        """)
    assert row is not None, "an aggregate without GROUP BY is one row"
    for finding in _rights(row):
        yield finding


def _rights(row: asyncpg.Record) -> Iterator[Finding]:
    view, links = "v_guardian_student", row["links"]
    if not links:
        yield failure(view, "is empty: no adult has a child")
        return
    for column, known, good, bad in (
        ("can_view_progress", row["viewing"], "somebody may see a child's progress", "is false in all {} links"),
        ("valid_from", row["begun"], "a link has begun", "lies in the future in all {} links"),
        ("valid_to", row["lasting"], "a link has not ended", "has passed in all {} links"),
    ):
        if known:
            yield ok(f"{view}.{column}", f"{good}: {known:,} of {links:,}")
        else:
            yield failure(f"{view}.{column}", f"{bad.format(f'{links:,}')}: nobody may see a child")


async def check_entrance(connection: Connection) -> AsyncIterator[Finding]:
    """All of it together, as the bot asks it."""
    guardians = await connection.fetchval(f"""
        SELECT count(DISTINCT guardian_id)
        FROM {SCHEMA}.v_guardian_student AS link
        CROSS JOIN (SELECT db_now FROM {SCHEMA}.v_meta) AS meta
        JOIN {SCHEMA}.v_guardian AS guardian USING (guardian_id)
        JOIN {SCHEMA}.v_student AS student USING (student_id)
        WHERE link.can_view_progress AND link.valid_from <= db_now
            AND (link.valid_to IS NULL OR link.valid_to > db_now)
            AND guardian.status = 'active' AND student.status = 'active'
        """)
    if guardians:
        yield ok("entrance", f"{guardians:,} active guardians may see an active child now")
    else:
        yield failure("entrance", "nobody could log in: no active guardian may see an active child now")
