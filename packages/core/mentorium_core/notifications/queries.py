"""What the outbox has to do now."""

from __future__ import annotations

from datetime import datetime

from mentorium_db import autocommit_session, get_session
from mentorium_db.repositories import NotificationRepository
from mentorium_domain.outbox import Lane, OutboxLoad, OutboxLook
from mentorium_kit import clock


async def look_at_outbox(*, children: bool = True) -> OutboxLook:
    """What of the outbox may be sent now, whichever chats are held; or else when to look again.

    Without `children` those that name a child are left waiting.
    """
    async with autocommit_session() as session:
        return await NotificationRepository(session).look(clock.now(), children=children)


async def outbox_load(*, children: bool = True) -> OutboxLoad:
    """What the outbox is busy with now, and when that changes by itself; `children` as of `look_at_outbox`."""
    async with get_session() as session:
        return await NotificationRepository(session).load(clock.now(), children=children)


async def oldest_due_messages() -> dict[Lane, datetime]:
    """Lane -> since when its oldest message has been due; lanes without one are left out."""
    async with autocommit_session() as session:
        return await NotificationRepository(session).oldest_due(clock.now())
