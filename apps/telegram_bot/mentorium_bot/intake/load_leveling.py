"""Load leveling: of many questions that come at once, each is begun when the process has got on with those before.

Begun all at once they would share its one core, and the first would be answered as late as the last; begun in turn,
half of them are answered in half of the time. Only work of this process's own makes others wait: while all in hand
wait for somebody's server, the loop is calm, and the next is begun at once.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import Final

CALM_S: Final = 0.003
"""A round of the event loop that takes no longer has had little to do."""
LONGEST_S: Final = 0.02
"""For each of those that wait, about as long as one takes of the core. However long the rounds are, so many a second
are begun: where a machine gives the process little of its core, several in one round."""


class LoadLeveler:
    """In the order of asking."""

    def __init__(self) -> None:
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def turn(self) -> None:
        """Return when it is this one's turn and the event loop is calm; at the latest when those before had theirs."""
        loop = asyncio.get_running_loop()
        latest = loop.time() + LONGEST_S * (len(self._waiting) + 1)
        place: asyncio.Future[None] = loop.create_future()
        timer = loop.call_at(latest, _call, place)
        self._waiting.append(place)
        try:
            if self._waiting[0] is not place:
                await place
            while loop.time() < latest:
                began = time.monotonic()  # a loop may look at its own clock once a round, and in milliseconds
                await asyncio.sleep(0)
                if time.monotonic() - began < CALM_S:
                    return
        finally:
            timer.cancel()
            self._waiting.remove(place)
            if self._waiting:
                _call(self._waiting[0])


def _call(place: asyncio.Future[None]) -> None:
    if not place.done():
        place.set_result(None)
