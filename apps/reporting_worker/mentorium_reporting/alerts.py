"""The worker's duty of watching the platform between reports: feeds, daily checks, and telling of what they found."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from mentorium_core.alerts.checks import CheckChildren
from mentorium_core.alerts.feeds import ReadFeeds
from mentorium_core.alerts.queries import next_alert_moment
from mentorium_core.alerts.telling import TellAlerts
from mentorium_core.billing.queries import CheckAccess
from mentorium_core.progress.queries import ReadFacts
from mentorium_domain.enums import AlertKind, AlertOutcome
from mentorium_kit import clock
from mentorium_kit.errors import UnavailableError
from mentorium_observability.metrics import alerts, dead_feed_checks, from_the_start, idle_checks_stopped
from mentorium_reporting.config import WorkerSettings
from mentorium_reporting.ticker import Duty

LOOK_S: Final = 1.0
EVERY_S: Final = 15.0
"""Machine time between two looks at the platform."""
READ_S: Final = 25.0
"""Feeds and checks together take no longer at a time, however slow the platform is: half a duty is left for telling."""
LONGEST_GAP: Final = timedelta(minutes=10)
"""Of the product's clock; a clock that is moved on farther is followed at once."""


@dataclass(slots=True, eq=False)
class AlertWatch:
    """Reads the feeds, does the daily checks, tells what is due. It looks four times a minute, when something is due,
    and at once where the product's clock was moved; never twice at once. What is due is told before the platform
    is read, and what that finds behind it.
    """

    read_feeds: ReadFeeds
    check_children: CheckChildren
    tell: TellAlerts
    read_s: float = READ_S
    _seen: datetime | None = field(default=None, init=False)
    _next: datetime | None = field(default=None, init=False)
    _looked_at: float = field(default=0.0, init=False)
    _failed: bool = field(default=False, init=False)
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    def rests(self) -> bool:
        if time.monotonic() - self._looked_at >= EVERY_S:
            return False
        return self._failed or not self.is_behind()

    def is_behind(self) -> bool:
        """Whether the product's clock has reached what is due, or was moved, since the last look."""
        now = clock.now()
        if self._seen is None or abs(now - self._seen) > LONGEST_GAP:
            return True
        return self._next is not None and now >= self._next

    @property
    def has_to_look(self) -> bool:
        """Whether there is work to be done now; where the last look has failed, nothing can be done about it."""
        return self.is_behind() and not self._failed

    async def next_moment(self, now: datetime) -> datetime | None:
        """When there is more to do; None where the last look has failed. Joins an open unit of work."""
        return None if self._failed else await next_alert_moment(now)

    async def __call__(self) -> bool:
        """One look; whether there is more to tell. Joins no unit of work."""
        somebody_looks = self._looking.locked()
        async with self._looking:
            return False if somebody_looks and self.rests() else await self._look()

    async def _look(self) -> bool:
        now, self._looked_at = clock.now(), time.monotonic()
        try:
            end = time.monotonic() + self.read_s
            told = await _tried(self.tell, end)
            read, checked = await _tried(self.read_feeds, end), await _tried(self.check_children, end)
            more = await self.tell() or told is True or read is False or checked is True
            failed = [error for error in (read, checked) if isinstance(error, Exception)]
            # after `now`: a clock that reached the next check while this look went on has not had it
            self._next = now if more else await next_alert_moment(now)
            if failed:
                raise failed[0]
        except BaseException:
            self._failed = True
            raise
        self._seen, self._failed = now, False
        return more


async def _tried(step: Callable[[], Awaitable[bool]], end: float) -> bool | Exception:
    """What a step says by `end` (machine time), or has failed with: those behind it have their turn, and what was found
    before is told. Cut short it has kept whole pages, and goes on behind them the next time.
    """
    try:
        async with asyncio.timeout(end - time.monotonic()):
            return await step()
    except TimeoutError:
        return UnavailableError("platform_unavailable", reason="no answer in time")
    except Exception as error:  # noqa: BLE001 - the duty fails with it in the end
        return error


def alert_watch(settings: WorkerSettings) -> AlertWatch:
    idle_checks_stopped.begin()
    dead_feed_checks.begin()
    from_the_start(alerts, kind=tuple(AlertKind), outcome=tuple(AlertOutcome))
    return AlertWatch(ReadFeeds(), CheckChildren(), TellAlerts(ReadFacts(), CheckAccess(settings.grace)))


def alert_duty(watch: AlertWatch) -> Duty:
    return Duty("watch-platform", watch, LOOK_S, in_batches=True, rests=watch.rests, in_own_units=True, follows=True)
