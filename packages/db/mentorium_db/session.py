"""The ways to the two databases: a unit of work on the bot's own, a reading connection to the platform's."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias

import asyncpg
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from mentorium_db import dsn as dsns
from mentorium_kit import unit_of_work
from mentorium_kit.errors import ConfigurationError, UnavailableError, UnitOfWorkError

PlatformConnection: TypeAlias = "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"

POOL_SIZE = 10
_RETURNED_AT: Final = "mentorium_returned_at"
_TRUSTED_FOR_S: Final = 1.0
_CONNECT_TIMEOUT_S = 5
_POOL_TIMEOUT_S = 5
_COMMAND_TIMEOUT_S = 35  # for a server that vanished; one that is alive stops a statement by itself before
_BOT_SETTINGS = {
    "application_name": "mentorium-bot",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
    "jit": "off",
}
_PLATFORM_SETTINGS = {
    "application_name": "mentorium-bot",
    "default_transaction_read_only": "on",
    "statement_timeout": "30s",
    # A batch of five learners and one of five thousand deserve different plans.
    "plan_cache_mode": "force_custom_plan",
    "jit": "off",
    # The facts of five thousand learners are sorted and hashed in memory: a sixth less time.
    "work_mem": "64MB",
}
_NO_ANSWER = (
    OSError,  # TimeoutError too
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # the server shuts down or starts up, a statement ran too long
    asyncpg.InsufficientResourcesError,
    asyncpg.InternalClientError,  # how asyncpg meets a connection that the server has just ended
)
_NO_ENTRANCE = (*_NO_ANSWER, asyncpg.PostgresError, asyncpg.InterfaceError, DBAPIError, PoolTimeoutError)


class _BotDatabase:
    def __init__(self, dsn: str, pool_size: int) -> None:
        self.dsn = dsn
        self.engine: AsyncEngine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=partial(
                asyncpg.connect,
                dsn,
                timeout=_CONNECT_TIMEOUT_S,
                command_timeout=_COMMAND_TIMEOUT_S,
                server_settings=dict(_BOT_SETTINGS),
            ),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=_POOL_TIMEOUT_S,
        )
        _ping_what_rested(self.engine)
        self.sessions = async_sessionmaker(self.engine, expire_on_commit=False)


def _ping_what_rested(engine: AsyncEngine) -> None:
    """As `pool_pre_ping`, but a connection that was in use a moment ago is spared the question: it costs a round trip.

    One that the server has closed is known without asking, as soon as the loop has seen it.
    """

    @event.listens_for(engine.sync_engine, "checkin")
    def note(_: object, record: ConnectionPoolEntry) -> None:
        record.info[_RETURNED_AT] = time.monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def ping(connection: Any, record: ConnectionPoolEntry, _: object) -> None:
        returned_at = record.info.get(_RETURNED_AT)
        if returned_at is None:  # it has just been opened
            return
        rested = time.monotonic() - returned_at > _TRUSTED_FOR_S
        if connection.driver_connection.is_closed() or (rested and not _answers(engine, connection)):
            raise InvalidatePoolError


def _answers(engine: AsyncEngine, connection: Any) -> bool:
    try:
        return engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error:
        return False


_in_doubt: ContextVar[bool] = ContextVar("mentorium_db_in_doubt", default=False)


async def _reset_what_is_in_doubt(connection: asyncpg.Connection[asyncpg.Record]) -> None:
    """Who has read to the end leaves nothing behind in the session; asyncpg's own reset costs a round trip."""
    if _in_doubt.get():
        await connection.reset()


class _PlatformDatabase:
    def __init__(self, dsn: str, pool_size: int) -> None:
        self.dsn = dsn
        self._pool_size = pool_size
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._opening = asyncio.Lock()

    async def pool(self) -> asyncpg.Pool[asyncpg.Record]:
        async with self._opening:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    self.dsn,
                    min_size=0,
                    max_size=self._pool_size,
                    timeout=_CONNECT_TIMEOUT_S,
                    command_timeout=_COMMAND_TIMEOUT_S,
                    server_settings=dict(_PLATFORM_SETTINGS),
                    reset=_reset_what_is_in_doubt,
                )
            return self._pool

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.close()


@dataclass(slots=True)
class _InUse:
    bot: _BotDatabase | None = None
    platform: _PlatformDatabase | None = None


_in_use = _InUse()


@dataclass(slots=True)
class _Unit:
    session: AsyncSession
    broken: bool = False


_unit: ContextVar[_Unit] = ContextVar("mentorium_db_unit")


def configure(dsn: str, *, pool_size: int = POOL_SIZE) -> None:
    """Use this bot database, `postgresql://` or `postgresql+asyncpg://`; no connection is made yet.

    ConfigurationError if the DSN is malformed or another database is already in use (`dispose` first).
    """
    plain_dsn = dsns.asyncpg_dsn(dsn)
    if _in_use.bot is None:
        _in_use.bot = _BotDatabase(plain_dsn, pool_size)
    elif _in_use.bot.dsn != plain_dsn:
        raise ConfigurationError("bot_database_already_configured")


@asynccontextmanager
async def get_session() -> AsyncIterator[AsyncSession]:
    """A unit of work: the outermost block commits at its end or rolls back; an inner one of the same task joins it.

    Unconfigured, it reads `BOT_DB_URL` or `DB_HOST` and so on. UnavailableError if the database does not answer;
    UnitOfWorkError if an inner block failed and the outer one goes on to commit all the same.
    """
    if unit_of_work.is_open():
        async with _joined(_unit.get()) as session:
            yield session
        return
    if _in_use.bot is None:
        configure(dsns.bot_from_environment())
    assert _in_use.bot is not None
    async with _outermost(_in_use.bot) as session:
        yield session


@asynccontextmanager
async def _joined(unit: _Unit) -> AsyncIterator[AsyncSession]:
    try:
        yield unit.session
    except BaseException:
        unit.broken = True
        raise


@asynccontextmanager
async def _outermost(database: _BotDatabase) -> AsyncIterator[AsyncSession]:
    async with database.sessions() as session:
        try:
            await session.connection()
        except _NO_ENTRANCE as error:
            raise _unavailable("bot_db_unavailable", error) from error
        unit = _Unit(session)
        token = _unit.set(unit)
        try:
            with unit_of_work.mark_open():
                yield session
                if unit.broken:
                    raise UnitOfWorkError("commit_after_failure")
                await session.commit()
        except (DBAPIError, TimeoutError, asyncpg.InternalClientError) as error:
            if _lost(error):
                raise _unavailable("bot_db_unavailable", error) from error
            raise
        finally:
            _unit.reset(token)


def _lost(error: Exception) -> bool:
    if not isinstance(error, DBAPIError):
        return True
    driver_error = error.orig.__cause__ if error.orig is not None else None
    return error.connection_invalidated or isinstance(driver_error, _NO_ANSWER)


def configure_platform(dsn: str, *, pool_size: int = POOL_SIZE) -> None:
    """Use this platform database; no connection is made yet. Errors as of `configure`."""
    plain_dsn = dsns.asyncpg_dsn(dsn)
    if _in_use.platform is None:
        _in_use.platform = _PlatformDatabase(plain_dsn, pool_size)
    elif _in_use.platform.dsn != plain_dsn:
        raise ConfigurationError("platform_database_already_configured")


@asynccontextmanager
async def platform_connection() -> AsyncIterator[PlatformConnection]:
    """A connection that can only read. Unconfigured, it reads `PLATFORM_DB_URL`.

    UnitOfWorkError inside a unit of work; UnavailableError if the platform does not answer, or not within 30 s.
    """
    unit_of_work.refuse_inside("platform_db")
    if _in_use.platform is None:
        configure_platform(dsns.platform_from_environment())
    assert _in_use.platform is not None
    pool = await _in_use.platform.pool()
    try:
        connection = await pool.acquire(timeout=_CONNECT_TIMEOUT_S)
    except _NO_ENTRANCE as error:
        raise _unavailable("platform_db_unavailable", error) from error
    token = _in_doubt.set(True)  # the pool's release runs in a copy of this context
    try:
        yield connection
        _in_doubt.set(False)
    except (*_NO_ANSWER, asyncpg.InterfaceError) as error:
        if isinstance(error, asyncpg.InterfaceError) and not _is_gone(connection):
            raise
        raise _unavailable("platform_db_unavailable", error) from error
    finally:
        try:
            await pool.release(connection)
        finally:
            _in_doubt.reset(token)


def _is_gone(connection: PlatformConnection) -> bool:
    try:
        return connection.is_closed()
    except asyncpg.InterfaceError:  # the pool has taken back what the server closed
        return True


def _unavailable(code: str, error: BaseException) -> UnavailableError:
    """Names the kind of failure only: the driver's own words may hold host and user."""
    return UnavailableError(code, reason=type(error).__name__)


async def dispose() -> None:
    """Close every connection to both databases and forget where they are."""
    bot, platform = _in_use.bot, _in_use.platform
    _in_use.bot = _in_use.platform = None
    if bot is not None:
        await bot.engine.dispose()
    if platform is not None:
        await platform.close()
