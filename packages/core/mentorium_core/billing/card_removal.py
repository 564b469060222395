"""The card is removed: nothing is charged any more from this commit on, and PayMe forgets its token by a job."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.billing.stars_renewal import show_renewal
from mentorium_db import get_session
from mentorium_db.models import Parent
from mentorium_db.repositories import CardPageLinkRepository, ParentRepository, SavedCardRepository
from mentorium_kit import clock
from mentorium_observability import EventLogService


async def drop_card(session: AsyncSession, parent: Parent, because: str, now: datetime) -> bool:
    """In the open unit of work, with the parent locked; whether a card stood."""
    token = await SavedCardRepository(session).remove(parent.id, because, now)
    return token is not None


async def remove_card(parent_id: int) -> bool:
    """The parent wants no more charges: whether a card stood. Harmless twice. NotFoundError for one who is gone."""
    now = clock.now()
    async with get_session() as session:
        parent = await ParentRepository(session).lock(parent_id)
        await CardPageLinkRepository(session).end_unused(parent_id, now)
        removed = await drop_card(session, parent, "parent", now)
        if removed:
            await show_renewal(session, parent_id, now)
            await EventLogService.log_payment("card_removed", parent.telegram_id)
        return removed
