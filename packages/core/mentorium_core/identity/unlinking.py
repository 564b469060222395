"""Leaving a child, and taking that back: one recorded row is restored, within minutes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.identity.lent_rights import borrowers_of, end_rights, tell_borrowers
from mentorium_core.identity.model import Child, ParentView, Unlinked
from mentorium_core.identity.queries import list_viewable_children
from mentorium_db import get_session
from mentorium_db.models import Learner
from mentorium_db.repositories import (
    AlertRepository,
    LearnerRepository,
    LentRightRepository,
    NotificationRepository,
    ParentRepository,
    UnlinkRecordRepository,
)
from mentorium_db.tables.rights import LentRight, UnlinkRecord
from mentorium_kit import clock
from mentorium_kit.errors import NotFoundError
from mentorium_observability import EventLogService

UNDO_LIFE: Final = timedelta(minutes=10)


async def unlink_child(parent: ParentView, student_id: int) -> Unlinked:
    """End the link with the child at once, also for adults the parent has lent it to; what waits for it is deleted.

    Pressed again while it can be undone it changes nothing and returns the child. NotFoundError if there is none.
    """
    now = clock.now()
    async with get_session() as session:
        try:
            link = await _locked_link(session, parent.parent_id, student_id)
        except NotFoundError:
            if (child := await _left_lately(session, parent.parent_id, student_id, now)) is None:
                raise
            return Unlinked(child, ())
        rights, records = LentRightRepository(session), UnlinkRecordRepository(session)
        right = None
        if link.invited_by is not None:
            right = await rights.standing_between(link.invited_by, parent.parent_id, student_id)
        await records.add(link, right.id if right is not None else None, now)
        await rights.revoke_borrowed(parent.parent_id, student_id, now)
        await LearnerRepository(session).unlink(link)
        await NotificationRepository(session).forget_waiting([(parent.parent_id, student_id)])
        await AlertRepository(session).forget_links([(parent.parent_id, student_id)])
        lent = [one for one in await rights.standing_of(parent.parent_id) if one.platform_student_id == student_id]
        gone = await end_rights(session, lent, now)
        await records.void_borrowed(parent.parent_id, None, student_id)
        await EventLogService.log_user_action("child_unlinked", parent.telegram_id)
        borrowers = await borrowers_of(session, gone)
        await tell_borrowers(session, lent, borrowers, now)
        return Unlinked(_child_of(link), borrowers)


def _child_of(link: Learner | UnlinkRecord) -> Child:
    name = f"{link.first_name or ''} {link.last_name or ''}".strip()
    return Child(link.platform_student_id, name, link.guardian_id)


async def _left_lately(session: AsyncSession, parent_id: int, student_id: int, now: datetime) -> Child | None:
    """Whom this parent has left, and may still come back to: the update may have been delivered again."""
    record = await UnlinkRecordRepository(session).newest(parent_id, student_id, now - UNDO_LIFE)
    return _child_of(record) if record is not None and record.restored_at is None else None


async def _locked_link(session: AsyncSession, parent_id: int, student_id: int) -> Learner:
    """The link, its parent and who lends it locked. NotFoundError."""
    learners = LearnerRepository(session)
    link = await learners.find_link(parent_id, student_id)
    holders = {parent_id} | ({link.invited_by} if link is not None and link.invited_by is not None else set())
    locked = await ParentRepository(session).lock_all(holders)
    link = await learners.lock_link(parent_id, student_id)
    if link is None or parent_id not in locked or not {link.invited_by, parent_id} - {None} <= locked.keys():
        raise NotFoundError("child_unknown")
    return link


async def undo_unlink(parent: ParentView, student_id: int) -> Child:
    """Restore the link that this parent ended last with this child, as it was, within ten minutes.

    No right follows from it: the guardian must still be the parent's own, or the lender must still have the child and
    have revoked nothing; adults who lost the child with it are let in anew, or not. Pressed again it changes nothing.

    NotFoundError if there is nothing to restore, UnavailableError if the platform cannot be asked.
    """
    now = clock.now()
    async with get_session() as session:
        record = await UnlinkRecordRepository(session).newest(parent.parent_id, student_id, now - UNDO_LIFE)
        right = await _right_of(session, record)
    if record is None:
        raise NotFoundError("child_unknown")
    allowed = await list_viewable_children([record.guardian_id])
    child = next((child for child in allowed if child.student_id == student_id), None)
    if child is None:
        raise NotFoundError("child_unknown")
    async with get_session() as session:
        holders = {parent.parent_id} | ({right.lender_id} if right is not None else set())
        if (await ParentRepository(session).lock_all(holders)).keys() != holders:
            raise NotFoundError("child_unknown")
        if await _restore(session, record, right, now):
            await EventLogService.log_user_action("children_linked", parent.telegram_id, linked=1)
        elif await LearnerRepository(session).find_link(parent.parent_id, student_id) is None:
            raise NotFoundError("child_unknown")
    return child


async def _right_of(session: AsyncSession, record: UnlinkRecord | None) -> LentRight | None:
    if record is None or record.lent_right_id is None:
        return None
    return await LentRightRepository(session).get(record.lent_right_id)


async def _restore(session: AsyncSession, record: UnlinkRecord, right: LentRight | None, now: datetime) -> bool:
    """False where the record was restored before. NotFoundError where the link has nothing to stand on any more."""
    learners = LearnerRepository(session)
    if not await UnlinkRecordRepository(session).claim(record.id, now):
        return False
    if right is None:
        bearable = record.guardian_id in await learners.guardians_of(record.parent_id)
    else:
        lenders = await learners.find_link(right.lender_id, record.platform_student_id)
        bearable = (
            lenders is not None
            and lenders.invited_by is None
            and await LentRightRepository(session).reopen(right.id, record.unlinked_at)
        )
    invited_by = right.lender_id if right is not None else None
    if not bearable or not await UnlinkRecordRepository(session).restore(record, invited_by):
        raise NotFoundError("child_unknown")
    return True
