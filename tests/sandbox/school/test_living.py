"""The generated children go on living while the days pass; what was made by hand stands as it was made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import asyncpg
import pytest_asyncio

from mentorium_sandbox import school
from mentorium_sandbox.school import School
from tests.conftest import PostgresServer
from tests.sandbox.school.conftest import NOW

TABLES = ("activity_day", "test_attempt", "lesson_progress", "award", "enrollment")


@dataclass(slots=True)
class Days:
    """A school of forty whose clock one moves."""

    dsn: str
    passed: timedelta = timedelta()

    def school(self) -> School:
        found = School("a key", lambda: NOW + self.passed)
        found.dsn = self.dsn
        return found

    async def rows(self, statement: str) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.dsn)
        try:
            return await connection.fetch(statement)
        finally:
            await connection.close()

    async def counts(self) -> dict[str, int]:
        return {table: (await self.rows(f"SELECT count(*) FROM platform.{table}"))[0][0] for table in TABLES}


@pytest_asyncio.fixture
async def days(postgres_server: PostgresServer, platform_template: str) -> AsyncIterator[Days]:
    dsn = await postgres_server.create("living", platform_template)
    await school.seed(dsn, students=40, seed=3, now=NOW)
    yield Days(dsn)
    await postgres_server.drop(dsn)


async def test_life_goes_on_and_no_day_is_lived_twice(days: Days) -> None:
    before = await days.counts()
    living = days.school()
    days.passed = timedelta(days=30)
    await living.live_on()
    after = await days.counts()
    assert all(after[table] > before[table] for table in ("activity_day", "test_attempt", "lesson_progress"))
    await living.live_on()
    assert await days.counts() == after
    (newest,) = await days.rows("SELECT max(day) AS day FROM platform.activity_day")
    assert (NOW + days.passed).date() - timedelta(days=4) <= newest["day"] <= (NOW + days.passed).date()


async def test_it_does_not_matter_in_how_many_steps(
    days: Days, postgres_server: PostgresServer, platform_template: str
) -> None:
    dsn = await postgres_server.create("living_too", platform_template)
    await school.seed(dsn, students=40, seed=3, now=NOW)
    twin = Days(dsn, timedelta(days=30))
    await twin.school().live_on()
    for step in (1, 6, 7, 16):
        days.passed += timedelta(days=step)
        await days.school().live_on()  # each time another process, which remembers nothing
    statement = "SELECT student_id, day, active_seconds FROM platform.activity_day ORDER BY student_id, day"
    assert await days.rows(statement) == await twin.rows(statement)
    await postgres_server.drop(dsn)


async def test_several_at_once_live_once(days: Days) -> None:
    days.passed = timedelta(days=10)
    await asyncio.gather(*(days.school().live_on() for _ in range(4)))
    once = await days.counts()
    await days.school().live_on()
    assert await days.counts() == once


async def test_what_was_made_by_hand_stands(days: Days) -> None:
    connection = await asyncpg.connect(days.dsn)
    student = await connection.fetchval(
        "INSERT INTO platform.student (display_name) VALUES ('Hand Made') RETURNING student_id"
    )
    await connection.execute(
        "INSERT INTO platform.activity_day (student_id, day, active_seconds, sessions) VALUES ($1, $2, 600, 1)",
        student,
        NOW.date(),
    )
    await connection.close()
    days.passed = timedelta(days=60)
    await days.school().live_on()
    rows = await days.rows(f"SELECT day, active_seconds FROM platform.activity_day WHERE student_id = {student}")
    assert [tuple(row) for row in rows] == [(NOW.date(), 600)]


async def test_a_frozen_feed_stands_still(days: Days) -> None:
    await days.rows(f"UPDATE platform.clock SET feed_frozen_at = '{NOW.isoformat()}'")
    before = await days.counts()
    days.passed = timedelta(days=5)
    await days.school().live_on()
    assert await days.counts() == before
    (meta,) = await days.rows("SELECT db_now - activity_as_of AS age FROM bot_api_v1.v_meta")
    assert meta["age"] > timedelta(days=4)
