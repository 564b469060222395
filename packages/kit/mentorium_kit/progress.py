"""Liveness means progress: since when a loop has had something to do and has not got on with it."""

from __future__ import annotations

import time


class Progress:
    """What one loop tells of itself. Machine time.

    A loop that waits for a server which is away gets on as long as it tries: the process cannot help it.
    """

    def __init__(self) -> None:
        self._waiting_since: float | None = None

    def begin(self) -> None:
        """There is something to do. Told again while there is, it changes nothing."""
        if self._waiting_since is None:
            self._waiting_since = time.monotonic()

    def mark(self) -> None:
        """It has got on, and there is more to do."""
        self._waiting_since = time.monotonic()

    def rest(self) -> None:
        """There is nothing to do."""
        self._waiting_since = None

    def stalled_s(self) -> float:
        """For how many seconds it has not got on; 0 while there is nothing to do."""
        return 0.0 if self._waiting_since is None else time.monotonic() - self._waiting_since
