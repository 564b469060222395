"""What the heap has to spare goes back to the system, as long as the process lives."""

from __future__ import annotations

import asyncio
from typing import Final

from mentorium_kit.heap import give_back

GIVEN_BACK_EVERY_S: Final = 60.0
"""Machine time."""


async def give_back_memory(every_s: float = GIVEN_BACK_EVERY_S) -> None:
    """Until it is cancelled."""
    while True:
        await asyncio.sleep(every_s)
        await asyncio.to_thread(give_back)
