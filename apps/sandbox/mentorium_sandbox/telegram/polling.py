"""getUpdates, with the patience and the conflicts of Telegram's server."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from mentorium_sandbox.telegram.errors import OTHER_POLLER, SET_WEBHOOK, WEBHOOK_IS_ACTIVE, ApiError, conflict
from mentorium_sandbox.telegram.updates import UpdateQueue

Json = dict[str, Any]
_LONGEST_S = 50
_SAME_AGAIN_S = 3.0
_SAME_AT_ONCE_S = 0.5
_BETWEEN_CONFLICTS_S = 3.0


class Polling:
    """One bot's long polls. `pace` stretches or shrinks what the server makes an impatient bot wait."""

    def __init__(self, queue: UpdateQueue, pace: float = 1.0) -> None:
        self._queue = queue
        self._pace = pace
        self._waiting: asyncio.Future[None] | None = None
        self._closed = False
        self._last_offset = -1
        self._last_began = 0.0
        self._next_conflict = 0.0
        queue.on_new = self._wake

    @property
    def is_waiting(self) -> bool:
        """Somebody waits for updates right now."""
        return self._waiting is not None

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """What waits from `offset` on, confirming what is before it; at most 50 s later, empty if nothing came.

        Raises ApiError 409 when another poll begins to wait, or a webhook is set.
        """
        seconds, limit = self._slowed_down(offset, min(max(limit, 1), 100), seconds)
        self._queue.confirm(offset)
        batch = self._queue.batch(limit)
        if batch or seconds <= 0 or self._closed:
            return batch
        self._end(conflict(OTHER_POLLER))
        await self._wait(min(seconds, _LONGEST_S))
        return self._queue.batch(limit)

    async def refuse(self) -> None:
        """A webhook is set. Raises ApiError 409."""
        await self._raise_conflict(conflict(WEBHOOK_IS_ACTIVE))

    def give_way(self) -> None:
        """A webhook has been set: whoever waits is told so."""
        self._end(conflict(SET_WEBHOOK))

    def close(self) -> None:
        """Answer whoever waits, and let nobody wait any more."""
        self._closed = True
        self._wake()

    def _slowed_down(self, offset: int, limit: int, seconds: float) -> tuple[float, int]:
        """Who asks for the same again waits 3 s; at once again, and gets one update."""
        now, same = time.monotonic(), offset == self._last_offset
        since = now - self._last_began
        self._last_offset, self._last_began = offset, now
        if same and since < _SAME_AGAIN_S * self._pace:
            seconds = max(seconds, _SAME_AGAIN_S * self._pace)
        return seconds, 1 if same and since < _SAME_AT_ONCE_S * self._pace else limit

    async def _wait(self, seconds: float) -> None:
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting = waiting
        try:
            async with asyncio.timeout(seconds):
                await waiting
        except TimeoutError:
            pass
        except ApiError as reason:
            await self._raise_conflict(reason)
        finally:
            if self._waiting is waiting:
                self._waiting = None

    async def _raise_conflict(self, reason: ApiError) -> None:
        """The first at once, further ones 3 s later, so that two bots do not chase each other."""
        now = time.monotonic()
        if now < self._next_conflict:
            await asyncio.sleep(_BETWEEN_CONFLICTS_S * self._pace)
        else:
            self._next_conflict = now + _BETWEEN_CONFLICTS_S * self._pace
        raise reason

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def _end(self, reason: ApiError) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(reason)
