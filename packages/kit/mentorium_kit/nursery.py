"""Detached work that is never forgotten: the only place where tasks are made (`create_task` is banned elsewhere)."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Coroutine

ErrorHook = Callable[[str, BaseException], None]


class Nursery:
    """Keeps each task until it ends, reports what it raised, and is drained on shutdown."""

    def __init__(self, on_error: ErrorHook) -> None:
        self._on_error = on_error
        self._tasks: set[asyncio.Task[object]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def start(
        self, work: Coroutine[object, object, object], *, name: str, fresh_context: bool = False
    ) -> asyncio.Task[object]:
        """Run `work` beside the caller. It inherits the log context unless `fresh_context`."""
        context = contextvars.Context() if fresh_context else None
        task: asyncio.Task[object] = asyncio.create_task(work, name=name, context=context)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[object]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._on_error(task.get_name(), error)

    async def drain(self, timeout_s: float) -> int:
        """Wait for what is in hand, then cancel the rest; returns how many had to be cancelled."""
        deadline = asyncio.get_running_loop().time() + timeout_s
        while self._tasks and (left := deadline - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(set(self._tasks), timeout=left)
        late = set(self._tasks)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)
        return len(late)
