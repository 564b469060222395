"""Which children, and which guardians of the platform, a parent is linked to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.util import AliasedClass

from mentorium_db.columns import among
from mentorium_db.models import Learner, Parent
from mentorium_db.tables.identity import GuardianLink, UsedLinkCode
from mentorium_db.tables.rights import LentRight
from mentorium_domain.enums import LinkSource


def link_stands(link: type[Learner] | AliasedClass[Learner] = Learner) -> ColumnElement[bool]:
    """Whether a link is the parent's own, or the right it stands on is lent still."""
    lent = exists().where(
        LentRight.lender_id == link.invited_by,
        LentRight.borrower_id == link.parent_id,
        LentRight.platform_student_id == link.platform_student_id,
        LentRight.revoked_at.is_(None),
    )
    return or_(link.invited_by.is_(None), lent)


class LearnerRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def list_for_parent(self, parent_id: int) -> list[Learner]:
        """In the order in which they were linked; a borrowed link counts only while its right is lent."""
        found = await self.session.scalars(
            select(Learner).where(Learner.parent_id == parent_id, link_stands()).order_by(Learner.id)
        )
        return list(found)

    async def links_of(self, parent_ids: Collection[int]) -> list[tuple[int, int, int]]:
        """(parent, guardian, student) of the links of these parents that stand."""
        rows = await self.session.execute(
            select(Learner.parent_id, Learner.guardian_id, Learner.platform_student_id)
            .where(Learner.parent_id == among(parent_ids), link_stands())
            .order_by(Learner.id)
        )
        return [(row[0], row[1], row[2]) for row in rows]

    async def link(
        self,
        parent_id: int,
        *,
        guardian_id: int,
        student_id: int,
        first_name: str | None,
        last_name: str | None,
        source: LinkSource,
        now: datetime,
        invited_by: int | None = None,
    ) -> Learner:
        """Link the child. One who is linked already keeps row and `added_at`; name, guardian and source are renewed.

        `invited_by` is the parent on whose guardian's rights an invited adult stands.
        """
        fresh = {
            "guardian_id": guardian_id,
            "first_name": first_name,
            "last_name": last_name,
            "source": source,
            "invited_by": invited_by,
        }
        linked = await self.session.scalars(
            insert(Learner)
            .values(parent_id=parent_id, platform_student_id=student_id, added_at=now, **fresh)
            .on_conflict_do_update(index_elements=[Learner.parent_id, Learner.platform_student_id], set_=fresh)
            .returning(Learner),
            execution_options={"populate_existing": True},
        )
        return linked.one()

    async def add_guardian(self, parent_id: int, guardian_id: int, source: LinkSource, now: datetime) -> None:
        """Remember that the parent is this guardian; harmless when that is known."""
        await self.session.execute(
            insert(GuardianLink)
            .values(parent_id=parent_id, guardian_id=guardian_id, source=source, linked_at=now)
            .on_conflict_do_nothing(index_elements=[GuardianLink.parent_id, GuardianLink.guardian_id])
        )

    async def guardians_of(self, parent_id: int) -> list[int]:
        """Guardian ids of the platform, in the order in which they were linked."""
        found = await self.session.scalars(
            select(GuardianLink.guardian_id).where(GuardianLink.parent_id == parent_id).order_by(GuardianLink.id)
        )
        return list(found)

    async def guardians_linked_by(self, parent_id: int, source: LinkSource, since: datetime) -> list[int]:
        """Guardian ids that the parent has proved in this way after that moment."""
        found = await self.session.scalars(
            select(GuardianLink.guardian_id)
            .where(GuardianLink.parent_id == parent_id, GuardianLink.source == source, GuardianLink.linked_at > since)
            .order_by(GuardianLink.id)
        )
        return list(found)

    async def find_link(self, parent_id: int, student_id: int) -> Learner | None:
        """The parent's link with the child, as stored now."""
        return await self.session.scalar(
            select(Learner).where(
                Learner.parent_id == parent_id, Learner.platform_student_id == student_id, link_stands()
            ),
            execution_options={"populate_existing": True},
        )

    async def lock_link(self, parent_id: int, student_id: int) -> Learner | None:
        """The parent's link with the child, locked until the unit of work ends."""
        return await self.session.scalar(
            select(Learner)
            .where(Learner.parent_id == parent_id, Learner.platform_student_id == student_id, link_stands())
            .with_for_update(),
            execution_options={"populate_existing": True},
        )

    async def unlink(self, learner: Learner) -> None:
        """End this link."""
        await self.session.delete(learner)
        await self.session.flush()

    async def parents_of_guardian(self, guardian_id: int) -> list[Parent]:
        """Everybody who proved to be this guardian, in the order in which they did."""
        found = await self.session.scalars(
            select(Parent)
            .join(GuardianLink, GuardianLink.parent_id == Parent.id)
            .where(GuardianLink.guardian_id == guardian_id)
            .order_by(GuardianLink.id)
        )
        return list(found)

    async def claim_link_code(self, nonce: bytes, guardian_id: int, parent_telegram_id: int, now: datetime) -> bool:
        """Use the code up. False if it was used before; of two who claim it at the same moment one gets True.

        The parent's row must exist when the unit of work ends, not yet when it begins.
        """
        claimed = await self.session.scalar(
            insert(UsedLinkCode)
            .values(nonce=nonce, guardian_id=guardian_id, parent_telegram_id=parent_telegram_id, used_at=now)
            .on_conflict_do_nothing(index_elements=[UsedLinkCode.nonce])
            .returning(UsedLinkCode.nonce)
        )
        return claimed is not None

    async def use_of_link_code(self, nonce: bytes) -> UsedLinkCode | None:
        """By whom it was used (None once their data are erased), and when; None for one that was not."""
        return await self.session.get(UsedLinkCode, nonce)
