"""The school of a running sandbox: one door to its database, and a clock that its children live by."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import asyncpg
from aiohttp import web

from mentorium_sandbox.school.copy_format import Connection
from mentorium_sandbox.school.simulation_advance import SimulationAdvancer, lock_school, lock_school_shared

_TOLERANCE = timedelta(seconds=1)


@dataclass(slots=True)
class School:
    """The school as the control calls see it. `now` is aware. Without a `dsn` it is not open yet, or, where `foreign`,
    the platform is somebody else's.
    """

    link_key: str
    now: Callable[[], datetime]
    dsn: str | None = None
    foreign: bool = False
    _advancer: SimulationAdvancer = field(default_factory=SimulationAdvancer)

    @asynccontextmanager
    async def open(self, *, exclusively: bool = False) -> AsyncIterator[Connection]:
        """A connection in one transaction, on a school whose clock shows the sandbox's time.

        HTTPConflict where the platform is foreign, HTTPServiceUnavailable while ours is not open yet.
        """
        if self.foreign:
            raise web.HTTPConflict(text="the platform is a foreign one: the sandbox changes nothing there")
        if self.dsn is None:
            raise web.HTTPServiceUnavailable(text="the school is not open yet: the sandbox is still starting")
        connection = await asyncpg.connect(self.dsn)
        try:
            async with connection.transaction():
                await (lock_school if exclusively else lock_school_shared)(connection)
                await _tell_time(connection, self.now())
                yield connection
        finally:
            await connection.close()

    async def advance_school(self) -> None:
        """Bring the generated children up to the sandbox's now, or to where the feed is frozen; tells the time, too.

        Goes on from where any sandbox left off. Cheap where nothing is due; safe to call at the same time.
        """
        async with self.open(exclusively=True) as connection:
            await self._advancer.advance(connection)


async def tell_time(dsn: str, now: datetime) -> None:
    """Let the school's clock show `now` (aware) before anybody asks it."""
    connection = await asyncpg.connect(dsn)
    try:
        await _tell_time(connection, now)
    finally:
        await connection.close()


async def _tell_time(connection: Connection, now: datetime) -> None:
    await connection.execute(
        "UPDATE platform.clock SET shift = $1 - now() WHERE abs(extract(epoch FROM $1 - now() - shift)) > $2",
        now,
        _TOLERANCE.total_seconds(),
    )
