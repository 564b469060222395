"""The signals by which a process is asked to stop."""

from __future__ import annotations

import asyncio
import faulthandler
import signal
from collections.abc import Coroutine
from typing import Final

STOP_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
LONGEST_STOP_S: Final = 28.0
"""Of a bot and of a worker, whose graceful shutdowns take some 15 s at most; those who run them wait for 30 s."""


def stop_on_signals(within_s: float | None = None) -> asyncio.Event:
    """An event that SIGTERM or SIGINT sets: the graceful shutdown begins. Further signals change nothing.

    `within_s`: a process that has not ended so long after the first signal hangs: it writes to stderr where each of its
    threads stands, and leaves with status 1, before whoever runs it kills it without a word.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()

    def begin() -> None:
        if within_s is not None and not stopping.is_set():
            faulthandler.dump_traceback_later(within_s, exit=True)
        stopping.set()

    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, begin)
    return stopping


async def unless_stopped(stopping: asyncio.Event, work: Coroutine[object, object, object]) -> bool:
    """Do this work, and cut it short as soon as `stopping` is set: then it is False. The work's errors are raised."""
    async with asyncio.TaskGroup() as group:
        asked = group.create_task(stopping.wait(), name="wait-for-the-end")
        working = group.create_task(_caught(work), name="start-up")
        await asyncio.wait({asked, working}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        working.cancel()
    if stopping.is_set():
        return False
    if (error := working.result()) is not None:
        raise error
    return True


async def _caught(work: Coroutine[object, object, object]) -> Exception | None:
    """A task group would wrap what it raises."""
    try:
        await work
    except Exception as error:  # noqa: BLE001 - raised again by whoever started it
        return error
    return None
