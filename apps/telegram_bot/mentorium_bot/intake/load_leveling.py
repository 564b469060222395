"""Load leveling: of many questions that come at once, each is begun when the process has got on with those before.

Begun all at once they would share its one core, and the first would be answered as late as the last; begun in turn,
half of them are answered in half of the time, and the last no later. Only work of this process's own makes others
wait: while all in hand wait for somebody's server, the loop is calm, and the next is begun at once.
"""

from __future__ import annotations

import asyncio
from typing import Final

CALM_S: Final = 0.003
"""A round of the event loop that takes no longer has had little to do."""
LONGEST_S: Final = 0.02
"""However busy the process is, the next one is begun by then: about as long as one takes of its core."""


class LoadLeveler:
    """In the order of asking."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def turn(self) -> None:
        """Return when the event loop is calm; at the latest `LONGEST_S` after whoever asked before."""
        async with self._turn:
            now = asyncio.get_running_loop().time
            began = round_began = now()
            while round_began - began < LONGEST_S:
                await asyncio.sleep(0)
                if now() - round_began < CALM_S:
                    return
                round_began = now()
