"""Watching the platform: how far its feeds were read, what is to be told of it, and the daily checks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mentorium_db.columns import BigInt, Key, Written, one_of
from mentorium_db.models import Base
from mentorium_domain.enums import AlertKind, AlertOutcome


class FeedCursor(Base):
    """The cursor of a feed: all rows before it, in the order of (`reached_at`, `reached_id`), have been taken in."""

    __tablename__ = "feed_cursors"

    feed: Mapped[str] = mapped_column(String(30), primary_key=True)
    reached_at: Mapped[datetime]
    """By the platform's clock."""
    reached_id: Mapped[BigInt]
    moved_at: Mapped[Written]
    """The product's time."""


class Alert(Base):
    """Something that one parent is to hear of one child, once; what it says goes when it has been told."""

    __tablename__ = "alerts"
    __table_args__ = (
        UniqueConstraint("parent_id", "fact_key"),
        CheckConstraint("platform_student_id > 0", name="platform_student_id"),
        CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ended"),
        CheckConstraint("expires_at > due_at", name="life"),
        Index("ix_alerts_due", "due_at", "parent_id", postgresql_where=text("ended_at IS NULL AND due_at IS NOT NULL")),
        Index("ix_alerts_held", "kind", postgresql_where=text("ended_at IS NULL AND due_at IS NULL")),
        Index(None, "created_at"),
    )

    id: Mapped[Key]
    parent_id: Mapped[int] = mapped_column(ForeignKey("parents.id", ondelete="CASCADE"))
    platform_student_id: Mapped[BigInt]
    kind: Mapped[AlertKind] = mapped_column(one_of(AlertKind, "kind", length=30))
    fact_key: Mapped[str] = mapped_column(String(100))
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    happened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    """NULL: held until the check that has found it is judged as a whole."""
    expires_at: Mapped[datetime]
    created_at: Mapped[Written]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[AlertOutcome | None] = mapped_column(one_of(AlertOutcome, "outcome", length=20))


class AlertCheck(Base):
    """The check of all watched children for one kind of alert on one day."""

    __tablename__ = "alert_checks"
    __table_args__ = (CheckConstraint("found <= watched", name="found"),)

    kind: Mapped[AlertKind] = mapped_column(one_of(AlertKind, "kind", length=30), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    started_at: Mapped[Written]
    reached: Mapped[BigInt] = mapped_column(server_default=text("0"))
    """The student id up to which children have been looked at."""
    watched: Mapped[int] = mapped_column(server_default=text("0"))
    found: Mapped[int] = mapped_column(server_default=text("0"))
    finished_at: Mapped[datetime | None]
    stopped: Mapped[bool] = mapped_column(server_default=text("false"))
