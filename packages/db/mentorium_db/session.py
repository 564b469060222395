"""The ways to the two databases: a unit of work on the bot's own, a reading connection to the platform's."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias

import asyncpg
from sqlalchemy import event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from mentorium_db import dsn as dsns
from mentorium_db.sqlstates import DRIVER_ERRORS, classified, driver_error, is_lost, refused_entrance
from mentorium_db.units import Driver, Unit, as_unit, current_unit
from mentorium_kit import unit_of_work
from mentorium_kit.errors import (
    ConfigurationError,
    OutcomeUnknownError,
    UnavailableError,
    UnitOfWorkError,
)

PlatformConnection: TypeAlias = "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"

POOL_SIZE = 10
MOST_PLATFORM_USERS: Final = 128
"""The bulkhead before the platform: so much work of a process may use it or wait for it. Where it hangs, whoever comes
then hears so at once, and half of the places for updates stay free for those who do not need it."""
_RETURNED_AT: Final = "mentorium_returned_at"
_TRUSTED_FOR_S: Final = 1.0
_CONNECT_TIMEOUT_S = 5
_POOL_TIMEOUT_S = 5
_PING_TIMEOUT_S = 3.0
UNDO_TIMEOUT_S: Final = 3.0
_COMMAND_TIMEOUT_S = 35  # for a server that vanished; one that is alive stops a statement by itself before
APPLICATION: Final = "mentorium"
"""What a connection calls itself in `pg_stat_activity` where its process has not said a name."""
_BOT_SETTINGS = {
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
    "jit": "off",
}
_PLATFORM_SETTINGS = {
    "default_transaction_read_only": "on",
    "statement_timeout": "30s",
    "jit": "off",
    # The facts of five thousand learners are sorted and hashed in memory: a sixth less time.
    "work_mem": "64MB",
}
BOT: Final = "bot_db"
_PLATFORM: Final = "platform_db"
NO_ENTRANCE: Final = (OSError, *DRIVER_ERRORS)


class _BotDatabase:
    def __init__(self, dsn: str, pool_size: int, application: str) -> None:
        self.dsn = dsn
        self.engine: AsyncEngine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=partial(
                asyncpg.connect,
                dsn,
                timeout=_CONNECT_TIMEOUT_S,
                command_timeout=_COMMAND_TIMEOUT_S,
                server_settings={"application_name": application, **_BOT_SETTINGS},
            ),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=_POOL_TIMEOUT_S,
            pool_use_lifo=True,  # whoever comes next has the one that was in use a moment ago, and need not ping it
        )
        self.closed = False
        self._watch_pool()
        self.sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        standalone = self.engine.execution_options(isolation_level="AUTOCOMMIT")  # the same pool of connections
        self.standalone_sessions = async_sessionmaker(standalone, expire_on_commit=False)

    async def close(self) -> None:
        """Close its connections: those that rest now, those in use as soon as they come back."""
        self.closed = True
        await self.engine.dispose()

    def _watch_pool(self) -> None:
        """As `pool_pre_ping`, but a connection in use a moment ago is spared the question: it costs a round trip.

        One that the server has closed is known without asking, as soon as the loop has seen it.
        """

        @event.listens_for(self.engine.sync_engine, "checkin")
        def note(_: object, record: ConnectionPoolEntry) -> None:
            record.info[_RETURNED_AT] = time.monotonic()
            if self.closed:
                record.invalidate()

        @event.listens_for(self.engine.sync_engine, "checkout")
        def ping(connection: Any, record: ConnectionPoolEntry, _: object) -> None:
            returned_at = record.info.get(_RETURNED_AT)
            if returned_at is None:  # it has just been opened
                return
            rested = time.monotonic() - returned_at > _TRUSTED_FOR_S
            if connection.driver_connection.is_closed() or (rested and not _answers(connection)):
                raise InvalidatePoolError


def _answers(connection: Any) -> bool:
    """Asked without SQLAlchemy's BEGIN and ROLLBACK around it: a rollback is to be the sign that something failed."""
    try:
        connection.run_async(lambda driver: driver.fetchrow(";", timeout=_PING_TIMEOUT_S))
    except DRIVER_ERRORS:
        return False
    return True


_in_doubt: ContextVar[bool] = ContextVar("mentorium_db_in_doubt", default=False)


async def _reset_what_is_in_doubt(connection: asyncpg.Connection[asyncpg.Record]) -> None:
    """Who has read to the end leaves nothing behind in the session; asyncpg's own reset costs a round trip."""
    if _in_doubt.get():
        await connection.reset()


class _PlatformDatabase:
    def __init__(self, dsn: str, pool_size: int, application: str) -> None:
        self.dsn = dsn
        self._pool_size = pool_size
        self._application = application
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._opening = asyncio.Lock()
        self.users = 0

    async def pool(self) -> asyncpg.Pool[asyncpg.Record]:
        async with self._opening:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    self.dsn,
                    min_size=0,
                    max_size=self._pool_size,
                    timeout=_CONNECT_TIMEOUT_S,
                    command_timeout=_COMMAND_TIMEOUT_S,
                    server_settings={"application_name": self._application, **_PLATFORM_SETTINGS},
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


def configure(dsn: str, *, pool_size: int = POOL_SIZE, application: str = APPLICATION) -> None:
    """Use this bot database, `postgresql://` or `postgresql+asyncpg://`; no connection is made yet.

    `application`: what its connections call themselves there.

    ConfigurationError if the DSN is malformed or another database is already in use (`dispose` first).
    """
    plain_dsn = dsns.asyncpg_dsn(dsn)
    if _in_use.bot is None:
        _in_use.bot = _BotDatabase(plain_dsn, pool_size, application)
    elif _in_use.bot.dsn != plain_dsn:
        raise ConfigurationError("bot_database_already_configured")


@asynccontextmanager
async def get_session() -> AsyncIterator[AsyncSession]:
    """A unit of work: the outermost block commits at its end or rolls back; an inner one of the same task joins it.

    Unconfigured, it reads `BOT_DB_URL` or `DB_HOST` and so on. Errors, which `sqlstates` sorts:

    UnavailableError `bot_db_unavailable`, `bot_db_read_only`, `bot_db_full`, `bot_db_refused`: nothing was done.
    ConflictError `bot_db_conflict`: nothing was done; the whole use case may be repeated.
    OutcomeUnknownError `bot_db_outcome_unknown`: the answer to COMMIT was lost.
    UnitOfWorkError if an inner block failed and the outer one goes on to commit all the same.
    """
    if unit_of_work.is_open():
        async with _joined(current_unit()) as session:
            yield session
        return
    async with _outermost(bot_database()) as session:
        yield session


@asynccontextmanager
async def autocommit_session(*, writes: bool = False) -> AsyncIterator[AsyncSession]:
    """For one statement that stands alone: it commits by itself, which spares the round trips of BEGIN and COMMIT.

    Errors as of `get_session`. OutcomeUnknownError only where `writes` was said: who only reads just asks again.
    UnitOfWorkError inside a unit of work, and for a unit of work inside this.
    """
    if unit_of_work.is_open():
        raise UnitOfWorkError("autocommit_in_unit_of_work")
    async with _connected(bot_database().standalone_sessions) as (session, driver):
        with as_unit(Unit(session, standalone=True)):
            try:
                yield session
                await session.commit()  # tells the server nothing
            except DRIVER_ERRORS as error:
                if writes and is_lost(error, gone=driver.is_closed()):
                    raise outcome_unknown(error) from error
                raise


def bot_database() -> _BotDatabase:
    if _in_use.bot is None:
        configure(dsns.bot_from_environment())
    assert _in_use.bot is not None
    return _in_use.bot


@asynccontextmanager
async def _joined(unit: Unit) -> AsyncIterator[AsyncSession]:
    if unit.standalone:
        raise UnitOfWorkError("unit_of_work_in_autocommit")
    if unit.session is None:
        assert unit.open_session is not None
        unit.session = unit.open_session()
    try:
        yield unit.session
        if unit.driver is not None:  # it may be asked next, and knows nothing of what the session has still to write
            await unit.session.flush()
    except BaseException:
        unit.broken = True
        raise


@asynccontextmanager
async def _outermost(database: _BotDatabase) -> AsyncIterator[AsyncSession]:
    async with _connected(database.sessions) as (session, driver):
        unit = Unit(session)
        with as_unit(unit):
            yield session
            if unit.broken:
                raise UnitOfWorkError("commit_after_failure")
            await _commit(session, driver)


@asynccontextmanager
async def _connected(sessions: async_sessionmaker[AsyncSession]) -> AsyncIterator[tuple[AsyncSession, Driver]]:
    """A session that has its connection, but has told the server nothing yet. The block's errors are classified."""
    async with sessions() as session:
        try:
            connection = await session.connection()
        except NO_ENTRANCE as error:
            raise refused_entrance(BOT, error) from error
        assert connection.sync_connection is not None
        driver: Driver | None = connection.sync_connection.connection.driver_connection
        assert driver is not None
        try:
            with classifying(BOT, driver.is_closed):
                yield session, driver
        except BaseException as error:
            await _undo(session, hopeless=driver.is_closed() or is_hopeless(error))
            raise


def is_hopeless(error: BaseException) -> bool:
    return isinstance(error, OutcomeUnknownError) or getattr(error, "code", None) == "bot_db_unavailable"


async def _undo(session: AsyncSession, *, hopeless: bool) -> None:
    """Roll back, or drop the connection: a server that does not answer shall not keep its callers a second time."""
    try:
        if hopeless:
            await session.invalidate()
            return
        async with asyncio.timeout(UNDO_TIMEOUT_S):
            await session.rollback()
    except DRIVER_ERRORS:
        await session.invalidate()


async def _commit(session: AsyncSession, driver: Driver) -> None:
    """What fails before COMMIT is sent was not done; nor was what the server refused. All else is not known."""
    await session.flush()
    if driver.is_closed():
        raise UnavailableError("bot_db_unavailable", reason="ConnectionClosed")
    try:
        await session.commit()
    except DRIVER_ERRORS as error:
        if is_lost(error, gone=driver.is_closed()):
            raise outcome_unknown(error) from error
        raise


def outcome_unknown(error: BaseException) -> OutcomeUnknownError:
    return OutcomeUnknownError("bot_db_outcome_unknown", reason=type(driver_error(error)).__name__)


@contextmanager
def classifying(database: str, is_gone: Callable[[], bool], *, may_write: bool = True) -> Iterator[None]:
    try:
        yield
    except DRIVER_ERRORS as error:
        known = classified(database, error, gone=is_gone(), may_write=may_write)
        if known is None:
            raise
        raise known from error


def configure_platform(dsn: str, *, pool_size: int = POOL_SIZE, application: str = APPLICATION) -> None:
    """Use this platform database; no connection is made yet. Errors and `application` as of `configure`."""
    plain_dsn = dsns.asyncpg_dsn(dsn)
    if _in_use.platform is None:
        _in_use.platform = _PlatformDatabase(plain_dsn, pool_size, application)
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
    platform = _in_use.platform
    if platform.users >= MOST_PLATFORM_USERS:
        raise UnavailableError("platform_db_busy")
    platform.users += 1
    try:
        async with _platform_connection(platform) as connection:
            yield connection
    finally:
        platform.users -= 1


@asynccontextmanager
async def _platform_connection(platform: _PlatformDatabase) -> AsyncIterator[PlatformConnection]:
    pool = await platform.pool()
    try:
        connection = await pool.acquire(timeout=_CONNECT_TIMEOUT_S)
    except NO_ENTRANCE as error:
        raise refused_entrance(_PLATFORM, error) from error
    token = _in_doubt.set(True)  # the pool's release runs in a copy of this context
    try:
        with classifying(_PLATFORM, partial(_is_gone, connection), may_write=False):
            yield connection
        _in_doubt.set(False)
    except asyncio.CancelledError:
        # Whoever was cut off may have been waiting for a server that hangs: it would hang over a reset, too.
        connection.terminate()
        raise
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


async def dispose() -> None:
    """Close every connection to both databases, one in use as soon as it is given back, and forget where they are."""
    bot, platform = _in_use.bot, _in_use.platform
    _in_use.bot = _in_use.platform = None
    if bot is not None:
        await bot.close()
    if platform is not None:
        await platform.close()
