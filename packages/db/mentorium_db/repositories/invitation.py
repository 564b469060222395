"""Invitations and the requests of those who came with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.models import Parent
from mentorium_db.tables.invitations import InvitationRow, JoinRequestRow
from mentorium_domain.enums import JoinStatus


class InvitationRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, inviter_id: int, token_hash: str, now: datetime, expires_at: datetime) -> None:
        self.session.add(
            InvitationRow(inviter_id=inviter_id, token_hash=token_hash, created_at=now, expires_at=expires_at)
        )
        await self.session.flush()

    async def open_of(self, inviter_id: int, now: datetime) -> int:
        """How many of this inviter's invitations could still bring somebody."""
        return await self._count(
            InvitationRow.inviter_id == inviter_id,
            InvitationRow.expires_at > now,
            ~exists().where(JoinRequestRow.invitation_id == InvitationRow.id),
        )

    async def made_since(self, inviter_id: int, moment: datetime) -> int:
        return await self._count(InvitationRow.inviter_id == inviter_id, InvitationRow.created_at > moment)

    async def _count(self, *conditions: ColumnElement[bool]) -> int:
        counted = select(func.count()).select_from(InvitationRow).where(*conditions)
        return await self.session.scalar(counted) or 0

    async def by_hash(self, token_hash: str) -> InvitationRow | None:
        return await self.session.scalar(select(InvitationRow).where(InvitationRow.token_hash == token_hash))

    async def by_id(self, invitation_id: int) -> InvitationRow | None:
        return await self.session.get(InvitationRow, invitation_id)

    async def inviter_of(self, invitation_id: int) -> Parent | None:
        return await self.session.scalar(
            select(Parent)
            .join(InvitationRow, InvitationRow.inviter_id == Parent.id)
            .where(InvitationRow.id == invitation_id)
        )

    async def is_waiting(self, invitee_id: int) -> bool:
        """Whether a request of this parent has not been answered yet."""
        waiting = exists().where(JoinRequestRow.invitee_id == invitee_id, JoinRequestRow.status == JoinStatus.PENDING)
        return bool(await self.session.scalar(select(waiting)))

    async def request_of(self, invitation_id: int) -> JoinRequestRow | None:
        return await self.session.scalar(select(JoinRequestRow).where(JoinRequestRow.invitation_id == invitation_id))

    async def request_to(self, inviter_id: int, request_id: int) -> JoinRequestRow | None:
        """This request, if this inviter is to answer it or has."""
        return await self.session.scalar(
            select(JoinRequestRow)
            .join(InvitationRow, InvitationRow.id == JoinRequestRow.invitation_id)
            .where(JoinRequestRow.id == request_id, InvitationRow.inviter_id == inviter_id)
        )

    async def ask(
        self, invitation_id: int, invitee_id: int, name: str, student_ids: Sequence[int], now: datetime
    ) -> JoinRequestRow | None:
        """The request to see these children; None if the invitation has brought somebody already."""
        asked = await self.session.scalars(
            insert(JoinRequestRow)
            .values(
                invitation_id=invitation_id,
                invitee_id=invitee_id,
                name=name,
                student_ids=list(student_ids),
                asked_at=now,
            )
            .on_conflict_do_nothing(index_elements=[JoinRequestRow.invitation_id])
            .returning(JoinRequestRow)
        )
        return asked.one_or_none()

    async def answered_since(
        self, request_id: int, inviter_id: int, status: JoinStatus, since: datetime
    ) -> JoinRequestRow | None:
        """The request that this inviter has answered so, at `since` or later."""
        return await self.session.scalar(
            select(JoinRequestRow)
            .join(InvitationRow, InvitationRow.id == JoinRequestRow.invitation_id)
            .where(
                JoinRequestRow.id == request_id,
                InvitationRow.inviter_id == inviter_id,
                JoinRequestRow.status == status,
                JoinRequestRow.answered_at >= since,
            )
        )

    async def answer(
        self, request_id: int, inviter_id: int, status: JoinStatus, now: datetime
    ) -> JoinRequestRow | None:
        """Settle a request that waits for this inviter's answer; None if there is none. Of two answers one counts."""
        invitations = select(InvitationRow.id).where(InvitationRow.inviter_id == inviter_id)
        answered = await self.session.scalars(
            update(JoinRequestRow)
            .where(
                JoinRequestRow.id == request_id,
                JoinRequestRow.status == JoinStatus.PENDING,
                JoinRequestRow.invitation_id.in_(invitations),
            )
            .values(status=status, answered_at=now)
            .returning(JoinRequestRow)
        )
        return answered.one_or_none()
