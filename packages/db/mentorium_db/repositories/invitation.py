"""Invitations and the requests of those who came with them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.enums import JoinStatus
from mentorium_db.models import Parent
from mentorium_db.tables.invitations import Invitation, JoinRequest


class InvitationRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, inviter_id: int, token_hash: str, now: datetime, expires_at: datetime) -> None:
        self.session.add(
            Invitation(inviter_id=inviter_id, token_hash=token_hash, created_at=now, expires_at=expires_at)
        )
        await self.session.flush()

    async def by_hash(self, token_hash: str) -> Invitation | None:
        return await self.session.scalar(select(Invitation).where(Invitation.token_hash == token_hash))

    async def by_id(self, invitation_id: int) -> Invitation | None:
        return await self.session.get(Invitation, invitation_id)

    async def inviter_of(self, invitation_id: int) -> Parent | None:
        return await self.session.scalar(
            select(Parent).join(Invitation, Invitation.inviter_id == Parent.id).where(Invitation.id == invitation_id)
        )

    async def inviters_of(self, invitee_id: int) -> list[int]:
        """Ids of the parents who have let this one in, newest first."""
        found = await self.session.scalars(
            select(Invitation.inviter_id)
            .join(JoinRequest, JoinRequest.invitation_id == Invitation.id)
            .where(JoinRequest.invitee_id == invitee_id, JoinRequest.status == JoinStatus.ACCEPTED)
            .order_by(JoinRequest.id.desc())
        )
        return list(found)

    async def request_of(self, invitation_id: int) -> JoinRequest | None:
        return await self.session.scalar(select(JoinRequest).where(JoinRequest.invitation_id == invitation_id))

    async def ask(self, invitation_id: int, invitee_id: int, name: str, now: datetime) -> JoinRequest | None:
        """The request; None if the invitation has brought somebody already."""
        asked = await self.session.scalars(
            insert(JoinRequest)
            .values(invitation_id=invitation_id, invitee_id=invitee_id, name=name, asked_at=now)
            .on_conflict_do_nothing(index_elements=[JoinRequest.invitation_id])
            .returning(JoinRequest)
        )
        return asked.one_or_none()

    async def answer(self, request_id: int, inviter_id: int, status: JoinStatus, now: datetime) -> JoinRequest | None:
        """Settle a request that waits for this inviter's answer; None if there is none. Of two answers one counts."""
        invitations = select(Invitation.id).where(Invitation.inviter_id == inviter_id)
        answered = await self.session.scalars(
            update(JoinRequest)
            .where(
                JoinRequest.id == request_id,
                JoinRequest.status == JoinStatus.PENDING,
                JoinRequest.invitation_id.in_(invitations),
            )
            .values(status=status, answered_at=now)
            .returning(JoinRequest)
        )
        return answered.one_or_none()
