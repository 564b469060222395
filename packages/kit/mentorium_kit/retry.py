"""Retry of a whole use case that lost against another one at the same moment: serialisation failure or deadlock."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from mentorium_kit.backoff import backoff_s
from mentorium_kit.errors import ConflictError

MOST_TRIES: Final = 3
_FIRST_PAUSE_S: Final = 0.05
_LONGEST_PAUSE_S: Final = 0.5
Result = TypeVar("Result")


async def retry_conflicts(
    work: Callable[[], Awaitable[Result]], *, may_repeat: Callable[[], bool] = lambda: True
) -> Result:
    """Do `work`, and again from its beginning where the database chose it as the loser, at most three times in all.

    Only the edge that owns the whole use case (update, job, webhook) may call it: what `work` has read before has to
    be read anew. `may_repeat` is asked behind each ConflictError: False where `work` has done what must not be done
    twice. The last ConflictError comes through; it is an UnavailableError.
    """
    for failures in range(1, MOST_TRIES):
        try:
            return await work()
        except ConflictError:
            if not may_repeat():
                raise
            jitter = random.random()  # noqa: S311 - spreads retries, guards nothing
            await asyncio.sleep(backoff_s(failures, _FIRST_PAUSE_S, _LONGEST_PAUSE_S, jitter=jitter))
    return await work()
