"""Units of work: they commit, roll back, join, carry their mark, and say kindly when a server is away."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

import mentorium_db
from mentorium_db import (
    configure,
    configure_platform,
    dispose,
    driver_of,
    get_driver,
    get_session,
    platform_connection,
)
from mentorium_db.models import Parent
from mentorium_db.repositories import LearnerRepository, ParentRepository
from mentorium_db.repositories.platform import fetch_planned
from mentorium_domain.enums import Language
from mentorium_kit import unit_of_work
from mentorium_kit.errors import ConfigurationError, UnavailableError, UnitOfWorkError
from mentorium_sandbox.faults import Faults
from mentorium_sandbox.relay import Relay
from tests.fixtures.databases import SessionFactory
from tests.fixtures.patience import HANGS_AFTER_S
from tests.fixtures.servers import PostgresServer
from tests.integration.db.rows import NOW


class OwnError(Exception):
    pass


async def add_parent(telegram_id: int) -> None:
    async with get_session() as session:
        await ParentRepository(session).add(telegram_id, language=Language.UZ, now=NOW)


async def parents() -> list[int]:
    async with get_session() as session:
        return list(await session.scalars(select(Parent.telegram_id).order_by(Parent.telegram_id)))


@pytest.fixture
def nowhere() -> str:
    """A DSN nobody listens at."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return f"postgresql://somebody:secret@127.0.0.1:{unused.getsockname()[1]}/db"


@pytest_asyncio.fixture
async def disposed() -> AsyncIterator[None]:
    yield
    await dispose()


async def test_a_unit_commits_at_its_end(session_factory: SessionFactory) -> None:
    await add_parent(1)
    assert await parents() == [1]


async def test_a_unit_that_fails_leaves_nothing(session_factory: SessionFactory) -> None:
    async def failing() -> None:
        async with session_factory():
            await add_parent(1)
            raise OwnError

    with pytest.raises(OwnError):
        await failing()
    assert await parents() == []


async def test_an_inner_unit_joins_the_outer_one(session_factory: SessionFactory) -> None:
    async with session_factory() as outer:
        async with session_factory() as inner:
            assert inner is outer
        await add_parent(1)
        assert outer.in_transaction()
        [seen_by_another_task] = await asyncio.gather(parents())
        assert seen_by_another_task == []
    assert await parents() == [1]


async def test_a_failed_inner_unit_cannot_be_committed_by_the_outer_one(session_factory: SessionFactory) -> None:
    async def inner() -> None:
        async with session_factory():
            await add_parent(2)
            raise OwnError

    async def outer() -> None:
        async with session_factory():
            await add_parent(1)
            with pytest.raises(OwnError):
                await inner()

    with pytest.raises(UnitOfWorkError):
        await outer()
    assert await parents() == []


async def test_a_cancelled_unit_leaves_nothing_and_gives_its_connection_back(bot_dsn: str) -> None:
    configure(bot_dsn, pool_size=1)
    written = asyncio.Event()

    async def unfinished() -> None:
        async with get_session():
            await add_parent(1)
            written.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(unfinished())
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await parents() == []
    await dispose()


async def test_a_refused_commit_is_the_callers_error(session_factory: SessionFactory) -> None:
    async def claim_for_nobody() -> None:
        async with session_factory() as session:
            assert await LearnerRepository(session).claim_link_code(b"123456", 7, 1, NOW)

    with pytest.raises(IntegrityError):
        await claim_for_nobody()


async def test_the_mark_stands_while_a_unit_is_open(session_factory: SessionFactory) -> None:
    async with session_factory():
        assert unit_of_work.is_open()
        async with session_factory():
            assert unit_of_work.is_open()
        assert unit_of_work.is_open()
    assert not unit_of_work.is_open()


async def test_the_platform_is_not_asked_inside_a_unit(
    session_factory: SessionFactory, configured_platform: str
) -> None:
    async with session_factory():
        with pytest.raises(UnitOfWorkError):
            async with platform_connection():
                pass
    async with platform_connection() as connection:
        assert await connection.fetchval("SELECT contract_major FROM bot_api_v1.v_meta") == 1


@pytest.mark.usefixtures("disposed")
async def test_a_platform_that_hangs_keeps_nobody_beyond_their_patience(platform_dsn: str) -> None:
    faults = Faults()
    relay = Relay("platform_db", faults)
    configure_platform(await relay.open(platform_dsn, "127.0.0.1"))

    async def wait() -> None:
        async with asyncio.timeout(0.3), platform_connection() as connection:
            faults.add("platform_db", "timeout")
            await connection.fetch("SELECT 1")

    began = time.perf_counter()
    with pytest.raises(TimeoutError):
        await wait()
    assert time.perf_counter() - began < 2.0
    await relay.close()


@pytest.mark.usefixtures("disposed")
async def test_the_platform_is_read_only_even_for_its_owner(platform_dsn: str) -> None:
    configure_platform(platform_dsn)
    async with platform_connection() as connection:
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await connection.execute("CREATE TABLE bot_api_v1.mine ()")


@pytest.mark.usefixtures("disposed")
async def test_a_database_that_is_not_there_is_unavailable(nowhere: str) -> None:
    configure(nowhere)
    configure_platform(nowhere)
    with pytest.raises(UnavailableError, match="bot_db_unavailable") as bot:
        await parents()
    with pytest.raises(UnavailableError, match="platform_db_unavailable") as platform:
        async with platform_connection():
            pass
    assert "secret" not in f"{bot.value} {platform.value}"
    assert not unit_of_work.is_open()


async def end_connections(server: PostgresServer, dsn: str) -> None:
    """What a restart of the server does to those who are connected."""
    connection = await asyncpg.connect(server.owner)
    try:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", dsn.rpartition("/")[2]
        )
    finally:
        await connection.close()


async def test_a_restarted_server_is_met_again_without_an_error(
    session_factory: SessionFactory, configured_platform: str, bot_dsn: str, postgres_server: PostgresServer
) -> None:
    async def ask_both() -> None:
        await add_parent(1)
        async with platform_connection() as connection:
            await connection.fetch("SELECT FROM bot_api_v1.v_student")

    await ask_both()
    await end_connections(postgres_server, bot_dsn)
    await end_connections(postgres_server, configured_platform)
    await ask_both()
    assert set(await parents()) == {1}


async def test_a_server_lost_within_a_unit_is_unavailable(
    session_factory: SessionFactory, bot_dsn: str, postgres_server: PostgresServer
) -> None:
    async def lose() -> None:
        async with session_factory() as session:
            await end_connections(postgres_server, bot_dsn)
            await session.execute(text("SELECT 1"))

    with pytest.raises(UnavailableError, match="bot_db_unavailable"):
        await lose()


async def test_a_server_lost_before_the_commit_is_unavailable(
    session_factory: SessionFactory, bot_dsn: str, postgres_server: PostgresServer
) -> None:
    async def lose() -> None:
        async with session_factory() as session:
            await ParentRepository(session).add(1, language=Language.UZ, now=NOW)
            driver = (await (await session.connection()).get_raw_connection()).driver_connection
            assert driver is not None
            await end_connections(postgres_server, bot_dsn)
            while not driver.is_closed():  # seen before COMMIT is sent: the outcome is known
                await asyncio.sleep(0.01)

    with pytest.raises(UnavailableError, match="bot_db_unavailable"):
        await lose()
    assert await parents() == []


async def test_a_platform_lost_while_it_is_read_is_unavailable(
    configured_platform: str, postgres_server: PostgresServer
) -> None:
    async def lose() -> None:
        async with platform_connection() as connection:
            await end_connections(postgres_server, configured_platform)
            await connection.fetch("SELECT FROM bot_api_v1.v_student")

    with pytest.raises(UnavailableError, match="platform_db_unavailable"):
        await lose()


async def test_a_mistake_in_a_query_is_no_outage(configured_platform: str) -> None:
    async def mistake() -> None:
        async with platform_connection() as connection:
            await connection.fetch("SELECT 1", "one argument too many")

    with pytest.raises(asyncpg.InterfaceError):
        await mistake()


async def test_a_platform_that_takes_too_long_is_unavailable(configured_platform: str) -> None:
    async def dawdle() -> None:
        async with platform_connection() as connection:
            await connection.execute("SET statement_timeout = '10ms'")
            await connection.fetch("SELECT pg_sleep(10)")

    with pytest.raises(UnavailableError, match="platform_db_unavailable"):
        await dawdle()
    async with platform_connection() as connection:
        assert await connection.fetchval("SHOW statement_timeout") == "30s"


async def test_only_a_batch_is_planned_anew_and_an_odd_value_in_it_leaves_no_mark(configured_platform: str) -> None:
    """Whoever meets an odd value asks on in the same connection, which goes back to the pool as it is."""
    asks = "SELECT current_setting('plan_cache_mode') AS how FROM unnest($1::bigint[]) id WHERE 1 / (id - $2) > -2"

    async def planned(ids: range, odd: int) -> set[str]:
        return {row["how"] for row in await fetch_planned(connection, asks, [*ids], odd)}

    async with platform_connection() as connection:
        assert await planned(range(17), 99) == {"force_custom_plan"}
        assert await planned(range(16), 99) == {"auto"}
        with pytest.raises(asyncpg.DivisionByZeroError):
            await planned(range(17), 3)
        assert await planned(range(16), 99) == {"auto"}
    async with platform_connection() as connection:
        assert await connection.fetchval("SHOW plan_cache_mode") == "auto"


@pytest.mark.usefixtures("disposed")
async def test_one_process_has_one_database(bot_dsn: str, nowhere: str) -> None:
    configure(bot_dsn)
    configure(bot_dsn.replace("postgresql://", "postgresql+asyncpg://"))
    with pytest.raises(ConfigurationError):
        configure(nowhere)
    configure_platform(bot_dsn)
    with pytest.raises(ConfigurationError):
        configure_platform(nowhere)


@pytest.mark.parametrize(
    "dsn", ["", "localhost:5432/db", "mysql://u:p@localhost/db", "postgresql://u:p@localhost:port/db"]
)
def test_a_malformed_dsn_is_a_configuration_error(dsn: str) -> None:
    with pytest.raises(ConfigurationError):
        configure(dsn)


async def test_unconfigured_it_says_which_settings_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BOT_DB_URL", "PLATFORM_DB_URL", "DB_HOST", "DB_NAME", "DB_USER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DB_PASSWORD", "secret")
    with pytest.raises(ConfigurationError) as missing:
        await parents()
    assert missing.value.context["names"] == ["BOT_DB_URL", "DB_HOST", "DB_NAME", "DB_USER"]
    with pytest.raises(ConfigurationError, match="PLATFORM_DB_URL"):
        async with platform_connection():
            pass


async def test_disposing_twice_is_harmless(session_factory: SessionFactory) -> None:
    await add_parent(1)
    async with get_session() as session:
        used = await driver_of(session)
    await mentorium_db.dispose()
    await mentorium_db.dispose()
    assert used.is_closed()


async def test_a_connection_in_use_while_all_are_closed_is_closed_when_it_comes_back(bot_dsn: str) -> None:
    configure(bot_dsn)
    async with get_session() as session, asyncio.timeout(HANGS_AFTER_S):
        used = await driver_of(session)
        await dispose()
        assert not used.is_closed()
    assert used.is_closed()
    configure(bot_dsn)
    async with get_driver() as used:
        await dispose()
    assert used.is_closed()
