"""A school that keeps the contract, and copies of it for breaking."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import pytest_asyncio

from mentorium_kit.clock import TASHKENT
from mentorium_sandbox import school
from tests.fixtures.servers import PostgresServer


@pytest_asyncio.fixture(scope="session")
async def kept_template(postgres_server: PostgresServer, platform_template: str) -> AsyncIterator[str]:
    """A school of sixty that keeps the contract at this moment."""
    dsn = await postgres_server.create("kept_template", platform_template)
    await school.seed(dsn, students=60, seed=1, now=datetime.now(TASHKENT))
    yield dsn
    await postgres_server.drop(dsn)


@pytest_asyncio.fixture
async def kept(postgres_server: PostgresServer, kept_template: str) -> AsyncIterator[str]:
    """A copy of it, for breaking; the owner's DSN."""
    dsn = await postgres_server.create("kept", kept_template)
    await school.install(dsn)  # rights on a database are not copied with it
    yield dsn
    await postgres_server.drop(dsn)
