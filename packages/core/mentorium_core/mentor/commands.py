"""Keeping a question, and settling it once: answered, failed or stopped."""

from __future__ import annotations

from datetime import datetime

from mentorium_core.identity.model import ParentView
from mentorium_core.mentor.conversation import Conversation
from mentorium_core.mentor.model import Question
from mentorium_core.mentor.rules import reply_language
from mentorium_db import get_session
from mentorium_db.repositories import DialogRepository
from mentorium_kit import clock


async def store_question(parent: ParentView, text: str, update_id: int | None, now: datetime) -> Question | None:
    """Keep the question before anything is done about it; None if this update has brought it before."""
    clean = text.replace("\x00", "")
    language = reply_language(clean, parent.language)
    async with get_session() as session:
        dialog_id = await DialogRepository(session).add_question(
            parent.telegram_id, clean, update_id=update_id, language=language, now=now
        )
    return Question(dialog_id, clean, language) if dialog_id is not None else None


async def forget_conversation(parent: ParentView) -> int:
    """Leave all that was said so far out of later conversations; how many questions that were."""
    async with get_session() as session:
        return await DialogRepository(session).forget(parent.telegram_id, clock.now())


async def fail_question(dialog_id: int) -> None:
    """There will be no answer; a question that is settled already stays as it is."""
    async with get_session() as session:
        await DialogRepository(session).fail(dialog_id, clock.now())


async def record_answer(dialog_id: int, conversation: Conversation) -> None:
    async with get_session() as session:
        await DialogRepository(session).answer(
            dialog_id,
            conversation.shown,
            tokens_used=conversation.tokens_used,
            model=conversation.model_name[:50],
            now=clock.now(),
        )


async def record_stop(dialog_id: int, partial: str) -> None:
    async with get_session() as session:
        await DialogRepository(session).stop(dialog_id, partial, clock.now())
