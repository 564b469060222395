"""What parents asked the mentor, and what it answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.models import Dialog
from mentorium_domain.enums import DialogStatus, Language


class DialogRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add_question(
        self, parent_telegram_id: int, text: str, *, update_id: int | None, language: Language, now: datetime
    ) -> int | None:
        """Store a question that awaits its answer; its id, or None if the update brought it before."""
        return await self.session.scalar(
            insert(Dialog)
            .values(
                parent_telegram_id=parent_telegram_id,
                update_id=update_id,
                user_message=text,
                status=DialogStatus.PENDING,
                language=language,
                created_at=now,
            )
            .on_conflict_do_nothing(index_elements=[Dialog.update_id])
            .returning(Dialog.id)
        )

    async def answer(self, dialog_id: int, reply: str, *, tokens_used: int, model: str, now: datetime) -> None:
        await self._settle(dialog_id, DialogStatus.ANSWERED, now, ai_reply=reply, tokens_used=tokens_used, model=model)

    async def fail(self, dialog_id: int, now: datetime) -> None:
        await self._settle(dialog_id, DialogStatus.FAILED, now)

    async def stop(self, dialog_id: int, partial: str, now: datetime) -> None:
        """The parent pressed Stop; what had been written by then is kept."""
        await self._settle(dialog_id, DialogStatus.STOPPED, now, ai_reply=partial or None)

    async def recent(self, parent_telegram_id: int, limit: int) -> list[Dialog]:
        """The last `limit` answered questions since the parent last said "forget it", newest last."""
        found = await self.session.scalars(
            select(Dialog)
            .where(
                Dialog.parent_telegram_id == parent_telegram_id,
                Dialog.status == DialogStatus.ANSWERED,
                Dialog.forgotten_at.is_(None),
            )
            .order_by(Dialog.id.desc())
            .limit(limit)
        )
        return list(found)[::-1]

    async def forget(self, parent_telegram_id: int, now: datetime) -> int:
        """Leave everything so far out of later conversations; returns how many questions that were."""
        forgotten = await self.session.scalars(
            update(Dialog)
            .where(Dialog.parent_telegram_id == parent_telegram_id, Dialog.forgotten_at.is_(None))
            .values(forgotten_at=now)
            .returning(Dialog.id)
        )
        return len(forgotten.all())

    async def pending(self, before: datetime) -> list[Dialog]:
        """Questions asked before this moment that have no answer yet, oldest first."""
        found = await self.session.scalars(
            select(Dialog)
            .where(Dialog.status == DialogStatus.PENDING, Dialog.created_at < before)
            .order_by(Dialog.created_at, Dialog.id)
        )
        return list(found)

    async def _settle(self, dialog_id: int, status: DialogStatus, now: datetime, **result: object) -> None:
        """A question is settled once: who comes second changes nothing."""
        await self.session.execute(
            update(Dialog)
            .where(Dialog.id == dialog_id, Dialog.status == DialogStatus.PENDING)
            .values(status=status, answered_at=now, **result)
        )
