"""A generated school, made once; and one of a few children that control calls may change."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone

import asyncpg
import pytest
import pytest_asyncio

from mentorium_sandbox import school
from mentorium_sandbox.school import School
from mentorium_sandbox.school.copy_format import Connection
from sandbox_tests.school.caller import CHILD, KEY, Caller, serve
from tests.fixtures.databases import SharedDatabase, lent
from tests.fixtures.servers import PostgresServer

TASHKENT = timezone(timedelta(hours=5))
NOW = datetime(2026, 11, 25, 14, 0, tzinfo=TASHKENT)
STUDENTS = 200


@pytest_asyncio.fixture(scope="session")
async def school_dsn(postgres_server: PostgresServer, platform_template: str) -> AsyncIterator[str]:
    """The owner's DSN of the demo school, as generated; tests only read it."""
    dsn = await postgres_server.create("school", platform_template)
    await school.seed(dsn, students=STUDENTS, seed=1, now=NOW)
    yield dsn
    await postgres_server.drop(dsn)


@pytest_asyncio.fixture
async def generated(school_dsn: str) -> AsyncIterator[Connection]:
    """The demo school as the product sees it."""
    connection = await asyncpg.connect(await school.read_only_dsn(school_dsn))
    yield connection
    await connection.close()


@pytest_asyncio.fixture(scope="session")
async def small_template(postgres_server: PostgresServer, platform_template: str) -> AsyncIterator[str]:
    """A school of eight that nobody is connected to."""
    dsn = await postgres_server.create("small_template", platform_template)
    await school.seed(dsn, students=8, seed=1, now=NOW)
    yield dsn
    await postgres_server.drop(dsn)


@pytest_asyncio.fixture(scope="session")
async def small_database(postgres_server: PostgresServer, small_template: str) -> AsyncIterator[SharedDatabase]:
    """The one school of eight of this process."""
    async with postgres_server.copy("small", small_template) as dsn:
        shared = await SharedDatabase.of(dsn)
        yield shared
        await shared.close()


@pytest_asyncio.fixture
async def small_school(
    request: pytest.FixtureRequest, postgres_server: PostgresServer, small_template: str, small_database: SharedDatabase
) -> AsyncIterator[str]:
    """The owner's DSN of a school of eight, for changing."""
    own = request.node.get_closest_marker("own_databases") is not None
    async with lent(small_database, postgres_server, small_template, own=own, purpose="own_small") as dsn:
        yield dsn


@pytest_asyncio.fixture
async def call(small_school: str) -> AsyncIterator[Caller]:
    async with await serve(School(KEY, lambda: NOW, small_school)) as client:
        yield Caller(client)


@pytest_asyncio.fixture
async def seen(small_school: str) -> AsyncIterator[Connection]:
    """What the product sees."""
    connection = await asyncpg.connect(await school.read_only_dsn(small_school))
    yield connection
    await connection.close()


@pytest_asyncio.fixture
async def child(call: Caller) -> int:
    student_id: int = (await call("students", **CHILD))["student_id"]
    return student_id
