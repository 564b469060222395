"""Two processes that poll with one token take each other's updates: each asks, and ends what the other has asked."""

from __future__ import annotations

import asyncio
from typing import Final

TOLERATED_S: Final = 30.0
"""A deploy that overlaps makes a conflict too: for so long it is nobody's business."""
_CALM_S: Final = 20.0
"""Machine time. Between two of its conflicts a poller may well be given updates: it is over after so long without."""


class PollingConflict:
    """Since when another process has been polling with this token."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._last = 0.0

    def met(self) -> None:
        """Telegram has said so."""
        now = self._now
        if self._since is None or now - self._last > _CALM_S:
            self._since = now
        self._last = now

    def lasted_s(self) -> float:
        """For how many seconds it has lasted by now; 0 where there is none (any more)."""
        if self._since is None or self._now - self._last > _CALM_S:
            return 0.0
        return self._now - self._since

    @property
    def is_lasting(self) -> bool:
        return self.lasted_s() > TOLERATED_S

    @property
    def _now(self) -> float:
        return asyncio.get_running_loop().time()
