"""What the outbox has to do now."""

from __future__ import annotations

from mentorium_db import get_session
from mentorium_db.repositories import NotificationRepository
from mentorium_domain.outbox import Lane, OutboxLoad
from mentorium_kit import clock


async def most_urgent_lane() -> Lane | None:
    """The lane of the outbox that goes first among those with a message that is due; None if none is."""
    async with get_session() as session:
        return await NotificationRepository(session).most_urgent(clock.now())


async def outbox_load() -> OutboxLoad:
    """What the outbox is busy with now, and when that changes by itself."""
    async with get_session() as session:
        return await NotificationRepository(session).load(clock.now())
