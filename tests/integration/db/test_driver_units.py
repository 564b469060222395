"""A unit of work by the driver: one commit or nothing, together with sessions on the same connection."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Final

import pytest
import pytest_asyncio
from sqlalchemy import String, select, text
from sqlalchemy.exc import IntegrityError

from mentorium_db import autocommit_session, configure, dispose, driver_connection, driver_of, get_driver, get_session
from mentorium_db.driver import DriverStatement
from mentorium_db.models import Parent
from mentorium_db.repositories import ParentRepository
from mentorium_db.statements import prepared
from mentorium_domain.enums import Language
from mentorium_kit import clock, unit_of_work
from mentorium_kit.errors import OutcomeUnknownError, UnavailableError, UnitOfWorkError
from tests.fixtures.database_proxy import DatabaseProxy, database_proxy
from tests.integration.db.given import DILNOZA, OLGA, add_parent

_COUNT: Final = "SELECT count(*) FROM parents"
_INSERT: Final = "INSERT INTO parents (telegram_id, language) VALUES ($1, 'uz')"
_LANGUAGE: Final = DriverStatement(
    prepared("INSERT INTO parents (telegram_id, language) VALUES (1, :language)", language=String())
)


@pytest_asyncio.fixture
async def proxy(bot_dsn: str) -> AsyncIterator[DatabaseProxy]:
    async with database_proxy(bot_dsn) as opened:
        configure(opened.dsn)
        yield opened
        opened.lose_answer_to = None
        await dispose()


async def parents() -> int:
    async with driver_connection() as driver:
        return int(await driver.fetchval(_COUNT))


@pytest.mark.usefixtures("session_factory")
async def test_driver_and_session_are_one_commit_and_see_each_others_writes() -> None:
    async with get_driver() as driver:
        assert unit_of_work.is_open()
        await driver.execute(_INSERT, DILNOZA)
        async with get_session() as session:
            assert (await session.scalars(select(Parent.telegram_id))).all() == [DILNOZA]
            session.add(Parent(telegram_id=OLGA, language=Language.RU, created_at=clock.now()))
        assert await driver.fetchval(_COUNT) == 2, "what the session has to write is written before the driver goes on"
        assert await parents_of_others() == 0, "nobody else sees it before the commit"
    assert not unit_of_work.is_open()
    assert await parents() == 2


async def parents_of_others() -> int:
    """Asked by a task of its own, which has no unit open."""
    (count,) = await asyncio.gather(parents())
    return count


@pytest.mark.usefixtures("session_factory")
async def test_what_fails_undoes_what_either_has_written() -> None:
    async def fails() -> None:
        async with get_driver() as driver:
            await driver.execute(_INSERT, DILNOZA)
            async with get_session() as session:
                await ParentRepository(session).add(OLGA, language=Language.RU, now=clock.now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    assert await parents() == 0
    async with get_driver() as driver:  # the connection serves the next one
        await driver.execute(_INSERT, DILNOZA)
    async with get_session() as session:
        await ParentRepository(session).add(OLGA, language=Language.RU, now=clock.now())
    assert await parents() == 2, "a session of its own commits by itself as before"


@pytest.mark.usefixtures("session_factory")
async def test_an_inner_failure_that_is_passed_over_is_not_committed() -> None:
    async def passed_over() -> None:
        async with get_driver() as driver:
            await driver.execute(_INSERT, DILNOZA)
            with pytest.raises(ZeroDivisionError):
                async with get_driver():
                    raise ZeroDivisionError

    with pytest.raises(UnitOfWorkError):
        await passed_over()
    assert await parents() == 0


@pytest.mark.parametrize("opened", [get_driver, get_session])
@pytest.mark.usefixtures("session_factory")
async def test_a_refused_statement_that_is_passed_over_is_not_taken_for_committed(
    opened: Callable[[], AbstractAsyncContextManager[object]],
) -> None:
    async def insert() -> None:
        async with opened(), get_driver() as driver:
            await driver.execute(_INSERT, DILNOZA)
            with contextlib.suppress(IntegrityError):
                await _LANGUAGE.fetch(driver, language="xx")

    with pytest.raises(UnitOfWorkError, match="commit_after_failure"):
        await insert()
    assert await parents() == 0


@pytest.mark.usefixtures("session_factory")
async def test_the_driver_joins_a_sessions_unit_even_as_its_first_statement() -> None:
    async def fails() -> None:
        async with get_session() as session:
            session.add(Parent(telegram_id=OLGA, language=Language.RU, created_at=clock.now()))
            async with get_driver() as driver:
                assert await driver.fetchval(_COUNT) == 1, "the session has written before"
                assert driver is await driver_of(session) is await driver_of(driver)
                await driver.execute(_INSERT, DILNOZA)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    assert await parents() == 0, "it was part of the session's transaction"


@pytest.mark.usefixtures("session_factory")
async def test_single_statements_are_joined_only_by_what_may_stand_alone() -> None:
    async with driver_connection() as outer, get_driver(alone=True) as driver:
        assert driver is outer

    async def needs_a_transaction() -> None:
        async with driver_connection(), get_driver():
            pass

    async def in_a_sessions_statement() -> None:
        async with autocommit_session(), get_driver(alone=True):
            pass

    for mixed in (needs_a_transaction, in_a_sessions_statement):
        with pytest.raises(UnitOfWorkError):
            await mixed()
        assert not unit_of_work.is_open()


@pytest.mark.usefixtures("session_factory")
async def test_a_constraint_says_no_as_it_does_to_a_session() -> None:
    await add_parent()
    with pytest.raises(IntegrityError):
        async with get_driver() as driver:
            await _LANGUAGE.fetch(driver, language="xx")
    assert await parents() == 1


async def test_a_lost_answer_to_commit_leaves_the_outcome_unknown(proxy: DatabaseProxy) -> None:
    async def insert(telegram_id: int) -> None:
        async with get_driver() as driver, get_session():
            await driver.execute(_INSERT, telegram_id)

    for lost, telegram_id, error in ((b"COMMIT", DILNOZA, OutcomeUnknownError), (b"INSERT", OLGA, UnavailableError)):
        proxy.lose_answer_to = lost
        with pytest.raises(error):
            await insert(telegram_id)
    proxy.lose_answer_to = None
    assert await parents() == 1, "the first was done, the second was not"


async def _hang_by_driver() -> None:
    async with get_driver() as driver:
        await driver.fetch("SELECT pg_sleep(600)")


async def _hang_by_session_on_it() -> None:
    async with get_driver(), get_session() as session:
        await session.execute(text("SELECT pg_sleep(600)"))


@pytest.mark.usefixtures("session_factory")
@pytest.mark.parametrize("hang", [_hang_by_driver, _hang_by_session_on_it])
async def test_who_is_cut_off_leaves_no_connection_that_hangs(hang: Callable[[], Coroutine[None, None, None]]) -> None:
    for _ in range(12):  # more than there are connections
        hanging = asyncio.create_task(hang())
        await asyncio.sleep(0.02)
        hanging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hanging
    async with asyncio.timeout(10):
        assert await parents() == 0


@pytest.mark.parametrize("opened", [get_driver, get_session])
async def test_who_is_cut_off_while_it_undoes_leaves_no_connection_that_hangs(
    proxy: DatabaseProxy, opened: Callable[[], AbstractAsyncContextManager[object]]
) -> None:
    async def fail() -> None:
        async with opened():
            async with get_driver() as driver:
                await driver.execute(_INSERT, DILNOZA)
            raise ValueError("undo it")

    assert await parents() == 0, "connected"
    proxy.lose_answer_to, proxy.hang = b"ROLLBACK", True
    undoing = asyncio.create_task(fail())
    await proxy.lost.wait()
    undoing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await undoing
    proxy.lose_answer_to = None
    async with asyncio.timeout(5), driver_connection() as driver:
        assert not driver.is_in_transaction()
        assert await driver.fetchval(_COUNT) == 0


@pytest.mark.usefixtures("session_factory")
async def test_a_unit_that_is_open_while_all_is_closed_goes_on_by_its_own_connection(bot_dsn: str) -> None:
    async with get_driver() as driver:
        await driver.execute(_INSERT, DILNOZA)
        await dispose()
        async with get_session() as session:
            assert (await session.scalars(select(Parent.telegram_id))).all() == [DILNOZA]
    configure(bot_dsn)
    assert await parents() == 1
