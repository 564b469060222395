"""What the staff's chat was told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from mentorium_db.models import Base, EventLog


class StaffNews(Base):
    """The staff's chat has been told of this event: it is told once."""

    __tablename__ = "staff_news"

    event_id: Mapped[int] = mapped_column(
        ForeignKey("event_logs.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    told_at: Mapped[datetime]


Index("ix_event_logs_severe", EventLog.created_at, postgresql_where=text("severity IN ('ERROR', 'CRITICAL')"))
"""What the staff is to be told of is looked for every few seconds."""
