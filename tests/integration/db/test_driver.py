"""The driver's own connection to the bot's database: as safe as a session, with less work at each call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final

import pytest
import pytest_asyncio
from sqlalchemy import Integer, bindparam, select
from sqlalchemy.exc import DBAPIError

from mentorium_db import autocommit_session, configure, dispose, driver_connection, get_session
from mentorium_db.driver import DriverStatement
from mentorium_db.models import Parent
from mentorium_db.statements import prepared
from mentorium_domain.enums import ChatState
from mentorium_kit import unit_of_work
from mentorium_kit.errors import OutcomeUnknownError, UnavailableError, UnitOfWorkError
from tests.fixtures.database_proxy import DatabaseProxy, database_proxy
from tests.integration.db.given import DILNOZA, OLGA, add_parent

_OPEN: Final = DriverStatement(
    select(Parent.id).where(Parent.telegram_id == bindparam("telegram_id"), Parent.chat_state == ChatState.OPEN)
)


@pytest_asyncio.fixture
async def proxy(bot_dsn: str) -> AsyncIterator[DatabaseProxy]:
    async with database_proxy(bot_dsn) as opened:
        configure(opened.dsn)
        yield opened
        opened.lose_answer_to = None
        await dispose()


@pytest.mark.usefixtures("session_factory")
async def test_a_statement_is_given_what_it_names_and_keeps_what_it_was_built_with() -> None:
    parent_id = await add_parent()
    async with driver_connection() as driver:
        assert unit_of_work.is_open(), "nobody else's server is asked meanwhile"
        assert [row["id"] for row in await _OPEN.fetch(driver, telegram_id=DILNOZA)] == [parent_id]
        assert await _OPEN.fetch(driver, telegram_id=OLGA) == []
    assert not unit_of_work.is_open()


@pytest.mark.usefixtures("session_factory")
async def test_the_driver_and_units_of_work_do_not_mix() -> None:
    async def within_a_unit() -> None:
        async with get_session(), driver_connection():
            pass

    async def within_the_driver() -> None:
        async with driver_connection(), get_session():
            pass

    async def both_alone() -> None:
        async with driver_connection(), autocommit_session():
            pass

    for mixed in (within_a_unit, within_the_driver, both_alone):
        with pytest.raises(UnitOfWorkError):
            await mixed()
        assert not unit_of_work.is_open()


async def test_a_lost_answer_leaves_the_outcome_of_a_write_unknown(proxy: DatabaseProxy) -> None:
    for writes, error in ((True, OutcomeUnknownError), (False, UnavailableError)):
        proxy.lose_answer_to = b"UPDATE parents"
        with pytest.raises(error):
            async with driver_connection(writes=writes) as driver:
                await driver.fetch("UPDATE parents SET updated_at = now() RETURNING id, 1")
        proxy.lose_answer_to = None
        async with driver_connection() as driver:
            assert await driver.fetchval("SELECT 1") == 1, "the next one has a connection that answers"


@pytest.mark.usefixtures("session_factory")
async def test_who_is_cut_off_leaves_no_connection_that_hangs() -> None:
    async def hang() -> None:
        async with driver_connection() as driver:
            await driver.fetch("SELECT pg_sleep(600)")

    for _ in range(12):  # more than there are connections
        hanging = asyncio.create_task(hang())
        await asyncio.sleep(0.02)
        hanging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hanging
    async with asyncio.timeout(10), driver_connection() as driver:
        assert await driver.fetchval("SELECT 1") == 1


@pytest.mark.usefixtures("session_factory")
async def test_what_a_statement_is_refused_for_is_an_error_of_a_statement_as_by_a_session() -> None:
    refused = DriverStatement(prepared("SELECT 1 / :by", by=Integer()))
    for by in (0, "none"):
        with pytest.raises(DBAPIError):
            async with driver_connection() as driver:
                await refused.fetch(driver, by=by)
