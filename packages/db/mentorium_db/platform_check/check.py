"""The whole check, in the order in which one mistake explains the next."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg

from mentorium_db.platform_check.ages import check_ages
from mentorium_db.platform_check.catalogue import check_catalogue, published, whole
from mentorium_db.platform_check.data import (
    check_key,
    check_links,
    check_people,
    check_rows,
    check_shares,
    check_units,
)
from mentorium_db.platform_check.finding import Finding
from mentorium_db.platform_check.queries import check_queries
from mentorium_db.platform_check.role import check_role

_LONGEST_STATEMENT = "10min"


async def check_platform(connection: asyncpg.Connection[asyncpg.Record]) -> AsyncIterator[Finding]:
    """Everything the contract says, as the role of this connection sees it; nothing is written.

    A view that lacks a column is judged no further: what it lacks is in the findings.
    """
    async for finding in check_role(connection):
        yield finding
    await connection.execute(f"SET statement_timeout = '{_LONGEST_STATEMENT}'")
    found = await published(connection)
    for finding in check_catalogue(found):
        yield finding
    views = whole(found)
    names = {view.name for view in views}
    if "v_meta" not in names:
        return
    async for finding in check_ages(connection):
        yield finding
    for view in views:
        async for finding in check_rows(connection, view):
            yield finding
        async for finding in check_key(connection, view):
            yield finding
    async for finding in check_links(connection, views):
        yield finding
    for needed, judge in (
        ("v_guardian", check_people),
        ("v_activity_day", check_units),
        ("v_lesson_progress", check_shares),
    ):
        if needed in names:
            async for finding in judge(connection):
                yield finding
    async for finding in check_queries(connection, views):
        yield finding
