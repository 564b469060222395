"""Rows that are swept one by one: each in a unit of work of its own, so that one that fails costs only itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from typing import Final, TypeVar

from mentorium_db import autocommit_session
from mentorium_db.repositories import EventLogRepository
from mentorium_domain.enums import Severity
from mentorium_kit import clock
from mentorium_kit.errors import ConflictError, UnavailableError
from mentorium_observability import EventLogService, get_logger

Key = TypeVar("Key")
SAID_EVERY: Final = timedelta(hours=1)
"""A row that fails fails again a minute later: the team is told once an hour."""
_SHOWN: Final = 10

logger = get_logger(__name__)


async def one_by_one(keys: Iterable[Key], do: Callable[[Key], Awaitable[bool]], event: str) -> int:
    """For how many of them `do` said yes. Not inside a unit of work, where one failure would be everybody's.

    What failed is tried again by the next sweep; `event` tells the team. UnavailableError ends the sweep.
    """
    done, failed = 0, []
    for key in keys:
        try:
            done += await do(key)
        except UnavailableError as error:
            if not isinstance(error, ConflictError):
                raise
            logger.info("sweep_conflict", duty=event, row=str(key))
        except Exception as error:  # noqa: BLE001 - an edge: whatever is wrong with one row is not the others'
            logger.warning(event, row=str(key), reason=type(error).__name__)
            failed.append(str(key))
    if failed:
        await _say(event, failed)
    return done


async def _say(event: str, failed: list[str]) -> None:
    async with autocommit_session() as session:
        if await EventLogRepository(session).happened_since(event, clock.now() - SAID_EVERY):
            return
    await EventLogService.log_system(event, severity=Severity.ERROR, rows=failed[:_SHOWN], count=len(failed))
