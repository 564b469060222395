"""A throttle for what is told: at most once in a while."""

from __future__ import annotations

import time


class AtMostEvery:
    """`seconds` of machine time lie between two that are told; the first one is."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._told_at: float | None = None

    def is_due(self) -> bool:
        """Whether this one is told."""
        now = time.monotonic()
        if self._told_at is not None and now - self._told_at < self._seconds:
            return False
        self._told_at = now
        return True


class LogThrottle:
    """Of lines that a stranger can cause as often as they like: one in `seconds` is written, which says how many it
    stands for. A flood of calls fills no disk.
    """

    def __init__(self, seconds: float = 60.0) -> None:
        self._due = AtMostEvery(seconds)
        self._untold = 0

    def count(self) -> int:
        """How many there were since the last line, this one included; 0 where this one is not to be written."""
        self._untold += 1
        if not self._due.is_due():
            return 0
        untold, self._untold = self._untold, 0
        return untold
