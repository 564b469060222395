"""Noticing that a stream is silent, without taking its next piece away from it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from enum import Enum
from typing import Final, Literal, TypeVar

Item = TypeVar("Item")


class Silence(Enum):
    """The stream has said nothing for as long as was asked."""

    LULL = "lull"


LULL: Final = Silence.LULL
_END: Final = object()


async def with_lulls(
    source: AsyncGenerator[Item, None], after_s: Callable[[], float | None]
) -> AsyncGenerator[Item | Literal[Silence.LULL], None]:
    """The items of `source`, and LULL once whenever it has been silent for `after_s()` seconds; None: nobody asks.

    The one task that waits for the next item ends with this generator: closing it (`contextlib.aclosing`) cancels both.
    """
    while True:
        seconds = after_s()
        if seconds is None:
            item = await anext(source, _END)
        else:
            step = asyncio.ensure_future(anext(source, _END))
            try:
                done, _ = await asyncio.wait({step}, timeout=seconds)
                if not done:
                    yield LULL
                item = await step
            finally:
                if not step.done():
                    step.cancel()
                    await asyncio.wait({step})
        if item is _END:
            return
        yield item  # type: ignore[misc]  # no _END any more
