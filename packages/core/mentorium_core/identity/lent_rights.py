"""Lent rights: what one adult lets another see, and how the lender takes it back.

A right is a row (lender, borrower, student, since, revoked_at); a borrowed link counts only while its row stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.i18n import t
from mentorium_core.identity.model import Expelled, ParentView
from mentorium_core.identity.queries import view_of, views_of
from mentorium_db import get_session
from mentorium_db.repositories import (
    AlertRepository,
    LentRightRepository,
    NotificationRepository,
    ParentRepository,
    UnlinkRecordRepository,
)
from mentorium_db.repositories.lent_right import BorrowedLink
from mentorium_db.tables.rights import LentRight
from mentorium_domain.enums import NotificationType
from mentorium_domain.outbox import LIFE, OutboxMessage
from mentorium_kit import clock
from mentorium_kit.errors import NotFoundError
from mentorium_observability import EventLogService

REDELIVERY: Final = timedelta(minutes=15)
"""So long may the update of a press come again; what it did is not done twice, and its answer is the same."""
_ADOPTED_AT_ONCE: Final = 1000


async def expel_adult(lender: ParentView, right_id: int) -> Expelled:
    """Take back all that this lender has lent to the borrower of this right, at once.

    Pressed again within a quarter of an hour it changes nothing and returns the same. NotFoundError for a right that is
    not the lender's, or was taken back before.
    """
    async with get_session() as session:
        rights, records = LentRightRepository(session), UnlinkRecordRepository(session)
        right = await rights.get(right_id)
        if right is None or right.lender_id != lender.parent_id:
            raise NotFoundError("right_unknown")
        locked = await ParentRepository(session).lock_all({lender.parent_id, right.borrower_id})
        if len(locked) < 2:
            raise NotFoundError("right_unknown")
        now = clock.now()
        standing = await rights.standing_of(lender.parent_id, right.borrower_id)
        voided = await records.void_borrowed(lender.parent_id, right.borrower_id, None)
        gone = await end_rights(session, standing, now)
        await tell_borrowers(session, standing, await borrowers_of(session, gone), now)
        borrower = await view_of(session, locked[right.borrower_id])
        if standing or voided:
            await EventLogService.log_user_action("adult_expelled", lender.telegram_id, rights=len(standing))
        elif not await _ended_lately(rights, right_id, now):
            raise NotFoundError("right_unknown")
        return Expelled(right.borrower_name, borrower, loses=bool(gone))


async def _ended_lately(rights: LentRightRepository, right_id: int, now: datetime) -> bool:
    right = await rights.get(right_id)
    return right is not None and right.revoked_at is not None and right.revoked_at > now - REDELIVERY


async def end_rights(session: AsyncSession, rights: Sequence[LentRight], now: datetime) -> list[BorrowedLink]:
    """Revoke the rights of one lender, the links that stand on them, and what waits for these; which links are gone.

    One that another lender's right bears as well, or that is the borrower's own, stays.
    """
    if not rights:
        return []
    repository = LentRightRepository(session)
    await repository.revoke([right.id for right in rights], now)
    pairs = [(right.borrower_id, right.platform_student_id) for right in rights]
    gone = await repository.end_links(rights[0].lender_id, pairs)
    await NotificationRepository(session).forget_waiting(gone)
    await AlertRepository(session).forget_links(gone)
    return gone


async def end_rights_of_lender(session: AsyncSession, lender_id: int, now: datetime) -> tuple[ParentView, ...]:
    """Whoever leaves takes along what they have lent; those who lose a child by that. The lender is locked already."""
    gone = await end_rights(session, await LentRightRepository(session).standing_of(lender_id), now)
    return await borrowers_of(session, gone)


async def borrowers_of(session: AsyncSession, gone: Sequence[BorrowedLink]) -> tuple[ParentView, ...]:
    """The parents of links that are gone, each once."""
    parents = ParentRepository(session)
    found = [await parents.get(parent_id) for parent_id in sorted({borrower for borrower, _ in gone})]
    return await views_of(session, [parent for parent in found if parent is not None])


async def tell_borrowers(
    session: AsyncSession, ended: Sequence[LentRight], borrowers: Sequence[ParentView], now: datetime
) -> None:
    """Tell those who lose a child by the end of these rights, in the commit that ends them: once, whoever is killed."""
    latest = {right.borrower_id: right.id for right in sorted(ended, key=lambda right: right.id)}
    await NotificationRepository(session).add(
        [
            OutboxMessage(
                telegram_id=borrower.telegram_id,
                kind=NotificationType.SUBSCRIPTION,
                message=t(borrower.language, "lent-taken-back"),
                dedup_key=f"lent_taken_back:r{latest[borrower.parent_id]}",
                send_at=now,
                expires_at=now + LIFE[NotificationType.SUBSCRIPTION],
            )
            for borrower in borrowers
        ],
        now,
    )


async def adopt_borrowed_links() -> int:
    """Give their rows to borrowed links that a release before has written while both ran; how many. Joins a unit."""
    async with get_session() as session:
        return await LentRightRepository(session).adopt(clock.now(), _ADOPTED_AT_ONCE)
