"""A clock that is wrong starts nothing: the product's is compared with the database's before anything is begun by it.

With a clock file the difference is meant.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from mentorium_db.server import MOST_APART, database_now
from mentorium_domain.enums import Severity
from mentorium_kit import clock
from mentorium_kit.errors import MentoriumError, UnavailableError
from mentorium_observability import EventLogService, get_logger
from mentorium_observability.health import HealthPart
from mentorium_observability.metrics import count_error

logger = get_logger(__name__)


class ClockGuard:
    """`ask`: the clock that is taken for right; None: the database's, unless a clock file is in use."""

    def __init__(self, ask: Callable[[], Awaitable[datetime]] | None = None) -> None:
        self._ask = ask
        self._wrong = False

    def part(self) -> HealthPart:
        """What health shows of it."""

        async def probe() -> None:
            if self._wrong:
                raise UnavailableError("clock_wrong")

        return HealthPart("clock", probe)

    async def is_right(self) -> bool:
        """Whether what is due by the product's clock may be begun. Once an outage an event tells that it may not."""
        if self._ask is None and clock.is_moved_by_file():
            return True
        before = clock.now()
        return await self.agrees(before, await database_now())

    async def agrees(self, before: datetime, theirs: datetime) -> bool:
        """The same of who has asked the database already: what it has said since `before`, by the product's clock."""
        if self._ask is not None:
            before, theirs = clock.now(), await self._ask()
        elif clock.is_moved_by_file():
            return True
        apart = max(before - theirs, theirs - clock.now())  # the question itself may have taken long
        if apart <= MOST_APART:
            if self._wrong:
                logger.info("clock_right_again")
            self._wrong = False
            return True
        if not self._wrong:
            self._wrong = True
            logger.error("clock_wrong", apart_s=round(apart.total_seconds()))
            await self._remember(apart)
        return False

    async def _remember(self, apart: timedelta) -> None:
        try:
            await EventLogService.log_system(
                "clock_wrong", severity=Severity.ERROR, apart_s=round(apart.total_seconds())
            )
        except MentoriumError as error:
            count_error(error)
