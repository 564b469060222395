"""Moving the clock: from one moment at which a part acts by itself to the next, until the wanted one.

Nothing is called inside the product. Each part tells on its own port what it is busy with and when it acts next.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from string import digits

import aiohttp
from pydantic import TypeAdapter, ValidationError

from mentorium_sandbox.clock import SandboxClock
from mentorium_sandbox.supervised_processes import SupervisedProcess

_LONGEST_WAIT_S = 300.0
_LOOK_AGAIN_S = 0.05
_JUST_BEFORE = timedelta(seconds=5)
"""More than the school lets its own clock be wrong by: it is set right at both stops."""
_FIRST_LOOK = timedelta(minutes=15)
"""A long move stops here first: who looks at the school every now and then would have seen by then what was done just
before the move, and may want to act upon it on the way.
"""
_FARTHEST = timedelta(days=3 * 366)
_UNITS = "PWDTHMS"
_WITHOUT_DIGITS = str.maketrans("", "", digits)
_WANTED = "advance is an ISO 8601 duration of at most some years, such as P1D or PT90M"
_DURATION = TypeAdapter(timedelta)


class NotQuietError(Exception):
    """A part stayed busy, or kept something due in the past, for too long."""


def duration(text: str) -> timedelta:
    """Weeks to seconds of an ISO 8601 duration, such as P3DT1H. Raises ValueError for anything else.

    Pydantic reads more than that: signs, fractions, years, months, and units in any order.
    """
    units, order = text.translate(_WITHOUT_DIGITS), iter(_UNITS)
    in_order = text.startswith("P") and all(unit in order for unit in units)
    if not in_order or ("M" in units and "T" not in units):
        raise ValueError(_WANTED)
    try:
        return _DURATION.validate_python(text)
    except ValidationError as error:
        raise ValueError(_WANTED) from error


@dataclass(slots=True)
class TimeTraveller:
    """Moves `clock` for `parts`; `after_step` brings up to the moment what lives outside the product.

    `outside_due`: when something out there happens by itself, aware; None for nothing.
    """

    clock: SandboxClock
    parts: Mapping[str, SupervisedProcess]
    after_step: Callable[[], Awaitable[None]]
    outside_due: Callable[[], datetime | None] = lambda: None
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    _since: datetime | None = None

    async def advance(self, by: timedelta) -> list[str]:
        """As `to`, from now on."""
        async with self._one_at_a_time:
            return await self._go(self.clock.now() + by)

    async def to(self, moment: datetime) -> list[str]:
        """Move the clock to `moment` (aware); the names of the jobs that ran. ValueError for the past, and for too far.

        NotQuietError if a part does not come to rest; the clock then stands where that happened.
        """
        async with self._one_at_a_time:
            return await self._go(moment)

    async def _go(self, target: datetime) -> list[str]:
        now = self.clock.now()
        if target < now:
            raise ValueError("the clock does not go back")
        if target - now > _FARTHEST:
            raise ValueError("that is more than three years away")
        ran: list[str] = []
        self._since = now
        self.clock.set(now)  # who follows the clock looks at once for what has become due meanwhile
        async with aiohttp.ClientSession() as http:
            due = await self._quiet(http, ran)
            for stop in (now + _FIRST_LOOK, target):
                while due is not None and due < min(stop, target):
                    await self._step(due)
                    due = await self._quiet(http, ran)
                if stop <= target:
                    await self._step(stop)
                    due = await self._quiet(http, ran)
        return ran

    async def _step(self, moment: datetime) -> None:
        """The world is there first: whoever acts at that very moment finds it as fresh as it would be."""
        for stop in (moment - _JUST_BEFORE, moment):
            self.clock.set(max(stop, self.clock.now()))
            await self.after_step()

    async def _quiet(self, http: aiohttp.ClientSession, ran: list[str]) -> datetime | None:
        """Wait until nothing is busy or overdue; the earliest moment at which a part acts by itself."""
        patience = time.monotonic() + _LONGEST_WAIT_S
        restless = ""
        while True:
            told, restless = await self._look(http, first=restless)
            if not restless:
                names = [name for health in told for name in self._ran_since(health.get("ran"))]
                ran += [name for name in dict.fromkeys(names) if name not in ran]
                moments = [*map(_due, told), self.outside_due()]
                return min((due for due in moments if due is not None), default=None)
            if time.monotonic() > patience:
                raise NotQuietError(f"{restless} did not come to rest in {_LONGEST_WAIT_S:.0f} s")
            await asyncio.sleep(_LOOK_AGAIN_S)

    async def _look(self, http: aiohttp.ClientSession, first: str) -> tuple[list[Mapping[str, object]], str]:
        """What the parts tell, and the name of one that is not at rest, if any: then nobody else is asked."""
        told: list[Mapping[str, object]] = []
        for name in sorted(self.parts, key=lambda one: one != first):
            if not self.parts[name].held:
                told.append(await self.parts[name].health(http))
                if not self._at_rest(told[-1]):
                    return told, name
        return told, ""

    def _ran_since(self, told: object) -> list[str]:
        """A part tells of each of its jobs when it ran last."""
        if self._since is None or not isinstance(told, dict):
            return []
        return [name for name, moment in told.items() if datetime.fromisoformat(moment) >= self._since]

    def _at_rest(self, health: Mapping[str, object]) -> bool:
        due = _due(health)
        return health.get("busy") == 0 and (due is None or due > self.clock.now())


def _due(health: Mapping[str, object]) -> datetime | None:
    due = health.get("next_due")
    return datetime.fromisoformat(due) if isinstance(due, str) else None
