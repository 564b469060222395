"""Who tells Telegram where the updates of a bot go: one of all replicas, once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from mentorium_db import get_session
from mentorium_db.repositories.inbox import InboxRepository
from mentorium_kit import clock

POLLING: Final = "polling"
TELLS_WITHIN_S: Final = 5.0
"""Whoever has claimed it and has not told Telegram by then has died over it. Machine time."""
_LOOK_EVERY_S: Final = 0.5


async def register_once(
    bot_id: int,
    fingerprint: str,
    tell: Callable[[], Awaitable[None]],
    is_told: Callable[[], Awaitable[bool]],
) -> bool:
    """`tell` Telegram unless it has been told just this before, and still knows; whether it was told now.

    The fingerprint is claimed first and given back where telling fails: of several replicas that start at once one
    tells, and the others go on once Telegram knows. Errors are those of `tell`, `is_told` and of the database.
    """
    if not await _claimed(bot_id, fingerprint):
        if await _becomes_told(is_told):
            return False
        async with get_session() as session:
            await InboxRepository(session).drop_registration(bot_id, fingerprint)
        if not await _claimed(bot_id, fingerprint):
            return False
    try:
        await tell()
    except BaseException:
        async with get_session() as session:
            await InboxRepository(session).drop_registration(bot_id, fingerprint)
        raise
    return True


async def _becomes_told(is_told: Callable[[], Awaitable[bool]]) -> bool:
    machine = asyncio.get_running_loop()
    until = machine.time() + TELLS_WITHIN_S
    while not await is_told():
        if machine.time() >= until:
            return False
        await asyncio.sleep(_LOOK_EVERY_S)
    return True


async def _claimed(bot_id: int, fingerprint: str) -> bool:
    async with get_session() as session:
        return await InboxRepository(session).claim_registration(bot_id, fingerprint, clock.now())


async def note_polling(bot_id: int) -> None:
    """Updates are asked for from now on: whoever goes back to a webhook has to tell Telegram anew."""
    async with get_session() as session:
        await InboxRepository(session).claim_registration(bot_id, POLLING, clock.now())
