"""Keeping the retention of every table: the one job that forgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from mentorium_core.privacy.retention import RETENTION, Sweep
from mentorium_db import get_session
from mentorium_db.repositories import RetentionRepository
from mentorium_kit import clock
from mentorium_observability import get_logger

A_BATCH: Final = 1_000
"""Rows in one unit of work: nobody waits long for what it locks."""
SWEEPS: Final = tuple((entry.table, sweep) for entry in RETENTION for sweep in entry.sweeps)

logger = get_logger(__name__)


async def forget_batch(table: str, sweep: Sweep, most: int = A_BATCH) -> int:
    """Forget the oldest rows that are over, at most so many; how many those were. Joins an open unit of work."""
    async with get_session() as session:
        forgotten = await RetentionRepository(session).forget(
            table, sweep.since, part=sweep.part, kept_for=sweep.kept_for, now=clock.now(), most=most
        )
    if forgotten:
        logger.info("rows_forgotten", table=table, part=sweep.part, count=forgotten)
    return forgotten


@dataclass(slots=True, eq=False)
class KeepRetention:
    """Goes round all sweeps, a batch at a call, until none has found anything more.

    A sweep that fails is not tried again before all others have had their turn, whoever calls.
    """

    sweeps: Sequence[tuple[str, Sweep]] = SWEEPS
    most: int = A_BATCH
    _next: int = field(default=0, init=False)
    _quiet: int = field(default=0, init=False)

    async def __call__(self) -> bool:
        """One batch of the next table; whether there may be more to forget. Joins an open unit of work."""
        table, sweep = self.sweeps[self._next]
        self._next = (self._next + 1) % len(self.sweeps)
        quiet, self._quiet = self._quiet, 0
        if await forget_batch(table, sweep, self.most) == self.most:
            return True
        self._quiet = (quiet + 1) % len(self.sweeps)
        return self._quiet > 0
