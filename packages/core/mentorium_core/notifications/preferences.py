"""What a parent has chosen about messages: read with defaults, and changed one choice at a time."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import IntegrityError

from mentorium_db import get_session
from mentorium_db.repositories import NotificationSettingsRepository
from mentorium_domain.preferences import Preferences
from mentorium_kit import clock
from mentorium_kit.errors import NotFoundError


async def read_preferences(parent_id: int) -> Preferences:
    """What this parent has chosen; the defaults where that is nothing."""
    async with get_session() as session:
        return await NotificationSettingsRepository(session).get(parent_id)


async def change_preferences(parent_id: int, **chosen: Any) -> Preferences:
    """Keep these fields of `Preferences`: all that is chosen then. NotFoundError where the parent is gone."""
    try:
        async with get_session() as session:
            return await NotificationSettingsRepository(session).change(parent_id, clock.now(), **chosen)
    except IntegrityError:  # erased meanwhile
        raise NotFoundError("parent_gone") from None
