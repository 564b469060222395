"""Rights as rows: what one adult has lent to another, and unlinkings that may be taken back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from mentorium_db.columns import BigInt, Key, Written, one_of
from mentorium_db.models import Base
from mentorium_domain.enums import LinkSource


class LentRight(Base):
    """`lender` lets `borrower` see one child, from `since` on. A borrowed link (`learners`) stands on such a row.

    Once revoked it stays so; who is let in anew gets a new row. The one exception is a borrower who left the child and
    takes that back (`UnlinkRecord`).
    """

    __tablename__ = "lent_rights"
    __table_args__ = (
        CheckConstraint("platform_student_id > 0", name="platform_student_id"),
        CheckConstraint("lender_id <> borrower_id", name="another"),
        CheckConstraint("revoked_at >= since", name="revoked_at"),
        Index(
            "uq_lent_rights_standing",
            "lender_id",
            "borrower_id",
            "platform_student_id",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
        ),
        Index(None, "borrower_id", "platform_student_id"),
        Index(None, "revoked_at"),
    )

    id: Mapped[Key]
    lender_id: Mapped[int] = mapped_column(ForeignKey("parents.id", ondelete="CASCADE"))
    borrower_id: Mapped[int] = mapped_column(ForeignKey("parents.id", ondelete="CASCADE"))
    platform_student_id: Mapped[BigInt]
    borrower_name: Mapped[str] = mapped_column(String(200))
    """As the borrower was called when the lender said yes."""
    since: Mapped[Written]
    revoked_at: Mapped[datetime | None]


class UnlinkRecord(Base):
    """A link that its parent has ended: the row of `learners` as it was, for an undo within minutes.

    `lent_right_id`: the right that ended with it, where the link was borrowed.
    """

    __tablename__ = "unlink_records"
    __table_args__ = (
        CheckConstraint("platform_student_id > 0 AND guardian_id > 0", name="platform_ids"),
        CheckConstraint(
            f"(source = '{LinkSource.INVITATION}') = (lent_right_id IS NOT NULL)",
            name="lent_right",
        ),
        CheckConstraint("restored_at >= unlinked_at", name="restored_at"),
        Index(None, "parent_id", "platform_student_id"),
        Index(None, "lent_right_id"),
        Index(None, "unlinked_at"),
    )

    id: Mapped[Key]
    parent_id: Mapped[int] = mapped_column(ForeignKey("parents.id", ondelete="CASCADE"))
    learner_id: Mapped[int]
    platform_student_id: Mapped[BigInt]
    guardian_id: Mapped[BigInt]
    lent_right_id: Mapped[int | None] = mapped_column(ForeignKey("lent_rights.id", ondelete="CASCADE"))
    first_name: Mapped[str | None] = mapped_column(String(100))
    last_name: Mapped[str | None] = mapped_column(String(100))
    source: Mapped[LinkSource] = mapped_column(one_of(LinkSource, "source", length=20))
    added_at: Mapped[datetime]
    unlinked_at: Mapped[Written]
    restored_at: Mapped[datetime | None]
