"""Real servers for all tests of the repository, those beside an app too: one PostgreSQL and one Redis a process.

What a fixture needs is imported where it is made, so that tests without servers do not wait for what they never use.
"""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Generator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
import structlog
from hypothesis import settings

from mentorium_gateways.deferred_build import defer_models

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadScopeScheduling

    from tests.fixtures.databases import SessionFactory, SharedDatabase
    from tests.fixtures.servers import PostgresServer

_OWN_DATABASES = "own_databases"  # the mark of a test that changes more than rows
_SOAK = "soak"  # the mark of a test, or of a case of one, that runs in the long form alone
_SYSTEM = Path(__file__).parent / "tests" / "system"

_COLLECT_AFTER = (10_000, 20, 20)
gc.disable()  # what collection makes stays to the end: to look through it again and again took a quarter of its time
defer_models()  # before a test module imports it, as each process of the product does
# Tracebacks drawn in frames, with all locals, took a quarter of the CPU of tests in which something fails on purpose.
structlog.configure(
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What needs root, Node or a browser runs only when it is asked for by name, as `make test-system` does."""
    asked_for = any("tests/system" in str(argument) for argument in config.invocation_params.args)
    return True if collection_path == _SYSTEM and not asked_for else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    from tests.fixtures.rewritten import rewrite_share

    rewrite_share(session.config)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What shares something in a row, and the longest first; what is left to `make soak` only if asked for by name."""
    from tests.fixtures.long_form import LONG
    from tests.fixtures.spreading import in_order, tell_apart

    if not LONG and not any("::" in str(argument) for argument in config.args):
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker(_SOAK)])
        items[:] = [item for item in items if not item.get_closest_marker(_SOAK)]
    tell_apart(items)
    items[:] = [items[place] for place in in_order([item.nodeid for item in items])]


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    from tests.fixtures.left_running import note_tasks

    note_tasks(item)
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    from tests.fixtures.left_running import end_tasks

    ended = yield
    end_tasks(item)
    return ended


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """For tests in several processes."""
    from tests.fixtures.spreading import ByUnit

    return ByUnit(config, log)


@pytest_asyncio.fixture(scope="session")
async def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PostgresServer]:
    """The server of `BOT_DB_URL` where that is set, else an embedded one that dies with the session."""
    from tests.fixtures.servers import running_postgres

    async with running_postgres(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest_asyncio.fixture(scope="session")
async def redis_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The server of `REDIS_URL` where that is set, else an embedded one that dies with the session."""
    from tests.fixtures.servers import running_redis

    async with running_redis(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest_asyncio.fixture(scope="session")
async def bot_template(postgres_server: PostgresServer) -> AsyncIterator[str]:
    """A migrated database that nobody is connected to."""
    from mentorium_db.migrate import upgrade

    async with postgres_server.copy("bot_template") as dsn:
        await upgrade(dsn)
        yield dsn


@pytest_asyncio.fixture(scope="session")
async def platform_template(postgres_server: PostgresServer) -> AsyncIterator[str]:
    """A database with the school's tables and the contract's views, and nobody in the school."""
    from mentorium_sandbox import school

    async with postgres_server.copy("platform_template") as dsn:
        await school.install(dsn)
        yield dsn


@pytest_asyncio.fixture(scope="session")
async def bot_database(postgres_server: PostgresServer, bot_template: str) -> AsyncIterator[SharedDatabase]:
    """The one bot database of this process."""
    from tests.fixtures.databases import SharedDatabase

    async with postgres_server.copy("bot", bot_template) as dsn:
        shared = await SharedDatabase.of(dsn)
        yield shared
        await shared.close()


@pytest_asyncio.fixture(scope="session")
async def platform_database(postgres_server: PostgresServer, platform_template: str) -> AsyncIterator[SharedDatabase]:
    """The one platform database of this process."""
    from tests.fixtures.databases import SharedDatabase

    async with postgres_server.copy("platform", platform_template) as dsn:
        shared = await SharedDatabase.of(dsn)
        yield shared
        await shared.close()


@pytest_asyncio.fixture
async def bot_dsn(
    request: pytest.FixtureRequest, postgres_server: PostgresServer, bot_template: str, bot_database: SharedDatabase
) -> AsyncIterator[str]:
    """The bot's database, migrated and empty; the owner's DSN."""
    from tests.fixtures.databases import lent

    own = request.node.get_closest_marker(_OWN_DATABASES) is not None
    async with lent(bot_database, postgres_server, bot_template, own=own, purpose="own_bot") as dsn:
        yield dsn


@pytest_asyncio.fixture
async def platform_dsn(
    request: pytest.FixtureRequest,
    postgres_server: PostgresServer,
    platform_template: str,
    platform_database: SharedDatabase,
) -> AsyncIterator[str]:
    """The platform's database with an empty school; the owner's DSN (`school.read_only_dsn` makes the product's)."""
    from tests.fixtures.databases import lent

    own = request.node.get_closest_marker(_OWN_DATABASES) is not None
    async with lent(platform_database, postgres_server, platform_template, own=own, purpose="own_platform") as dsn:
        yield dsn


@pytest_asyncio.fixture
async def empty_dsn(postgres_server: PostgresServer) -> AsyncIterator[str]:
    """A database without any table, this test's own."""
    async with postgres_server.copy("empty") as dsn:
        yield dsn


@pytest_asyncio.fixture
async def session_factory(bot_dsn: str) -> AsyncIterator[SessionFactory]:
    """`get_session`, configured to `bot_dsn`: the product's own way to its database."""
    import mentorium_db

    mentorium_db.configure(bot_dsn)
    yield mentorium_db.get_session
    await mentorium_db.dispose()


@pytest_asyncio.fixture
async def configured_platform(platform_dsn: str) -> AsyncIterator[str]:
    """`platform_connection`, configured as in production to the read-only role of `platform_dsn`; yields the latter."""
    import mentorium_db
    from mentorium_sandbox import school

    mentorium_db.configure_platform(await school.read_only_dsn(platform_dsn))
    yield platform_dsn
    await mentorium_db.dispose()


@pytest_asyncio.fixture
async def redis_url(redis_server: str) -> str:
    """A server of the Redis protocol, emptied."""
    from redis.asyncio import Redis

    async with Redis.from_url(redis_server) as redis:
        await redis.flushdb()
    return redis_server


# How long one example takes is for the machine to say, and under load it says much.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
