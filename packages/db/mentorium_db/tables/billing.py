"""Access given without payment."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mentorium_db.columns import Key, Written, one_of
from mentorium_db.models import Base
from mentorium_domain.enums import Tariff


class SubscriptionGrant(Base):
    """An operator gave `days` of a tariff to a subscription, for a reason. `request_key`: idempotency key."""

    __tablename__ = "subscription_grants"
    __table_args__ = (
        ForeignKeyConstraint(
            ["subscription_id", "parent_id"], ["subscriptions.id", "subscriptions.parent_id"], ondelete="CASCADE"
        ),
        CheckConstraint("days > 0", name="days"),
        CheckConstraint("btrim(reason) <> ''", name="reason"),
        CheckConstraint("btrim(granted_by) <> ''", name="granted_by"),
        Index(None, "subscription_id"),
        Index("uq_subscription_grants_request_key", "request_key", unique=True),
    )

    id: Mapped[Key]
    subscription_id: Mapped[int]
    parent_id: Mapped[int]
    tariff: Mapped[Tariff] = mapped_column(one_of(Tariff, "tariff", length=20))
    days: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    granted_by: Mapped[str] = mapped_column(String(100))
    granted_at: Mapped[Written]
    request_key: Mapped[str | None] = mapped_column(String(64))
