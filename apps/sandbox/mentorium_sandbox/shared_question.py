"""One question for all who ask the same thing at the same time (request coalescing)."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class SharedQuestion(Generic[Answer]):
    """Who asks gets the answer to a question that was put after they came: never an older one's.

    So a hundred who ask at once cost two questions: the one that is under way, which only its own askers hear of, and
    the one after it, which answers everybody who came meanwhile.
    """

    def __init__(self, ask: Callable[[], Awaitable[Answer]]) -> None:
        self._ask = ask
        self._under_way: asyncio.Task[Answer] | None = None
        self._next: asyncio.Task[Answer] | None = None

    async def __call__(self) -> Answer:
        """Raises what the question raises, for everybody who waits for it."""
        if self._next is None:
            self._next = asyncio.create_task(self._after(self._under_way))
        return await asyncio.shield(self._next)

    async def _after(self, under_way: asyncio.Task[Answer] | None) -> Answer:
        if under_way is not None:
            with contextlib.suppress(Exception):  # told to those who asked it
                await asyncio.shield(under_way)
        self._under_way, self._next = self._next, None
        return await self._ask()
