"""One queue a chat: what one chat asks is answered in order, different chats side by side."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from mentorium_kit.nursery import Nursery
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error

Item = TypeVar("Item")

logger = get_logger(__name__)


class PerChatQueue(Generic[Item]):
    """Runs `handle` for each item. An item whose handling fails costs itself: those behind it are handled."""

    def __init__(self, nursery: Nursery, handle: Callable[[Item], Awaitable[None]]) -> None:
        self._nursery = nursery
        self._handle = handle
        self._queues: dict[Hashable, deque[Item]] = {}
        self._runs: dict[Hashable, asyncio.Task[object]] = {}

    def __len__(self) -> int:
        return sum(len(queue) for queue in self._queues.values())

    def waiting(self, chat: Hashable) -> int:
        """Items of this chat that are not handled yet, the one in hand included."""
        return len(self._queues.get(chat, ()))

    def put(self, chat: Hashable, item: Item) -> None:
        """Handle `item` after all that came before it in this chat."""
        if (queue := self._queues.get(chat)) is not None:
            queue.append(item)
            return
        self._queues[chat] = deque([item])
        self._runs[chat] = self._nursery.start(self._run(chat), name="chat-queue", fresh_context=True)

    async def clear(self, chat: Hashable) -> list[Item]:
        """Drop what waits in this chat, and wait until the item in hand is done; what was dropped."""
        dropped: list[Item] = []
        if (queue := self._queues.get(chat)) is not None:
            while len(queue) > 1:
                dropped.append(queue.pop())
            await asyncio.wait({self._runs[chat]})
        return dropped

    async def drain(self, timeout_s: float) -> int:
        """Wait until all queues are empty, at most so long; then cancel what is in hand. How many chats that were."""
        if not self._runs:
            return 0
        _, late = await asyncio.wait(set(self._runs.values()), timeout=timeout_s)
        for run in late:
            run.cancel()
        if late:
            await asyncio.wait(late)
        return len(late)

    async def _run(self, chat: Hashable) -> None:
        queue = self._queues[chat]
        try:
            while queue:
                try:
                    await self._handle(queue[0])
                except Exception as error:
                    count_error(error)
                    logger.error("queued_item_failed", exc_info=error)
                queue.popleft()
        finally:
            del self._queues[chat], self._runs[chat]
