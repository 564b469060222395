"""What the outbox has to do now."""

from __future__ import annotations

from datetime import datetime

from mentorium_core.notifications.policy import is_night, morning_after
from mentorium_db import autocommit_session, driver_connection, get_session
from mentorium_db.repositories import NotificationRepository
from mentorium_db.repositories.notification_hot_path import NotificationHotPathRepository
from mentorium_domain.outbox import Lane, OutboxLoad, OutboxLook
from mentorium_kit import clock


async def look_at_outbox(*, children: bool = True) -> OutboxLook:
    """What of the outbox may be sent now, whichever chats are held; or else when to look again.

    Without `children` those that name a child are left waiting.
    """
    now = clock.now()
    async with driver_connection() as driver:
        return await NotificationHotPathRepository(driver).look(now, children=children, morning=_morning(now))


async def outbox_load(*, children: bool = True) -> OutboxLoad:
    """What the outbox is busy with now, and when that changes by itself; `children` as of `look_at_outbox`."""
    now = clock.now()
    async with get_session() as session:
        return await NotificationRepository(session).load(now, children=children, morning=_morning(now))


async def oldest_due_messages() -> dict[Lane, datetime]:
    """Lane -> since when its oldest message has been due; lanes without one are left out."""
    now = clock.now()
    async with autocommit_session() as session:
        return await NotificationRepository(session).oldest_due(now, awake=not is_night(now))


def _morning(now: datetime) -> datetime | None:
    """When the quiet hours end, if it is night."""
    return morning_after(now) if is_night(now) else None
