"""The whole check, in the order in which one mistake explains the next."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence

import asyncpg

from mentorium_db.platform_check.ages import check_ages
from mentorium_db.platform_check.catalogue import check_catalogue, published, whole
from mentorium_db.platform_check.contract import View
from mentorium_db.platform_check.data import (
    check_key,
    check_links,
    check_people,
    check_rows,
    check_shares,
    check_units,
)
from mentorium_db.platform_check.entrance import check_addresses, check_entrance, check_rights, check_status
from mentorium_db.platform_check.finding import Finding
from mentorium_db.platform_check.queries import check_queries
from mentorium_db.platform_check.role import check_role
from mentorium_db.platform_check.sums import check_sums
from mentorium_db.platform_check.to_judge import what_a_person_judges

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
    for findings in _of_data(connection, whole(found)):
        async for finding in findings:
            yield finding


def _of_data(connection: asyncpg.Connection[asyncpg.Record], views: Sequence[View]) -> Iterator[AsyncIterator[Finding]]:
    names = {view.name for view in views}
    if "v_meta" not in names:  # without the platform's clock no row can be judged
        return
    yield check_ages(connection)
    for view in views:
        yield check_rows(connection, view)
        yield check_key(connection, view)
    yield check_links(connection, views)
    yield from _of_entrance(connection, names)
    if "v_activity_day" in names:
        yield check_units(connection)
    if "v_lesson_progress" in names:
        yield check_shares(connection)
    yield check_sums(connection, names)
    yield check_queries(connection, views)
    yield what_a_person_judges(connection, names)


def _of_entrance(connection: asyncpg.Connection[asyncpg.Record], names: set[str]) -> Iterator[AsyncIterator[Finding]]:
    if "v_guardian" in names:
        yield check_people(connection)
        yield check_status(connection, "v_guardian")
        yield check_addresses(connection)
    if "v_student" in names:
        yield check_status(connection, "v_student")
    if "v_guardian_student" in names:
        yield check_rights(connection)
    if {"v_guardian", "v_student", "v_guardian_student"} <= names:
        yield check_entrance(connection)
