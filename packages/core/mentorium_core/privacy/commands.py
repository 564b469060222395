"""Erasure. It takes whatever tables refer to a parent, so that a new table cannot be forgotten."""

from __future__ import annotations

from mentorium_core.inbox.commands import forget_updates_of
from mentorium_db import get_session
from mentorium_db.repositories import ParentRepository, PersonalDataRepository
from mentorium_observability import EventLogService


async def erase_data(telegram_id: int) -> None:
    """Erase at once everything but payments, which stay without an owner; what still waits in the inbox, too.

    Harmless where there is nobody.
    """
    async with get_session() as session:
        await forget_updates_of(telegram_id)
        stored = await ParentRepository(session).get_by_telegram_id(telegram_id)
        if stored is None:
            return
        await PersonalDataRepository(session).erase(stored)
        await EventLogService.log_system("data_erased")
