"""The short way to the bot's own database, for the hot path: asyncpg itself, without SQLAlchemy's work at each call.

A statement is still built by SQLAlchemy, where tables and their rules stand, but once; to build it anew, to look its
plan up and to map its rows costs several times what the question costs the database.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

import asyncpg
from asyncpg.transaction import Transaction
from sqlalchemy import Connection, PoolProxiedConnection, text
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession
from sqlalchemy.sql import ClauseElement
from sqlalchemy.util import greenlet_spawn

from mentorium_db.session import (
    BOT,
    NO_ENTRANCE,
    UNDO_TIMEOUT_S,
    bot_database,
    classifying,
    is_hopeless,
    outcome_unknown,
)
from mentorium_db.sqlstates import DRIVER_ERRORS, is_lost, refused_entrance
from mentorium_db.units import Driver, Unit, as_unit, current_unit
from mentorium_kit import unit_of_work
from mentorium_kit.errors import UnavailableError, UnitOfWorkError

Row = asyncpg.Record
_DIALECT: Final = PGDialect_asyncpg()  # type: ignore[no-untyped-call]


class DriverStatement:
    """A statement written out once for the driver. What it names by `bindparam` is given to `fetch` by that name."""

    def __init__(self, statement: ClauseElement) -> None:
        compiled = statement.compile(dialect=_DIALECT)
        self._sql = str(compiled)
        self._names: tuple[str, ...] = tuple(compiled.positiontup or ())  # type: ignore[attr-defined]
        self._constants = {name: value for name, value in compiled.params.items() if value is not None}

    async def fetch(self, driver: Driver, **values: object) -> list[Row]:
        """The rows, their values as the driver gives them: what is an enum to SQLAlchemy is text here.

        IntegrityError, as a session's, where a constraint says no, and DBAPIError for whatever else a statement is
        refused for. The server commits nothing after either, and does not say so: nor does the unit that is open.
        """
        try:
            return await driver.fetch(self._sql, *self._in_order(values))
        except asyncpg.PostgresError as error:
            raise self._refused(error) from error

    async def fetch_planned_anew(self, driver: Driver, **values: object) -> list[Row]:
        """As `fetch`, by a plan for the table as it is now, which costs a round trip.

        A plan that PostgreSQL keeps is for the table as it was then, until it is analysed again.
        """
        try:
            statement = await driver.prepare(self._sql, name="")
            return await statement.fetch(*self._in_order(values))
        except asyncpg.PostgresError as error:
            raise self._refused(error) from error

    def _in_order(self, values: Mapping[str, object]) -> list[object]:
        given = {**self._constants, **values}
        return [given[name] for name in self._names]

    def _refused(self, error: asyncpg.PostgresError) -> DBAPIError:
        if unit_of_work.is_open():
            current_unit().broken = True
        refused = isinstance(error, asyncpg.IntegrityConstraintViolationError)
        return (IntegrityError if refused else DBAPIError)(self._sql, None, error)

    async def first(self, driver: Driver, **values: object) -> Row | None:
        """The first row, if there is one. IntegrityError as of `fetch`."""
        rows = await self.fetch(driver, **values)
        return rows[0] if rows else None


@asynccontextmanager
async def driver_connection(*, writes: bool = False) -> AsyncIterator[Driver]:
    """For single statements on the hot path, each of which commits by itself. Errors as of `autocommit_session`.

    Several may be asked in it, where all but read; each sees what is committed by then.
    """
    if unit_of_work.is_open():
        raise UnitOfWorkError("autocommit_in_unit_of_work")
    pooled = await _checked_out()
    driver: Driver | None = pooled.driver_connection
    assert driver is not None
    try:
        with classifying(BOT, driver.is_closed), as_unit(Unit(None, standalone=True, driver=driver)):
            try:
                yield driver
            except DRIVER_ERRORS as error:
                if writes and is_lost(error, gone=driver.is_closed()):
                    raise outcome_unknown(error) from error
                raise
    except BaseException as error:
        if isinstance(error, asyncio.CancelledError) or driver.is_closed() or is_hopeless(error):
            _drop(pooled)  # whoever was cut off may have been waiting for a server that hangs
        raise
    finally:
        await greenlet_spawn(pooled.close)


@asynccontextmanager
async def get_driver(*, alone: bool = False) -> AsyncIterator[Driver]:
    """A unit of work as of `get_session`, by the driver: it joins an open unit of either kind, or is one itself.

    Within it `get_session` gives a session on the same connection, for what is not on the hot path. `alone`: each
    statement may as well stand alone, so it joins `driver_connection` too. Errors as of `get_session`.
    """
    if not unit_of_work.is_open():
        async with _outermost() as driver:
            yield driver
        return
    unit = current_unit()
    if unit.standalone and (unit.driver is None or not alone):
        raise UnitOfWorkError("unit_of_work_in_autocommit")
    try:
        if unit.driver is None:
            assert unit.session is not None
            yield await driver_of(unit.session)
        else:
            if unit.session is not None:
                await unit.session.flush()
            yield unit.driver
    except BaseException:
        unit.broken = True
        raise


async def driver_of(session: AsyncSession | Driver) -> Driver:
    """The driver within the session's own transaction: whatever the session had to write is written before.

    What the session has read before is not told of what the driver changes. A driver is itself.
    """
    if not isinstance(session, AsyncSession):
        return session
    await session.flush()
    pooled = await (await session.connection()).get_raw_connection()
    driver: Driver | None = pooled.driver_connection
    assert driver is not None
    if not driver.is_in_transaction():
        # SQLAlchemy begins the transaction with its first statement: what goes around it must not come before.
        await session.execute(text("SELECT 1"))
    return driver


@asynccontextmanager
async def _outermost() -> AsyncIterator[Driver]:
    engine = bot_database().engine
    pooled = await _checked_out()
    driver: Driver | None = pooled.driver_connection
    assert driver is not None
    unit = Unit(None, driver=driver, open_session=partial(_session_over, engine, pooled))
    transaction = driver.transaction()
    try:
        with classifying(BOT, driver.is_closed), as_unit(unit):
            await transaction.start()
            yield driver
            await _commit(unit, driver, transaction)
    except BaseException as error:
        hopeless = isinstance(error, asyncio.CancelledError) or driver.is_closed() or is_hopeless(error)
        await _undo(pooled, transaction, hopeless=hopeless)
        raise
    finally:
        if unit.session is not None:
            await unit.session.close()
        await greenlet_spawn(pooled.close)


def _session_over(engine: AsyncEngine, pooled: PoolProxiedConnection) -> AsyncSession:
    """It neither begins nor commits: its statements are part of the transaction that the driver has open."""
    connection = Connection(engine.sync_engine, connection=pooled).execution_options(isolation_level="AUTOCOMMIT")
    return AsyncSession(AsyncConnection(engine, connection), expire_on_commit=False)


async def _commit(unit: Unit, driver: Driver, transaction: Transaction) -> None:
    """As a session's: what fails before COMMIT is sent was not done; nor was what the server refused."""
    if unit.session is not None:
        await unit.session.flush()
    if unit.broken:
        raise UnitOfWorkError("commit_after_failure")
    if driver.is_closed():
        raise UnavailableError("bot_db_unavailable", reason="ConnectionClosed")
    try:
        await transaction.commit()
    except DRIVER_ERRORS as error:
        if is_lost(error, gone=driver.is_closed()):
            raise outcome_unknown(error) from error
        raise


async def _undo(pooled: PoolProxiedConnection, transaction: Transaction, *, hopeless: bool) -> None:
    """Roll back, or drop the connection: a server that does not answer shall not keep its callers a second time."""
    if not hopeless:
        try:
            async with asyncio.timeout(UNDO_TIMEOUT_S):
                await transaction.rollback()
        except DRIVER_ERRORS:
            hopeless = True
        except asyncio.CancelledError:  # nobody knows how far it has come
            _drop(pooled)
            raise
    if hopeless:
        _drop(pooled)


def _drop(pooled: PoolProxiedConnection) -> None:
    """Out of the pool; a session on the same connection that was cut off has dropped it already."""
    if pooled.is_valid:
        pooled.invalidate()


async def _checked_out() -> PoolProxiedConnection:
    try:
        return await bot_database().engine.raw_connection()
    except NO_ENTRANCE as error:
        raise refused_entrance(BOT, error) from error
