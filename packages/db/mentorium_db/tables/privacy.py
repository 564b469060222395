"""What a parent has asked of their own data."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from mentorium_db.columns import Key, Written
from mentorium_db.models import Base


class EraseRequest(Base):
    """Somebody was asked whether to delete everything: the yes counts until `expires_at`, and not after the no."""

    __tablename__ = "erase_requests"
    __table_args__ = (CheckConstraint("expires_at > asked_at", name="life"),)

    id: Mapped[Key]
    parent_id: Mapped[int] = mapped_column(ForeignKey("parents.id", ondelete="CASCADE"), index=True)
    asked_at: Mapped[Written]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    declined_at: Mapped[datetime | None]
