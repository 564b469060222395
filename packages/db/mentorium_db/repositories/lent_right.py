"""What one adult has lent to another: given, taken back, and the borrowed links that stand on it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ARRAY, BigInteger, DateTime, Integer, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.statements import prepared
from mentorium_db.tables.rights import LentRight

BorrowedLink = tuple[int, int]
"""The parent who borrows, and the student."""

# Where another lender's right stands, the link goes over to it instead of ending.
_GO_OVER: Final = prepared(
    """
    UPDATE learners l SET invited_by = other.lender_id, guardian_id = other.guardian_id
    FROM unnest(:borrowers, :students) AS ended (borrower_id, student_id), LATERAL (
        SELECT r.lender_id, own.guardian_id
        FROM lent_rights r
        JOIN learners own ON own.parent_id = r.lender_id AND own.platform_student_id = r.platform_student_id
            AND own.invited_by IS NULL
        WHERE r.borrower_id = ended.borrower_id AND r.platform_student_id = ended.student_id
            AND r.revoked_at IS NULL AND r.lender_id <> :lender
        ORDER BY r.id DESC LIMIT 1
    ) AS other
    WHERE l.parent_id = ended.borrower_id AND l.platform_student_id = ended.student_id AND l.invited_by = :lender
    """,
    borrowers=ARRAY(BigInteger),
    students=ARRAY(BigInteger),
    lender=BigInteger(),
)
_END: Final = prepared(
    """
    DELETE FROM learners l USING unnest(:borrowers, :students) AS ended (borrower_id, student_id)
    WHERE l.parent_id = ended.borrower_id AND l.platform_student_id = ended.student_id AND l.invited_by = :lender
    RETURNING l.parent_id, l.platform_student_id
    """,
    borrowers=ARRAY(BigInteger),
    students=ARRAY(BigInteger),
    lender=BigInteger(),
)
_ADOPT: Final = prepared(
    """
    INSERT INTO lent_rights (lender_id, borrower_id, platform_student_id, borrower_name, since)
    SELECT l.invited_by, l.parent_id, l.platform_student_id, coalesce((
        SELECT j.name FROM join_requests j JOIN invitations i ON i.id = j.invitation_id
        WHERE i.inviter_id = l.invited_by AND j.invitee_id = l.parent_id AND j.status = 'accepted'
        ORDER BY j.id DESC LIMIT 1
    ), '?'), least(l.added_at, :now)
    FROM learners l
    WHERE l.invited_by IS NOT NULL AND NOT EXISTS (
        SELECT FROM lent_rights r
        WHERE r.lender_id = l.invited_by AND r.borrower_id = l.parent_id
            AND r.platform_student_id = l.platform_student_id
    )
    ORDER BY l.id LIMIT :most
    ON CONFLICT DO NOTHING RETURNING id
    """,
    now=DateTime(timezone=True),
    most=Integer(),
)


class LentRightRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def lend(self, lender_id: int, borrower_id: int, student_id: int, name: str, now: datetime) -> None:
        """Give the right, called by the borrower's `name`; one that stands already stays as it is."""
        await self.session.execute(
            insert(LentRight)
            .values(
                lender_id=lender_id,
                borrower_id=borrower_id,
                platform_student_id=student_id,
                borrower_name=name,
                since=now,
            )
            .on_conflict_do_nothing(
                index_elements=[LentRight.lender_id, LentRight.borrower_id, LentRight.platform_student_id],
                index_where=LentRight.revoked_at.is_(None),
            )
        )

    async def get(self, right_id: int) -> LentRight | None:
        """As stored now, whether it stands or not."""
        return await self.session.get(LentRight, right_id, populate_existing=True)

    async def standing_of(self, lender_id: int, borrower_id: int | None = None) -> list[LentRight]:
        """What this lender has lent and not taken back, to this borrower or to anybody, oldest first."""
        wanted = select(LentRight).where(LentRight.lender_id == lender_id, LentRight.revoked_at.is_(None))
        if borrower_id is not None:
            wanted = wanted.where(LentRight.borrower_id == borrower_id)
        return list(await self.session.scalars(wanted.order_by(LentRight.id)))

    async def standing_between(self, lender_id: int, borrower_id: int, student_id: int) -> LentRight | None:
        """The right by which the borrower sees this child, if it stands."""
        return await self.session.scalar(
            select(LentRight).where(
                LentRight.lender_id == lender_id,
                LentRight.borrower_id == borrower_id,
                LentRight.platform_student_id == student_id,
                LentRight.revoked_at.is_(None),
            )
        )

    async def revoke(self, right_ids: Collection[int], now: datetime) -> None:
        """They stand no more; those that did not stay as they are."""
        await self.session.execute(
            update(LentRight)
            .where(LentRight.id.in_(right_ids), LentRight.revoked_at.is_(None))
            .values(revoked_at=func.greatest(LentRight.since, now))
            .execution_options(synchronize_session=False)
        )

    async def revoke_borrowed(self, borrower_id: int, student_id: int, now: datetime) -> None:
        """Whoever has lent this child to the borrower: it is given back."""
        await self.session.execute(
            update(LentRight)
            .where(
                LentRight.borrower_id == borrower_id,
                LentRight.platform_student_id == student_id,
                LentRight.revoked_at.is_(None),
            )
            .values(revoked_at=func.greatest(LentRight.since, now))
            .execution_options(synchronize_session=False)
        )

    async def reopen(self, right_id: int, given_back_at: datetime) -> bool:
        """Take a giving back at that moment back; False where the right ended otherwise, or another stands."""
        right = await self.get(right_id)
        if right is None or right.revoked_at != given_back_at:
            return False
        if await self.standing_between(right.lender_id, right.borrower_id, right.platform_student_id) is not None:
            return False
        right.revoked_at = None
        await self.session.flush()
        return True

    async def end_links(self, lender_id: int, ended: Sequence[BorrowedLink]) -> list[BorrowedLink]:
        """End the links that stood on rights of this lender, which are revoked; which of them are gone.

        One that another lender's right bears as well goes over to that.
        """
        parameters = {
            "borrowers": [borrower for borrower, _ in ended],
            "students": [student for _, student in ended],
            "lender": lender_id,
        }
        await self.session.execute(_GO_OVER, parameters)
        return [(row[0], row[1]) for row in await self.session.execute(_END, parameters)]

    async def adopt(self, now: datetime, most: int) -> int:
        """Rows for borrowed links that a release before has written; how many. A revoked right is never given anew."""
        adopted = await self.session.scalars(_ADOPT, {"now": now, "most": most})
        return len(adopted.all())
