"""Who a parent is on the platform, how that was proved, and what they agreed to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mentorium_db.columns import BigInt, Key, Written, one_of
from mentorium_db.models import Base
from mentorium_domain.enums import CodeAttemptKind, ConsentKind, Language, LinkSource


class GuardianLink(Base):
    """This parent is that guardian of the platform."""

    __tablename__ = "guardian_links"
    __table_args__ = (
        UniqueConstraint("parent_id", "guardian_id"),
        CheckConstraint("guardian_id > 0", name="guardian_id"),
    )

    id: Mapped[Key]
    parent_id: Mapped[int] = mapped_column(ForeignKey("parents.id", ondelete="CASCADE"))
    guardian_id: Mapped[BigInt] = mapped_column(index=True)
    source: Mapped[LinkSource] = mapped_column(one_of(LinkSource, "source", length=20))
    linked_at: Mapped[Written]


class UsedLinkCode(Base):
    """A deep link works once: its nonce stands here from then on, even when the parent's data are erased."""

    __tablename__ = "used_link_codes"
    __table_args__ = (CheckConstraint("octet_length(nonce) = 6", name="nonce"), Index(None, "used_at"))

    nonce: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    guardian_id: Mapped[BigInt]
    parent_telegram_id: Mapped[BigInt | None] = mapped_column(
        # Deferred: the code is claimed first, the parent is written later in the same unit of work.
        ForeignKey("parents.telegram_id", ondelete="SET NULL", deferrable=True, initially="DEFERRED"),
        index=True,
    )
    used_at: Mapped[Written]


class Consent(Base):
    """What was agreed to: the version and hash of the text, in the language it was read in."""

    __tablename__ = "consents"
    __table_args__ = (
        CheckConstraint("withdrawn_at >= granted_at", name="withdrawn_at"),
        CheckConstraint("version <> '' AND text_hash <> ''", name="text"),
        Index(
            "uq_consents_current",
            "parent_id",
            "kind",
            "version",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index(None, "parent_id"),
    )

    id: Mapped[Key]
    parent_id: Mapped[int] = mapped_column(ForeignKey("parents.id", ondelete="CASCADE"))
    kind: Mapped[ConsentKind] = mapped_column(one_of(ConsentKind, "kind", length=30))
    version: Mapped[str] = mapped_column(String(20))
    text_hash: Mapped[str] = mapped_column(String(64))
    language: Mapped[Language]
    granted_at: Mapped[Written]
    withdrawn_at: Mapped[datetime | None]


class EmailCode(Base):
    """The code that this parent was mailed and has not typed yet; `parents.registration_code` holds its mark."""

    __tablename__ = "email_codes"
    __table_args__ = (
        CheckConstraint("tries >= 0", name="tries"),
        CheckConstraint("expires_at > created_at", name="life"),
        Index(None, "expires_at"),
    )

    parent_id: Mapped[int] = mapped_column(ForeignKey("parents.id", ondelete="CASCADE"), primary_key=True)
    email: Mapped[str] = mapped_column(String(255))
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[Written]
    expires_at: Mapped[datetime]


class CodeAttempt(Base):
    """Somebody asked for a code, or typed a wrong one.

    `subject` is an HMAC of the address or of the Telegram id: it counts without naming, and so may outlive the parent.
    """

    __tablename__ = "code_attempts"
    __table_args__ = (Index(None, "subject", "attempted_at"), Index(None, "attempted_at"))

    id: Mapped[Key]
    subject: Mapped[str] = mapped_column(String(64))
    kind: Mapped[CodeAttemptKind] = mapped_column(one_of(CodeAttemptKind, "kind", length=20))
    attempted_at: Mapped[Written]
