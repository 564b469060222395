"""When there is something to do about what happens between reports."""

from __future__ import annotations

from datetime import datetime

from mentorium_core.alerts.rules import next_check, when_awake
from mentorium_db import get_session
from mentorium_db.repositories import AlertRepository


async def next_alert_moment(now: datetime) -> datetime:
    """When children are looked at next, or something that waits is due; a night is waited for to end."""
    async with get_session() as session:
        due_at = await AlertRepository(session).next_due()
    check_at = next_check(now)
    return min(check_at, when_awake(max(due_at, now)) if due_at is not None else check_at)
