"""Links that their parents have ended, and their undo: one recorded row is restored as it was."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.models import Learner
from mentorium_db.tables.rights import LentRight, UnlinkRecord

_KEPT: Final = (
    *("parent_id", "platform_student_id", "guardian_id"),
    *("first_name", "last_name", "source", "added_at"),
)


def _of_the_link(row: Learner | UnlinkRecord) -> dict[str, Any]:
    """What a link and its record have in common."""
    return {name: getattr(row, name) for name in _KEPT}


class UnlinkRecordRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, learner: Learner, lent_right_id: int | None, now: datetime) -> None:
        """Record a link that is about to end."""
        self.session.add(
            UnlinkRecord(learner_id=learner.id, lent_right_id=lent_right_id, unlinked_at=now, **_of_the_link(learner))
        )
        await self.session.flush()

    async def newest(self, parent_id: int, student_id: int, since: datetime) -> UnlinkRecord | None:
        """The newest one of this parent and child, if the link was ended after `since`."""
        return await self.session.scalar(
            select(UnlinkRecord)
            .where(
                UnlinkRecord.parent_id == parent_id,
                UnlinkRecord.platform_student_id == student_id,
                UnlinkRecord.unlinked_at > since,
            )
            .order_by(UnlinkRecord.id.desc())
            .limit(1)
        )

    async def claim(self, record_id: int, now: datetime) -> bool:
        """Use the record up; False where it was restored before."""
        claimed = await self.session.scalar(
            update(UnlinkRecord)
            .where(UnlinkRecord.id == record_id, UnlinkRecord.restored_at.is_(None))
            .values(restored_at=func.greatest(UnlinkRecord.unlinked_at, now))
            .returning(UnlinkRecord.id)
        )
        return claimed is not None

    async def restore(self, record: UnlinkRecord, invited_by: int | None) -> bool:
        """Put the link back as it was; False where the child is linked otherwise meanwhile."""
        restored = await self.session.scalar(
            insert(Learner)
            .values(id=record.learner_id, invited_by=invited_by, **_of_the_link(record))
            .on_conflict_do_nothing()
            .returning(Learner.id)
        )
        return restored is not None

    async def void_borrowed(self, lender_id: int, borrower_id: int | None, student_id: int | None) -> int:
        """What borrowers of this lender could still take back of a right, they can no more; how many that were."""
        rights = select(LentRight.id).where(LentRight.lender_id == lender_id)
        if borrower_id is not None:
            rights = rights.where(LentRight.borrower_id == borrower_id)
        if student_id is not None:
            rights = rights.where(LentRight.platform_student_id == student_id)
        voided = await self.session.scalars(
            delete(UnlinkRecord)
            .where(UnlinkRecord.lent_right_id.in_(rights), UnlinkRecord.restored_at.is_(None))
            .returning(UnlinkRecord.id)
        )
        return len(voided.all())
