"""Reports by e-mail: whether and where a parent wants them, and what was mailed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from mentorium_db.columns import BigInt, Key, Written, one_of
from mentorium_db.models import Base
from mentorium_domain.enums import AddressSource, EmailOff, EmailStatus, EmailWish


class EmailChannel(Base):
    """A parent's consent to e-mail, of `wished_at`, to this address. `refusals`: permanent ones, in a row."""

    __tablename__ = "email_channels"
    __table_args__ = (
        CheckConstraint(f"(wish = '{EmailWish.OFF}') = (off_reason IS NOT NULL)", name="off"),
        CheckConstraint("refusals >= 0", name="refusals"),
        CheckConstraint("address <> ''", name="address"),
    )

    parent_id: Mapped[int] = mapped_column(ForeignKey("parents.id", ondelete="CASCADE"), primary_key=True)
    wish: Mapped[EmailWish] = mapped_column(one_of(EmailWish, "wish", length=20))
    address: Mapped[str] = mapped_column(String(255))
    source: Mapped[AddressSource] = mapped_column(one_of(AddressSource, "source", length=20))
    wished_at: Mapped[Written]
    refusals: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    off_reason: Mapped[EmailOff | None] = mapped_column(one_of(EmailOff, "off_reason", length=20))
    changed_at: Mapped[Written]


class EmailMessage(Base):
    """A letter: a report, or a notice with its own text. It is sent once; in doubt it is not sent again."""

    __tablename__ = "email_messages"
    __table_args__ = (
        CheckConstraint(f"(status = '{EmailStatus.SENT}') = (sent_at IS NOT NULL)", name="sent"),
        CheckConstraint("platform_student_id > 0", name="platform_student_id"),
        CheckConstraint("tries >= 0", name="tries"),
        Index(None, "parent_id", "id"),
        Index(None, "created_at"),
        # What the mail server took last, and what it has refused since: found at its end.
        Index("ix_email_messages_ended", "status", "id", postgresql_where=text("status IN ('sent', 'refused')")),
        Index("ix_email_messages_report_id", "report_id", postgresql_where=text("report_id IS NOT NULL")),
    )

    id: Mapped[Key]
    parent_id: Mapped[int] = mapped_column(ForeignKey("parents.id", ondelete="CASCADE"))
    dedup_key: Mapped[str] = mapped_column(String(200), unique=True)
    address: Mapped[str] = mapped_column(String(255))
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report_history.id", ondelete="SET NULL"))
    platform_student_id: Mapped[BigInt | None]
    message: Mapped[str | None] = mapped_column(Text)
    """Of a notice; the text of a report stands in its document."""
    status: Mapped[EmailStatus] = mapped_column(
        one_of(EmailStatus, "status", length=20), server_default=EmailStatus.PENDING
    )
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    reason: Mapped[str | None] = mapped_column(String(100))
    created_at: Mapped[Written]
    expires_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
