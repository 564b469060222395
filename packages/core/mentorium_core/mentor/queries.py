"""Questions that are still to be answered."""

from __future__ import annotations

from datetime import datetime

from mentorium_core.mentor.model import PendingQuestion
from mentorium_db import get_session
from mentorium_db.repositories import DialogRepository


async def list_pending_questions(before: datetime) -> tuple[PendingQuestion, ...]:
    """Questions asked before this moment and never settled, oldest first: for a process that starts."""
    async with get_session() as session:
        pending = await DialogRepository(session).pending(before)
    return tuple(
        PendingQuestion(dialog.id, dialog.parent_telegram_id, dialog.user_message, dialog.language, dialog.created_at)
        for dialog in pending
    )
