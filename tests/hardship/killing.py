"""A process that takes payments, killed at random moments while a provider repeats what it has to say.

A hundred payments; ten thousand with `HARDSHIP_LONG=1` (`HARDSHIP_SEED` repeats a run as far as the dice go).
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, TypeVar

from tests.fixtures.long_form import LONG
from tests.fixtures.payme_shop import WebhookProcess

PAYMENTS: Final = 10_000 if LONG else 100
AT_ONCE: Final = 8
"""So many payments are under way at a time."""
REPEATS_AFTER_S: Final = 0.02
Order = TypeVar("Order")


def new_seed() -> int:
    return int(os.environ.get("HARDSHIP_SEED") or time.time_ns() % 1_000_000)


@dataclass(slots=True)
class Kills:
    count: int = 0


@asynccontextmanager
async def killed_now_and_then(
    process: WebhookProcess, dice: random.Random, answered: asyncio.Semaphore, lives: tuple[int, int]
) -> AsyncIterator[Kills]:
    """As long as the block. `lives`: so many answers, and some that are under way die with it, however quick the
    machine is; `answered` is released once for each. A process that does not come up again ends the block.
    """
    kills, turn = Kills(), asyncio.Lock()

    async def kill() -> None:
        while True:
            await process.until_it_answers()
            for _ in range(dice.randint(*lives)):
                await answered.acquire()
            await asyncio.sleep(dice.uniform(0, 0.02))
            async with turn:
                await process.end(signal.SIGKILL)
                await process.start()
                kills.count += 1

    async with asyncio.TaskGroup() as group:
        killing = group.create_task(kill())
        yield kills
        async with turn:  # who is killed comes up again
            killing.cancel()


async def pay_all(orders: Iterable[Order], pay: Callable[[Order], Awaitable[None]]) -> None:
    """Each once, `AT_ONCE` at a time."""
    waiting = iter(orders)

    async def pay_what_waits() -> None:
        for order in waiting:
            await pay(order)

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(pay_what_waits())
