"""The short way to the bot's own database, for the hot path: asyncpg itself, without SQLAlchemy's work at each call.

A statement is still built by SQLAlchemy, where tables and their rules stand, but once; to build it anew, to look its
plan up and to map its rows costs several times what the question costs the database.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import asyncpg
from sqlalchemy import PoolProxiedConnection
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.sql import ClauseElement
from sqlalchemy.util import greenlet_spawn

from mentorium_db.session import (
    BOT,
    NO_ENTRANCE,
    Driver,
    Unit,
    as_unit,
    bot_database,
    classifying,
    is_hopeless,
    outcome_unknown,
)
from mentorium_db.sqlstates import DRIVER_ERRORS, is_lost, refused_entrance
from mentorium_kit import unit_of_work
from mentorium_kit.errors import UnitOfWorkError

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
        """The rows, their values as the driver gives them: what is an enum to SQLAlchemy is text here."""
        given = {**self._constants, **values}
        return await driver.fetch(self._sql, *(given[name] for name in self._names))


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
        with classifying(BOT, driver.is_closed), as_unit(Unit(None, standalone=True)):
            try:
                yield driver
            except DRIVER_ERRORS as error:
                if writes and is_lost(error, gone=driver.is_closed()):
                    raise outcome_unknown(error) from error
                raise
    except BaseException as error:
        if isinstance(error, asyncio.CancelledError) or driver.is_closed() or is_hopeless(error):
            pooled.invalidate()  # whoever was cut off may have been waiting for a server that hangs
        raise
    finally:
        await greenlet_spawn(pooled.close)


async def _checked_out() -> PoolProxiedConnection:
    try:
        return await bot_database().engine.raw_connection()
    except NO_ENTRANCE as error:
        raise refused_entrance(BOT, error) from error
