"""SQLSTATE: what a database says when it does not do as it was told, sorted in this one place.

A driver's error becomes one of our own where somebody above can act on it: away, read only, full, refused, of a schema
that this code does not know: try again later (UnavailableError); loser of two at once (ConflictError). What is left,
such as a broken constraint or a mistake in a query, stays the driver's.
"""

from __future__ import annotations

from typing import Final

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from mentorium_kit.errors import ConflictError, SchemaUnknownError, UnavailableError

DRIVER_ERRORS: Final = (
    ConnectionError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # how asyncpg meets a connection that the server has just ended
    DBAPIError,
    PoolTimeoutError,
)
"""All that a statement may raise. At the entrance OSError comes in addition: a name that nobody knows."""
_CONFLICTS: Final = {
    "40001",  # serialization_failure; on a replica, a statement in the way of replay
    "40P01",  # deadlock_detected
}
_READ_ONLY: Final = "25006"  # a standby, or default_transaction_read_only: what a failover shows
_REFUSED: Final = {
    "28000",  # invalid_authorization_specification
    "28P01",  # invalid_password
    "3D000",  # invalid_catalog_name: no such database
    "42501",  # insufficient_privilege; at the entrance: not allowed to connect
}
_FULL: Final = "53"  # insufficient_resources: disk, memory, connections
_AWAY: Final = (
    "08",  # connection_exception
    "57",  # operator_intervention: shutdown, start-up, a statement that ran too long
    "58",  # system_error: the server's own disk
    "25P03",  # idle_in_transaction_session_timeout
    "25P04",  # transaction_timeout
)
_HANGS_UP: Final = ("08", "57P", "25P03", "25P04")
"""After these nobody says any more what became of the transaction."""
_SCHEMA_UNKNOWN: Final = {
    "42P01",  # undefined_table
    "42703",  # undefined_column
    "3F000",  # invalid_schema_name
}
"""Of our own database: a deploy in the wrong order, or one taken back. It passes, and costs nobody a question."""
_SCHEMA_CHANGED: Final = (asyncpg.InvalidCachedStatementError, asyncpg.OutdatedSchemaCacheError)


def driver_error(error: BaseException) -> BaseException:
    """asyncpg's own error behind SQLAlchemy's, which wraps it twice."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        return error.orig.__cause__ or error.orig
    return error


def classified(
    database: str, error: BaseException, *, gone: bool = False, may_write: bool = True
) -> UnavailableError | None:
    """The error of ours for one met within a connection to `database` (`bot_db`, `platform_db`), else None.

    `gone`: the connection is closed. `may_write`: False where the database is to be read-only. Names the kind of
    failure only: the driver's own words may hold host and user.
    """
    driver = driver_error(error)
    reason = type(driver).__name__
    state = getattr(driver, "sqlstate", None) or ""
    if state in _CONFLICTS or isinstance(driver, _SCHEMA_CHANGED):
        return ConflictError(f"{database}_conflict", reason=reason)
    if state == _READ_ONLY:
        return UnavailableError(f"{database}_read_only", reason=reason) if may_write else None
    if state in _SCHEMA_UNKNOWN and may_write:
        return SchemaUnknownError(f"{database}_schema_unknown", reason=reason)
    if state.startswith(_FULL):
        return UnavailableError(f"{database}_full", reason=reason)
    if state.startswith(_AWAY) or is_lost(error, gone=gone):
        return UnavailableError(f"{database}_unavailable", reason=reason)
    return None


def refused_entrance(database: str, error: BaseException) -> UnavailableError:
    """The error of ours for one met on the way to a connection: whatever it is, nothing was done."""
    reason = type(driver_error(error)).__name__
    return classified_from_outside(database, error) or UnavailableError(f"{database}_unavailable", reason=reason)


def classified_from_outside(database: str, error: BaseException) -> UnavailableError | None:
    """As `classified`, for connecting and all that follows in one, as an operator's command does it; else None.

    `<database>_refused`: a wrong password, no such database or role, or one that may not do this.
    """
    driver = driver_error(error)
    if getattr(driver, "sqlstate", None) in _REFUSED:
        return UnavailableError(f"{database}_refused", reason=type(driver).__name__)
    if isinstance(driver, OSError):
        return UnavailableError(f"{database}_unavailable", reason=type(driver).__name__)
    return classified(database, error)


def is_lost(error: BaseException, *, gone: bool = False) -> bool:
    """Whether the server's answer was lost: whether it did what it was told cannot be known. `gone`: as above."""
    driver = driver_error(error)
    state: str | None = getattr(driver, "sqlstate", None)
    if state:
        return state.startswith(_HANGS_UP)
    if isinstance(driver, asyncpg.OutdatedSchemaCacheError):
        return False
    invalidated = isinstance(error, DBAPIError) and error.connection_invalidated
    no_answer = isinstance(driver, (ConnectionError, TimeoutError, PoolTimeoutError, asyncpg.InternalClientError))
    # asyncpg has no class of its own for a connection, or a pool, that the server has closed under it
    closed = isinstance(driver, asyncpg.InterfaceError) and "closed" in str(driver)
    return gone or invalidated or no_answer or closed
