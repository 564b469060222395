"""What stands in the inbox."""

from __future__ import annotations

from mentorium_db import get_session
from mentorium_db.repositories.inbox import InboxRepository
from mentorium_domain.inbox import InboxLoad, SetAsideUpdate


async def list_set_aside() -> tuple[SetAsideUpdate, ...]:
    """What nobody takes any more, oldest first, without what it says."""
    async with get_session() as session:
        return tuple(await InboxRepository(session).list_set_aside())


async def inbox_load() -> InboxLoad:
    """How much waits, is in hand, was set aside; and since when the oldest waits."""
    async with get_session() as session:
        return await InboxRepository(session).load()
