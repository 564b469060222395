"""Renewal by a saved card: the card's token, and each charge of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mentorium_db.columns import BigInt, Key, Written, one_of
from mentorium_db.models import Base
from mentorium_domain.enums import RenewalStatus, Tariff


class CardPageLink(Base):
    """A one-time link to the page that sends a card to PayMe; the link as a hash."""

    __tablename__ = "card_page_links"
    __table_args__ = (CheckConstraint("expires_at > created_at", name="life"), Index(None, "expires_at"))

    id: Mapped[Key]
    parent_id: Mapped[int] = mapped_column(ForeignKey("parents.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    tariff: Mapped[Tariff] = mapped_column(one_of(Tariff, "tariff", length=20))
    created_at: Mapped[Written]
    expires_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class SavedCard(Base):
    """A card that PayMe keeps, and the consent to charge it. One that was removed is never charged again."""

    __tablename__ = "saved_cards"
    __table_args__ = (
        Index("uq_saved_cards_standing", "parent_id", unique=True, postgresql_where=text("removed_at IS NULL")),
        Index(None, "parent_id", "id"),
    )

    id: Mapped[Key]
    parent_id: Mapped[int] = mapped_column(ForeignKey("parents.id", ondelete="CASCADE"))
    card_token: Mapped[str] = mapped_column(String(512))
    masked_number: Mapped[str] = mapped_column(String(32))
    tariff: Mapped[Tariff] = mapped_column(one_of(Tariff, "tariff", length=20))
    """What a renewal buys."""
    consent_version: Mapped[str] = mapped_column(String(20))
    consented_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    removed_because: Mapped[str | None] = mapped_column(String(50))


class RenewalAttempt(Base):
    """One renewal of one stretch of access by card: at most one a cycle, however often it is tried."""

    __tablename__ = "renewal_attempts"
    __table_args__ = (
        UniqueConstraint("parent_id", "cycle_ends_at"),
        CheckConstraint("tries >= 0", name="tries"),
        Index(
            "ix_renewal_attempts_due",
            "due_at",
            postgresql_where=text("status IN ('planned', 'charging', 'unknown', 'retrying')"),
        ),
        Index(None, "order_id"),
        Index(None, "card_id"),
    )

    id: Mapped[Key]
    parent_id: Mapped[int] = mapped_column(ForeignKey("parents.id", ondelete="CASCADE"))
    card_id: Mapped[int] = mapped_column(ForeignKey("saved_cards.id", ondelete="CASCADE"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id", ondelete="SET NULL"))
    cycle_ends_at: Mapped[datetime]
    """The end of access that this renewal moves on: its idempotency key, with the parent."""
    status: Mapped[RenewalStatus] = mapped_column(
        one_of(RenewalStatus, "status", length=20), server_default=RenewalStatus.PLANNED
    )
    amount_minor: Mapped[BigInt] = mapped_column(server_default=text("0"))
    """What its payer was told that it costs, in tiyin: no more than that is charged."""
    receipt_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    due_at: Mapped[datetime]
    """When it is looked at next."""
    noticed_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(50))
    created_at: Mapped[Written]
    updated_at: Mapped[Written]
