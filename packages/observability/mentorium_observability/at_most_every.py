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
