"""Orders, grants of access, and the books: what was bought, what it opened, and where the money stands."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mentorium_db.columns import BigInt, Key, Written, one_of
from mentorium_db.models import Base
from mentorium_domain.enums import (
    Currency,
    LedgerAccount,
    LedgerEvent,
    OrderKind,
    OrderStatus,
    ProviderName,
    RefundStatus,
    Tariff,
)

_CURRENCY_OF_PROVIDER = f"(provider = '{ProviderName.TELEGRAM_STARS}') = (currency = '{Currency.XTR}')"


class Order(Base):
    """One press of a checkout button, bound to one provider. `public_id` is what the provider knows it by.

    `request_key`: idempotency key of the press. An order outlives its parent, as its payments do.
    """

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint("public_id ~ '^mnt[a-z2-7]{13}$'", name="public_id"),
        CheckConstraint("amount_minor > 0 AND days > 0", name="terms"),
        CheckConstraint(_CURRENCY_OF_PROVIDER, name="stars"),
        CheckConstraint("expires_at > created_at", name="life"),
        CheckConstraint(
            f"(status IN ('{OrderStatus.PAID}', '{OrderStatus.REFUNDED}')) = (paid_at IS NOT NULL)", name="paid"
        ),
        Index(None, "parent_id", "id"),
        Index(None, "created_at"),
    )

    id: Mapped[Key]
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("parents.id", ondelete="SET NULL"))
    provider: Mapped[ProviderName] = mapped_column(one_of(ProviderName, "provider", length=50))
    kind: Mapped[OrderKind] = mapped_column(one_of(OrderKind, "kind", length=20), server_default=OrderKind.ONE_OFF)
    tariff: Mapped[Tariff] = mapped_column(one_of(Tariff, "tariff", length=20))
    days: Mapped[int]
    amount_minor: Mapped[BigInt]
    currency: Mapped[Currency] = mapped_column(one_of(Currency, "currency", length=10))
    status: Mapped[OrderStatus] = mapped_column(
        one_of(OrderStatus, "status", length=20), server_default=OrderStatus.PENDING
    )
    refundable: Mapped[bool] = mapped_column(server_default=text("true"))
    """False where the team has said that the provider's refund is to be refused: the service was delivered."""
    request_key: Mapped[str] = mapped_column(String(80), unique=True)
    created_at: Mapped[Written]
    expires_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]


class SubscriptionGrant(Base):
    """`days` of a tariff that were given to a subscription, by a payment or by an operator for a reason.

    `request_key`: idempotency key; a payment gives once. A grant that was taken back stays, with `reversed_at`; the
    end of access is computed from those that stand. `until`: access lasts at least so long (Telegram's own end of a
    paid period).
    """

    __tablename__ = "subscription_grants"
    __table_args__ = (
        ForeignKeyConstraint(
            ["subscription_id", "parent_id"], ["subscriptions.id", "subscriptions.parent_id"], ondelete="CASCADE"
        ),
        CheckConstraint("days > 0", name="days"),
        CheckConstraint("btrim(reason) <> ''", name="reason"),
        CheckConstraint("btrim(granted_by) <> ''", name="granted_by"),
        CheckConstraint("amount_minor >= 0", name="amount_minor"),
        CheckConstraint("(payment_id IS NULL) OR amount_minor > 0", name="paid"),
        Index(None, "subscription_id"),
        Index("uq_subscription_grants_request_key", "request_key", unique=True),
        Index("uq_subscription_grants_payment_id", "payment_id", unique=True),
    )

    id: Mapped[Key]
    subscription_id: Mapped[int]
    parent_id: Mapped[int]
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id", ondelete="SET NULL"))
    tariff: Mapped[Tariff] = mapped_column(one_of(Tariff, "tariff", length=20))
    days: Mapped[int]
    amount_minor: Mapped[BigInt] = mapped_column(server_default=text("0"))
    currency: Mapped[Currency] = mapped_column(one_of(Currency, "currency", length=10), server_default=Currency.UZS)
    reason: Mapped[str] = mapped_column(Text)
    granted_by: Mapped[str] = mapped_column(String(100))
    granted_at: Mapped[Written]
    until: Mapped[datetime | None]
    reversed_at: Mapped[datetime | None]
    reversed_because: Mapped[str | None] = mapped_column(String(100))
    request_key: Mapped[str | None] = mapped_column(String(64))


class LedgerEntry(Base):
    """A booking of two legs: `amount_minor` goes from `credit` to `debit`. Never changed; it goes with its payment."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_minor"),
        CheckConstraint("debit <> credit", name="two_legs"),
        CheckConstraint(
            f"(event = '{LedgerEvent.PAYMENT}') = (debit = '{LedgerAccount.CLEARING}')",
            name="direction",
        ),
        CheckConstraint(_CURRENCY_OF_PROVIDER, name="stars"),
        UniqueConstraint("payment_id", "event"),
        Index(None, "created_at"),
    )

    id: Mapped[Key]
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id", ondelete="CASCADE"))
    event: Mapped[LedgerEvent] = mapped_column(one_of(LedgerEvent, "event", length=20))
    provider: Mapped[ProviderName] = mapped_column(one_of(ProviderName, "provider", length=50))
    debit: Mapped[LedgerAccount] = mapped_column(one_of(LedgerAccount, "debit", length=20))
    credit: Mapped[LedgerAccount] = mapped_column(one_of(LedgerAccount, "credit", length=20))
    amount_minor: Mapped[BigInt]
    currency: Mapped[Currency] = mapped_column(one_of(Currency, "currency", length=10))
    created_at: Mapped[Written]


class Refund(Base):
    """The team gives a payment back: asked for once, told to the provider by a job, never called done before it is."""

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("btrim(reason) <> '' AND btrim(requested_by) <> ''", name="reason"),
        CheckConstraint(f"(status = '{RefundStatus.DONE}') = (done_at IS NOT NULL)", name="done"),
        Index(
            "ix_refunds_open",
            "id",
            postgresql_where=text(f"status IN ('{RefundStatus.REQUESTED}', '{RefundStatus.UNKNOWN}')"),
        ),
    )

    id: Mapped[Key]
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id", ondelete="CASCADE"), unique=True)
    status: Mapped[RefundStatus] = mapped_column(
        one_of(RefundStatus, "status", length=20), server_default=RefundStatus.REQUESTED
    )
    reason: Mapped[str] = mapped_column(Text)
    requested_by: Mapped[str] = mapped_column(String(100))
    requested_at: Mapped[Written]
    done_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(String(200))
    """What the provider said last, in a word for operators."""


class SupportRequest(Base):
    """/paysupport: what a parent asks about a payment, and whether it has reached the staff."""

    __tablename__ = "support_requests"
    __table_args__ = (
        CheckConstraint("btrim(reason) <> ''", name="reason"),
        Index(None, "parent_id", "id"),
        Index(None, "created_at"),
    )

    id: Mapped[Key]
    parent_id: Mapped[int] = mapped_column(ForeignKey("parents.id", ondelete="CASCADE"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(Text)
    request_key: Mapped[str] = mapped_column(String(80), unique=True)
    created_at: Mapped[Written]
    told_at: Mapped[datetime | None]


__all__ = ["LedgerEntry", "Order", "Refund", "SubscriptionGrant", "SupportRequest"]
