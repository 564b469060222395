"""The bot's eight main tables; the tables around them stand in `mentorium_db.tables`.

What a row may not say, a constraint refuses. Times are `timestamptz`.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from mentorium_db.claims import Claimable
from mentorium_db.columns import BigInt, Key, Money, Trace, Written, amount_is_minor_units, one_of
from mentorium_domain.enums import (
    ChatState,
    Currency,
    DeliveryStatus,
    DialogStatus,
    EndReason,
    EventType,
    Language,
    LinkSource,
    NotificationType,
    PaymentStatus,
    ProviderName,
    ReportType,
    Severity,
    SubscriptionStatus,
    Tariff,
)
from mentorium_domain.language import DEFAULT_LANGUAGE

# Column, Integer and String: a new table may be written in the classic style too.
__all__ = [
    "Base",
    "Column",
    "Dialog",
    "EventLog",
    "Integer",
    "Learner",
    "Notification",
    "Parent",
    "Payment",
    "ReportHistory",
    "String",
    "Subscription",
]


OPEN_QUESTION: Final = f"status IN ('{DialogStatus.PENDING}', '{DialogStatus.ANSWERING}', '{DialogStatus.WRITTEN}')"


class Base(DeclarativeBase):
    """Every table's base; names each constraint, so that migrations can speak of it."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        BigInt: BigInteger,
        Language: one_of(Language, "language", length=2),
    }


class Parent(Base):
    """A Telegram user who has given consent."""

    __tablename__ = "parents"
    __table_args__ = (CheckConstraint("telegram_id > 0", name="telegram_id"),)

    id: Mapped[Key]
    telegram_id: Mapped[BigInt] = mapped_column(unique=True)
    email: Mapped[str | None] = mapped_column(String(255))
    phone: Mapped[str | None] = mapped_column(String(50))
    registration_code: Mapped[str | None] = mapped_column(String(10))
    registration_completed: Mapped[bool] = mapped_column(server_default=text("false"))
    language: Mapped[Language] = mapped_column(server_default=DEFAULT_LANGUAGE)
    chat_state: Mapped[ChatState] = mapped_column(
        one_of(ChatState, "chat_state", length=10), server_default=ChatState.OPEN
    )
    created_at: Mapped[Written]
    updated_at: Mapped[Written]
    last_seen_at: Mapped[datetime | None]
    """When they last wrote or pressed something, to within a day: who reads is told first."""


class Learner(Base):
    """One link of a parent and a child; the platform, not this row, says whether it still holds."""

    __tablename__ = "learners"
    __table_args__ = (
        UniqueConstraint("parent_id", "platform_student_id"),
        CheckConstraint("platform_student_id > 0 AND guardian_id > 0", name="platform_ids"),
        CheckConstraint(f"(source = '{LinkSource.INVITATION}') = (invited_by IS NOT NULL)", name="invited_by"),
        CheckConstraint("invited_by <> parent_id", name="invited_by_another"),
    )

    id: Mapped[Key]
    parent_id: Mapped[int] = mapped_column(ForeignKey("parents.id", ondelete="CASCADE"))
    platform_student_id: Mapped[BigInt] = mapped_column(index=True)
    guardian_id: Mapped[BigInt]
    """On whose rights the link stands: the parent's own, or those of the one who invited them."""
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("parents.id", ondelete="CASCADE"), index=True)
    first_name: Mapped[str | None] = mapped_column(String(100))
    last_name: Mapped[str | None] = mapped_column(String(100))
    source: Mapped[LinkSource] = mapped_column(one_of(LinkSource, "source", length=20))
    added_at: Mapped[Written]


class Subscription(Base):
    """One stretch of access, from `start_date` up to but not including `expires_at`."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        CheckConstraint("expires_at > start_date", name="stretch"),
        CheckConstraint(f"(status = '{SubscriptionStatus.CANCELLED}') = (end_reason IS NOT NULL)", name="end"),
        CheckConstraint("amount >= 0", name="amount"),
        amount_is_minor_units(),
        UniqueConstraint("id", "parent_id"),
        Index("uq_subscriptions_active", "parent_id", unique=True, postgresql_where=text("status = 'ACTIVE'")),
        Index("ix_subscriptions_active_end", "expires_at", postgresql_where=text("status = 'ACTIVE'")),
        Index("ix_subscriptions_expired_end", "expires_at", postgresql_where=text("status = 'EXPIRED'")),
        Index(None, "parent_id", "id"),
    )

    id: Mapped[Key]
    parent_id: Mapped[int] = mapped_column(ForeignKey("parents.id", ondelete="CASCADE"))
    tariff: Mapped[Tariff] = mapped_column(one_of(Tariff, "tariff", length=20))
    amount: Mapped[Decimal] = mapped_column(Money)
    amount_minor: Mapped[BigInt]
    currency: Mapped[Currency] = mapped_column(one_of(Currency, "currency", length=10), server_default=Currency.UZS)
    status: Mapped[SubscriptionStatus] = mapped_column(
        one_of(SubscriptionStatus, "status", length=20), server_default=SubscriptionStatus.ACTIVE
    )
    end_reason: Mapped[EndReason | None] = mapped_column(one_of(EndReason, "end_reason", length=20))
    start_date: Mapped[datetime]
    expires_at: Mapped[datetime]
    auto_renew: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[Written]


class Payment(Base):
    """What was really paid. It outlives its parent: the books are kept when a parent's data are erased."""

    __tablename__ = "payments"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        amount_is_minor_units(),
        CheckConstraint(f"(provider = '{ProviderName.TELEGRAM_STARS}') = (currency = '{Currency.XTR}')", name="stars"),
        # Beside the subscription's own key, which alone holds once the parent is gone: it is the payer's subscription.
        ForeignKeyConstraint(
            ["subscription_id", "parent_id"],
            ["subscriptions.id", "subscriptions.parent_id"],
            ondelete="SET NULL (subscription_id)",
        ),
        Index(None, "parent_id", "id"),
        Index(None, "subscription_id"),
        Index(None, "created_at"),
        Index(None, "order_id"),
    )

    id: Mapped[Key]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("parents.id", ondelete="SET NULL"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id", ondelete="SET NULL"))
    subscription_id: Mapped[int | None] = mapped_column(ForeignKey("subscriptions.id", ondelete="SET NULL"))
    transaction_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    amount: Mapped[Decimal] = mapped_column(Money)
    amount_minor: Mapped[BigInt]
    currency: Mapped[Currency] = mapped_column(one_of(Currency, "currency", length=10), server_default=Currency.UZS)
    provider: Mapped[ProviderName] = mapped_column(one_of(ProviderName, "provider", length=50))
    status: Mapped[PaymentStatus] = mapped_column(
        one_of(PaymentStatus, "status", length=20), server_default=PaymentStatus.PENDING
    )
    external_ref: Mapped[str | None] = mapped_column(String(255))
    created_at: Mapped[Written]
    paid_at: Mapped[datetime | None]
    refunded_at: Mapped[datetime | None]
    receipt_url: Mapped[str | None] = mapped_column(Text)
    """The fiscal receipt, once the provider has told of it."""


def _parent_telegram_id() -> Mapped[int]:
    """The rows a parent's data consist of vanish with the parent."""
    return mapped_column(BigInteger, ForeignKey("parents.telegram_id", ondelete="CASCADE"))


class Dialog(Base, Claimable):
    """A question and its answer, and the claim of whoever is answering. A stopped answer keeps what there was by then.

    What is written is delivered part by part: `parts_delivered` are surely in the chat, at most `parts_begun` can be.
    """

    __tablename__ = "dialogs"
    __table_args__ = (
        CheckConstraint(
            f"(status IN ('{DialogStatus.PENDING}', '{DialogStatus.ANSWERING}')) = (answered_at IS NULL)",
            name="settled",
        ),
        CheckConstraint(
            f"CASE WHEN status IN ('{DialogStatus.WRITTEN}', '{DialogStatus.ANSWERED}') THEN ai_reply IS NOT NULL"
            f" WHEN status = '{DialogStatus.STOPPED}' THEN true ELSE ai_reply IS NULL END",
            name="reply",
        ),
        CheckConstraint("tokens_used >= 0", name="tokens_used"),
        CheckConstraint("tries >= 0 AND parts_delivered >= 0", name="claim"),
        CheckConstraint("parts_begun >= 0", name="parts_begun"),
        Index(None, "parent_telegram_id", "id"),
        Index(None, "created_at"),
        Index("ix_dialogs_pending", "created_at", postgresql_where=text("status = 'pending'")),
        Index("ix_dialogs_open", "lease_until", postgresql_where=text(OPEN_QUESTION)),
        Index("uq_dialogs_idempotency_key", "idempotency_key", unique=True),
    )

    id: Mapped[Key]
    parent_telegram_id: Mapped[int] = _parent_telegram_id()
    update_id: Mapped[BigInt | None] = mapped_column(unique=True)
    """Written no more: Telegram draws update ids anew after a quiet week, and each bot has its own."""
    idempotency_key: Mapped[str | None] = mapped_column(String(80))
    user_message: Mapped[str] = mapped_column(Text)
    ai_reply: Mapped[str | None] = mapped_column(Text)
    status: Mapped[DialogStatus] = mapped_column(one_of(DialogStatus, "status", length=20), server_default="pending")
    language: Mapped[Language]
    tokens_used: Mapped[int | None]
    model: Mapped[str | None] = mapped_column(String(50))
    parts_delivered: Mapped[int] = mapped_column(server_default=text("0"))
    parts_begun: Mapped[int] = mapped_column(server_default=text("0"))
    platform_student_ids: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    """Whose data the answer was made from: it is delivered, and said again to the model, while all may be viewed."""
    created_at: Mapped[Written]
    answered_at: Mapped[datetime | None]
    forgotten_at: Mapped[datetime | None]
    trace_id: Mapped[Trace | None]
    hidden: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Question and answer with tokens in place of names, hidden by this version of the rules and of who is known."""
    hidden_by: Mapped[str | None] = mapped_column(String(80))
    known_names: Mapped[list[str] | None] = mapped_column(ARRAY(String(12)))  # keyed hashes of those that were hidden


class Notification(Base):
    """A message to a parent: the outbox before it is sent, the record afterwards; its text goes before the record does.

    `send_at`, `expires_at` and `sent_at` are the product's time. `held_until` is the database server's own: until then
    nobody takes the row (it is being sent, or waits for its next try), nor any other message to the same chat.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        CheckConstraint(f"(status = '{DeliveryStatus.SENT}') = (sent_at IS NOT NULL)", name="sent"),
        CheckConstraint("expires_at > send_at", name="life"),
        CheckConstraint("priority BETWEEN 1 AND 3", name="priority"),
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("platform_student_id > 0", name="platform_student_id"),
        Index(None, "parent_telegram_id", "id"),
        Index(None, "parent_telegram_id", "held_until"),
        Index("ix_notifications_due", "priority", "send_at", "id", postgresql_where=text("status = 'pending'")),
        Index("ix_notifications_expiring", "expires_at", postgresql_where=text("status = 'pending'")),
        Index("ix_notifications_report_id", "report_id", postgresql_where=text("report_id IS NOT NULL")),
        # What waits for the next report about a child, and reports of which it is not known whether they have arrived.
        Index(
            "ix_notifications_folded",
            "parent_telegram_id",
            "platform_student_id",
            postgresql_where=text("status = 'skipped' AND reason = 'folded'"),
        ),
        Index(
            "ix_notifications_in_doubt",
            "parent_telegram_id",
            postgresql_where=text(
                "status = 'unknown' AND notification_type = 'REPORT' AND reason IS DISTINCT FROM 'offered'"
            ),
        ),
        # What retention asks for; every row stands in one of the two.
        Index("ix_notifications_texts", "created_at", postgresql_where=text("message <> ''")),
        Index("ix_notifications_emptied", "created_at", postgresql_where=text("message = ''")),
        # Which chats are held now, and by what: a handful of rows at its end, however long the outbox is.
        Index("ix_notifications_held", "held_until", "parent_telegram_id", postgresql_where=text("attempts > 0")),
        # One message at a time is under way to a chat, whoever sends it.
        Index(
            "uq_notifications_sending", "parent_telegram_id", unique=True, postgresql_where=text("status = 'sending'")
        ),
    )

    id: Mapped[Key]
    parent_telegram_id: Mapped[int] = _parent_telegram_id()
    notification_type: Mapped[NotificationType] = mapped_column(
        one_of(NotificationType, "notification_type", length=50)
    )
    platform_student_id: Mapped[BigInt | None]
    """The child it tells of: the parent's right to see that child is judged again before it is sent."""
    message: Mapped[str] = mapped_column(Text)
    dedup_key: Mapped[str] = mapped_column(String(200), unique=True)
    priority: Mapped[int] = mapped_column(SmallInteger, server_default=text("2"))
    status: Mapped[DeliveryStatus] = mapped_column(
        one_of(DeliveryStatus, "status", length=20), server_default=DeliveryStatus.PENDING
    )
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    """How often it was taken to be sent; it also tells whose word about the row is the latest."""
    owner: Mapped[str | None] = mapped_column(String(100))
    """Who has taken it last (`mentorium_db.claims`); its lease is `held_until`, its tries are `attempts`."""
    repeated: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether it goes out once more although the first may have arrived."""
    reason: Mapped[str | None] = mapped_column(String(100))
    payment_refused: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether it was once not taken as paid for, whatever became of it since: it goes at the free rate."""
    telegram_message_id: Mapped[BigInt | None]
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report_history.id", ondelete="SET NULL"))
    """It goes with the picture of this report, which is drawn when it is sent."""
    buttons: Mapped[list[list[dict[str, str]]] | None] = mapped_column(JSONB(none_as_null=True))
    """Rows of inline buttons: `text` with `data` (its callback data) or `url`."""
    send_at: Mapped[Written]
    expires_at: Mapped[datetime] = mapped_column(server_default=text("(now() + '2 days'::interval)"))
    held_until: Mapped[Written]
    created_at: Mapped[Written]
    sent_at: Mapped[datetime | None]
    trace_id: Mapped[Trace | None]
    notice: Mapped[str | None] = mapped_column(String(40))
    """`mentorium_domain.enums.Notice`; NULL: no policy holds it back, as with all that the release before wrote."""
    line: Mapped[str | None] = mapped_column(String(300))
    run_id: Mapped[int | None]
    """The run (`period_runs`) until whose reports are all stored it waits. No foreign key: it outlives the run."""


class EventLog(Base):
    """What happened. It may speak of users who are no parents, or no longer."""

    __tablename__ = "event_logs"
    __table_args__ = (Index(None, "user_telegram_id", "id"), Index(None, "created_at"))

    id: Mapped[Key]
    event_type: Mapped[EventType] = mapped_column(one_of(EventType, "event_type", length=50))
    event_name: Mapped[str] = mapped_column(String(100))
    user_telegram_id: Mapped[BigInt | None]
    details: Mapped[dict[str, Any]] = mapped_column("metadata", JSONB, server_default=text("'{}'"))
    severity: Mapped[Severity] = mapped_column(one_of(Severity, "severity", length=20), server_default=Severity.INFO)
    created_at: Mapped[Written]
    trace_id: Mapped[Trace | None]


class ReportHistory(Base):
    """A report as it was written; `report_period` is its first and last day, `YYYY-MM-DD/YYYY-MM-DD`."""

    __tablename__ = "report_history"
    __table_args__ = (
        CheckConstraint(
            r"report_period ~ '^\d{4}-\d{2}-\d{2}/\d{4}-\d{2}-\d{2}$'"
            " AND left(report_period, 10) <= right(report_period, 10)",
            name="report_period",
        ),
        CheckConstraint("platform_student_id > 0", name="platform_student_id"),
        Index(
            "uq_report_history_scheduled",
            "parent_telegram_id",
            "platform_student_id",
            "report_type",
            "report_period",
            unique=True,
            postgresql_where=text("report_type <> 'ON_DEMAND'"),
        ),
        Index(None, "parent_telegram_id", "platform_student_id", "id"),
        Index(None, "generated_at"),
    )

    id: Mapped[Key]
    parent_telegram_id: Mapped[int] = _parent_telegram_id()
    platform_student_id: Mapped[BigInt]
    report_type: Mapped[ReportType] = mapped_column(one_of(ReportType, "report_type", length=50))
    report_period: Mapped[str] = mapped_column(String(100))
    language: Mapped[Language]
    template_id: Mapped[str | None] = mapped_column(String(50))
    action_id: Mapped[str | None] = mapped_column(String(100))
    content: Mapped[str] = mapped_column(Text)
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    generated_at: Mapped[Written]
    done_at: Mapped[datetime | None]
