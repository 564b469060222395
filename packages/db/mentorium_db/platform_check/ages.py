"""Version, clock and age of the data, as `v_meta` tells them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg

from mentorium_db.platform_check.contract import MAJOR, SCHEMA
from mentorium_db.platform_check.finding import Finding, failure, ok, warning

FRESH_WITHIN = timedelta(minutes=15)
STALE_AFTER = timedelta(hours=1)
_CLOCKS_DIFFER = timedelta(minutes=5)


def _sane(column: str) -> str:
    years = f"{column} BETWEEN timestamptz '2000-01-01 00:00+05' AND timestamptz '2100-12-31 23:59+05'"
    return f"CASE WHEN {years} THEN {column} END AS {column}"


async def check_ages(connection: asyncpg.Connection[asyncpg.Record]) -> AsyncIterator[Finding]:
    """Needs a `v_meta` that is whole. Ages are measured by its own `db_now`; odd times are for other rules."""
    meta = await connection.fetchrow(f"""
        SELECT contract_major, day_tz, db_now - activity_as_of AS age, activity_as_of > db_now AS ahead,
               abs(extract(epoch FROM db_now - clock_timestamp())) AS clocks_apart
        FROM (SELECT contract_major, day_tz, {_sane("db_now")}, {_sane("activity_as_of")} FROM {SCHEMA}.v_meta) AS meta
        """)
    if meta is None:
        return
    major = meta["contract_major"]
    yield (
        ok("v_meta", f"is version {MAJOR}")
        if major == MAJOR
        else failure("v_meta", f"is version {major}; this bot reads version {MAJOR}")
    )
    tz = meta["day_tz"]
    yield ok("v_meta.day_tz", tz) if tz == "Asia/Tashkent" else failure("v_meta.day_tz", f"{tz} is not Asia/Tashkent")
    if meta["clocks_apart"] is not None and meta["clocks_apart"] > _CLOCKS_DIFFER.total_seconds():
        yield warning("v_meta.db_now", f"differs from the server's clock by {meta['clocks_apart']:,.0f} s")
    yield _activity(meta["age"], ahead=bool(meta["ahead"]))


def _activity(age: timedelta | None, *, ahead: bool) -> Finding:
    subject = "v_meta.activity_as_of"
    if age is None:
        return warning(subject, "is null: nobody can tell how old the activity is")
    if ahead and -age > _CLOCKS_DIFFER:
        return failure(subject, "is in the future")
    if age > STALE_AFTER:
        return failure(subject, f"is stale: the activity is {age} old, the contract says {FRESH_WITHIN}")
    if age > FRESH_WITHIN:
        return warning(subject, f"is late: the activity is {age} old, the contract says {FRESH_WITHIN}")
    return ok(subject, f"is fresh within {FRESH_WITHIN}")
