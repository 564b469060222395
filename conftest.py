"""Real servers for the tests: one PostgreSQL, one Redis; an own database for each test, copied from a template."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
import pytest_asyncio
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncSession

import mentorium_db
from mentorium_db.migrate import upgrade
from mentorium_sandbox import school
from mentorium_sandbox.servers.postgres import EmbeddedPostgres
from mentorium_sandbox.servers.redis import EmbeddedRedis

_SHARED_SANDBOX = "sandbox"  # the fixture of tests/e2e
_SYSTEM = Path(__file__).parent / "system"
SessionFactory = Callable[[], AbstractAsyncContextManager[AsyncSession]]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What needs root, Node or a browser runs only when it is asked for by name, as `make test-system` does."""
    asked_for = any("tests/system" in str(argument) for argument in config.invocation_params.args)
    return True if collection_path == _SYSTEM and not asked_for else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """For tests in several processes: a file stays in one of them, and so do all tests of the shared sandbox.

    Those are the longest chain of waits, so they come first; only a file that asks to be last within them is.
    """
    for item in items:
        shared = _SHARED_SANDBOX in getattr(item, "fixturenames", ())
        item.add_marker(pytest.mark.xdist_group(_SHARED_SANDBOX if shared else str(item.path)))
    items.sort(key=lambda item: _SHARED_SANDBOX not in getattr(item, "fixturenames", ()))


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A server on which databases may be made; `owner` is the DSN of one that is always there."""

    owner: str

    def dsn(self, database: str) -> str:
        return urlunsplit(urlsplit(self.owner)._replace(path=f"/{database}"))

    async def create(self, purpose: str, template: str | None = None) -> str:
        """A new database, empty or a copy of the database behind the DSN `template`; returns its DSN."""
        name = f"test_{purpose}_{secrets.token_hex(6)}"
        copied = f" TEMPLATE {urlsplit(template).path[1:]}" if template else ""
        await self._execute(f"CREATE DATABASE {name}{copied}")
        return self.dsn(name)

    async def drop(self, dsn: str) -> None:
        await self._execute(f"DROP DATABASE {urlsplit(dsn).path[1:]} WITH (FORCE)")

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.owner)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PostgresServer]:
    """The server of `BOT_DB_URL` where that is set, else an embedded one that dies with the session."""
    if url := os.environ.get("BOT_DB_URL"):
        yield PostgresServer(url.replace("postgresql+asyncpg://", "postgresql://"))
        return
    server = await EmbeddedPostgres.start(tmp_path_factory.mktemp("postgres"), durable=False)
    yield PostgresServer(server.dsn("postgres"))
    await server.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def bot_template(postgres_server: PostgresServer) -> AsyncIterator[str]:
    """A migrated database that nobody is connected to."""
    dsn = await postgres_server.create("bot_template")
    await upgrade(dsn)
    yield dsn
    await postgres_server.drop(dsn)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def platform_template(postgres_server: PostgresServer) -> AsyncIterator[str]:
    """A database with the school's tables and the contract's views, and nobody in the school."""
    dsn = await postgres_server.create("platform_template")
    await school.install(dsn)
    yield dsn
    await postgres_server.drop(dsn)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def redis_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    if url := os.environ.get("REDIS_URL"):
        yield url
        return
    server = await EmbeddedRedis.start(tmp_path_factory.mktemp("redis"), durable=False)
    yield server.url
    await server.stop()


@pytest_asyncio.fixture
async def empty_dsn(postgres_server: PostgresServer) -> AsyncIterator[str]:
    """A database without any table."""
    dsn = await postgres_server.create("empty")
    yield dsn
    await postgres_server.drop(dsn)


@pytest_asyncio.fixture
async def bot_dsn(postgres_server: PostgresServer, bot_template: str) -> AsyncIterator[str]:
    """The bot's database, migrated and empty; the owner's DSN."""
    dsn = await postgres_server.create("bot", bot_template)
    yield dsn
    await postgres_server.drop(dsn)


@pytest_asyncio.fixture
async def session_factory(bot_dsn: str) -> AsyncIterator[SessionFactory]:
    """`get_session`, configured to `bot_dsn`: the product's own way to its database."""
    mentorium_db.configure(bot_dsn)
    yield mentorium_db.get_session
    await mentorium_db.dispose()


@pytest_asyncio.fixture
async def platform_dsn(postgres_server: PostgresServer, platform_template: str) -> AsyncIterator[str]:
    """The platform's database with an empty school; the owner's DSN (`school.read_only_dsn` makes the product's)."""
    dsn = await postgres_server.create("platform", platform_template)
    yield dsn
    await postgres_server.drop(dsn)


@pytest_asyncio.fixture
async def configured_platform(platform_dsn: str) -> AsyncIterator[str]:
    """`platform_connection`, configured as in production to the read-only role of `platform_dsn`; yields the latter."""
    mentorium_db.configure_platform(await school.read_only_dsn(platform_dsn))
    yield platform_dsn
    await mentorium_db.dispose()


@pytest_asyncio.fixture
async def redis_url(redis_server: str) -> str:
    """A server of the Redis protocol, emptied."""
    async with Redis.from_url(redis_server) as redis:
        await redis.flushdb()
    return redis_server
