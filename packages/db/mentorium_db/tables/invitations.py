"""A second adult in the family: the invitation, and the request of the one who came with it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from mentorium_db.columns import Key, Written, one_of
from mentorium_db.models import Base
from mentorium_domain.enums import JoinStatus


class InvitationRow(Base):
    """A link that one other adult may use; only the hash of what it says is kept."""

    __tablename__ = "invitations"
    __table_args__ = (CheckConstraint("expires_at > created_at", name="life"), Index(None, "expires_at"))

    id: Mapped[Key]
    inviter_id: Mapped[int] = mapped_column(ForeignKey("parents.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[Written]
    expires_at: Mapped[datetime]


class JoinRequestRow(Base):
    """Who came with the invitation, and what the inviter said of them. An invitation brings one."""

    __tablename__ = "join_requests"
    __table_args__ = (
        CheckConstraint(f"(status = '{JoinStatus.PENDING}') = (answered_at IS NULL)", name="answered"),
        Index(None, "invitee_id"),
    )

    id: Mapped[Key]
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id", ondelete="CASCADE"), unique=True)
    invitee_id: Mapped[int] = mapped_column(ForeignKey("parents.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    student_ids: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    """The children that the inviter was asked about: a yes covers no others. NULL where a release before has asked."""
    status: Mapped[JoinStatus] = mapped_column(
        one_of(JoinStatus, "status", length=20), server_default=JoinStatus.PENDING
    )
    asked_at: Mapped[Written]
    answered_at: Mapped[datetime | None]
