"""The supervisor: the long-lived loops of a process hang on it.

What lives below does not know it. A loop is a coroutine that runs until it is asked to stop, or until it is cancelled;
the app's container hangs it up here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from mentorium_kit.backoff import backoff_s
from mentorium_kit.errors import UnavailableError
from mentorium_kit.nursery import Nursery
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error

Run = Callable[[], Coroutine[object, object, object]]

FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 15.0
WELL_AFTER_S: Final = 60.0
"""A loop that ran for so long before it failed is tried again as if it had never failed."""

STALLED_AFTER_S: Final = 60.0
"""Liveness means progress: a loop that has something to do and has not got on with it for so long is started again."""
_WATCH_S: Final = 5.0

logger = get_logger(__name__)


def _never() -> float:
    return 0.0


@dataclass(frozen=True, slots=True)
class SupervisedLoop:
    """`stop` asks the loop to end by itself; without it the loop is cancelled.

    `stalled_s` tells for how many seconds it has had something to do and has not got on (`mentorium_kit.progress`).
    """

    name: str
    run: Run
    stop: Callable[[], None] | None = None
    stalled_s: Callable[[], float] = _never


class Supervisor:
    """Keeps loops alive until the process is asked to stop.

    A loop that fails in a way it does not know is started again, with a back-off. One that returns although nobody has
    asked it to is broken for good: the process ends, and whoever started it starts it again.
    """

    def __init__(
        self, nursery: Nursery, *, first_pause_s: float = FIRST_PAUSE_S, stalled_after_s: float = STALLED_AFTER_S
    ) -> None:
        self._nursery = nursery
        self._stalled_after_s = stalled_after_s
        self._limits: dict[str, asyncio.Timeout] = {}
        self._first_pause_s = first_pause_s
        self._loops: list[SupervisedLoop] = []
        self._tasks: dict[asyncio.Task[object], SupervisedLoop] = {}
        self._stopping = asyncio.Event()
        self._broken: list[str] = []

    def hang(
        self,
        name: str,
        run: Run,
        *,
        stop: Callable[[], None] | None = None,
        stalled_s: Callable[[], float] = _never,
    ) -> None:
        """Have this loop kept alive by `run_until`. Without `stop` it is cancelled at the end."""
        self._loops.append(SupervisedLoop(name, run, stop, stalled_s))

    def stalled(self) -> list[str]:
        """The loops that have not got on for too long: this process cannot help itself any more."""
        return [loop.name for loop in self._loops if loop.stalled_s() > self._stalled_after_s]

    async def run_until(self, stopping: asyncio.Event) -> None:
        """Keep all loops alive until `stopping` is set, or one of them has ended by itself; then `stop` them."""
        for loop in self._loops:
            self._tasks[self._nursery.start(self._keep(loop), name=loop.name, fresh_context=True)] = loop
        asked = self._nursery.start(stopping.wait(), name="wait-for-the-end")
        watch = self._nursery.start(self._watch(), name="watch-the-loops", fresh_context=True)
        await asyncio.wait({asked, *self._tasks}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        watch.cancel()
        self._stopping.set()
        self._broken = [loop.name for task, loop in self._tasks.items() if task.done()]
        for name in self._broken:
            logger.error("loop_ended", loop=name)

    async def stop(self, timeout_s: float) -> int:
        """Graceful shutdown: ask every loop to end, wait at most so long, cancel the rest. How many that were."""
        for task, loop in self._tasks.items():
            if loop.stop is None:
                task.cancel()
            else:
                loop.stop()
        if not self._tasks:
            return 0
        _, late = await asyncio.wait(self._tasks, timeout=timeout_s)
        for task in late:
            task.cancel()
        await asyncio.wait(self._tasks)
        return len(late)

    def raise_if_broken(self) -> None:
        """UnavailableError `loop_ended` where a loop had ended although nobody had asked it to."""
        if self._broken:
            raise UnavailableError("loop_ended", loops=", ".join(self._broken))

    async def _keep(self, loop: SupervisedLoop) -> None:
        machine, failures = asyncio.get_running_loop(), 0
        while not self._stopping.is_set():
            started = machine.time()
            try:
                async with asyncio.timeout(None) as self._limits[loop.name]:
                    await loop.run()
            except Exception as error:
                failures = 1 if machine.time() - started > WELL_AFTER_S else failures + 1
                count_error(error)
                logger.error("loop_failed", loop=loop.name, failures=failures, exc_info=error)
                await self._pause(backoff_s(failures, self._first_pause_s, LONGEST_PAUSE_S))
            else:
                return

    async def _watch(self) -> None:
        """Start again what has stalled: its time-out, which nothing else sets, is over now."""
        machine, again_at = asyncio.get_running_loop(), dict[str, float]()
        while True:
            await asyncio.sleep(min(_WATCH_S, self._stalled_after_s / 4))
            for name in self.stalled():
                limit = self._limits.get(name)
                if limit is None or machine.time() < again_at.get(name, 0.0):
                    continue
                again_at[name] = machine.time() + self._stalled_after_s
                logger.error("loop_stalled", loop=name)
                with suppress(RuntimeError):  # it is between two runs
                    limit.reschedule(machine.time())

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return
