"""The deadline of a piece of work: how long an edge waits for it. Time that Telegram makes us wait does not count."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar

from mentorium_kit.errors import UnavailableError

_current: ContextVar[asyncio.Timeout | None] = ContextVar("mentorium_deadline", default=None)


class DeadlineExceededError(UnavailableError):
    """The work was cut off: something it waited for did not answer in time."""


@asynccontextmanager
async def deadline(seconds: float) -> AsyncIterator[None]:
    """Cut the block off after so many seconds of machine time, with DeadlineExceededError `deadline_exceeded`."""
    timeout = asyncio.timeout(seconds)
    token = _current.set(timeout)
    try:
        async with timeout:
            yield
    except TimeoutError as error:
        if not timeout.expired():
            raise
        raise DeadlineExceededError("deadline_exceeded", seconds=seconds) from error
    finally:
        _current.reset(token)


def extend_deadline(seconds: float) -> None:
    """Move the deadline of the running work on, if it has one: it is told to wait for reasons that are not its own."""
    timeout = _current.get()
    if timeout is None or timeout.expired() or (ends := timeout.when()) is None:
        return
    timeout.reschedule(ends + seconds)
