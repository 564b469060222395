"""What each provider keeps of a payment, in its own words; and what was said between them and us."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mentorium_db.columns import BigInt, Key, Written, one_of
from mentorium_db.models import Base
from mentorium_domain.enums import ClickStatus, ProviderName, StarsRenewal


class PaymeTransaction(Base):
    """A transaction of PayMe's Merchant API. Moments are its milliseconds since 1970, 0 where there is none yet.

    States: 1 created, 2 performed, -1 cancelled before it was performed, -2 after.
    """

    __tablename__ = "payme_transactions"
    __table_args__ = (
        CheckConstraint("state IN (1, 2, -1, -2)", name="state"),
        CheckConstraint("amount_minor > 0 AND payme_time >= 0 AND create_time > 0", name="amounts"),
        CheckConstraint("(state IN (2, -2)) = (perform_time > 0)", name="perform_time"),
        CheckConstraint("(state < 0) = (cancel_time > 0)", name="cancel_time"),
        CheckConstraint("state < 0 OR reason IS NULL", name="reason"),
        Index("uq_payme_transactions_order_id", "order_id", unique=True, postgresql_where=text("state IN (1, 2)")),
        Index(None, "order_id", "id"),
        Index(None, "payme_time", "id"),
        Index("ix_payme_transactions_created", "payme_time", postgresql_where=text("state = 1")),
    )

    id: Mapped[Key]
    payme_id: Mapped[str] = mapped_column(String(64), unique=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id", ondelete="CASCADE"), unique=True)
    amount_minor: Mapped[BigInt]
    account: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """As it was received: GetStatement says it again."""
    state: Mapped[int]
    reason: Mapped[int | None]
    payme_time: Mapped[BigInt]
    create_time: Mapped[BigInt]
    perform_time: Mapped[BigInt] = mapped_column(server_default=text("0"))
    cancel_time: Mapped[BigInt] = mapped_column(server_default=text("0"))
    fiscal_perform: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    fiscal_cancel: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class ClickTransaction(Base):
    """An attempt at Click's SHOP-API. `id` is the merchant_prepare_id, and once confirmed the merchant_confirm_id."""

    __tablename__ = "click_transactions"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_minor"),
        CheckConstraint(
            f"(status IN ('{ClickStatus.CONFIRMED}', '{ClickStatus.DUPLICATE}')) <= (confirmed_at IS NOT NULL)",
            name="confirmed",
        ),
        UniqueConstraint("service_id", "click_trans_id"),
        Index(
            "uq_click_transactions_order_id",
            "order_id",
            unique=True,
            postgresql_where=text(f"status = '{ClickStatus.CONFIRMED}'"),
        ),
        Index(None, "order_id", "id"),
        Index("ix_click_transactions_prepared", "prepared_at", postgresql_where=text("status = 'prepared'")),
        Index("ix_click_transactions_due", "next_check_at", postgresql_where=text("next_check_at IS NOT NULL")),
    )

    id: Mapped[Key]
    service_id: Mapped[BigInt]
    click_trans_id: Mapped[BigInt]
    click_paydoc_id: Mapped[BigInt]
    """The payment's number in Click's Merchant API."""
    complete_trans_id: Mapped[BigInt | None]
    """The attempt that Complete named, where it is another than Prepare's."""
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id", ondelete="CASCADE"), unique=True)
    amount_minor: Mapped[BigInt]
    status: Mapped[ClickStatus] = mapped_column(
        one_of(ClickStatus, "status", length=20), server_default=ClickStatus.PREPARED
    )
    error: Mapped[int | None]
    """What Click said when it cancelled; kept as it came."""
    prepared_at: Mapped[Written]
    confirmed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    reversal_reported_at: Mapped[datetime | None]
    """Click told of a cancellation after the confirmation: what stands there is asked before access is taken back."""
    next_check_at: Mapped[datetime | None]
    """When Click is to be asked what has become of it; None: there is nothing to ask (any more)."""
    items_submitted_at: Mapped[datetime | None]
    """When Click was given the lines of the fiscal receipt."""
    fiscal_url: Mapped[str | None] = mapped_column(Text)


class StarsSubscription(Base):
    """A subscription that Telegram renews: every charge names this order. `first_charge_id` is what ends it there."""

    __tablename__ = "stars_subscriptions"
    __table_args__ = (
        Index(None, "parent_id"),
        Index("ix_stars_subscriptions_renewing", "period_ends_at", postgresql_where=text("renewal = 'active'")),
    )

    id: Mapped[Key]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), unique=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("parents.id", ondelete="CASCADE"))
    first_charge_id: Mapped[str] = mapped_column(String(255), unique=True)
    renewal: Mapped[StarsRenewal] = mapped_column(
        one_of(StarsRenewal, "renewal", length=20), server_default=StarsRenewal.ACTIVE
    )
    ended_by_us: Mapped[bool] = mapped_column(server_default=text("false"))
    """We have told Telegram to end it, or are about to: until we take that back, its user cannot resume it either."""
    period_ends_at: Mapped[datetime]
    updated_at: Mapped[Written]


class ProviderCall(Base):
    """What a provider asked and what it was answered, or the other way about, for disputes; without secrets."""

    __tablename__ = "provider_calls"
    __table_args__ = (Index(None, "created_at"), Index(None, "order_public_id"))

    id: Mapped[Key]
    provider: Mapped[ProviderName] = mapped_column(one_of(ProviderName, "provider", length=50))
    method: Mapped[str] = mapped_column(String(50))
    order_public_id: Mapped[str | None] = mapped_column(String(16))
    request: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    remote: Mapped[str | None] = mapped_column(String(64))
    took_ms: Mapped[int]
    created_at: Mapped[Written]
