"""The inbox: every update of Telegram, stored before it is confirmed, claimed by whoever lives."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, Index, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from mentorium_db.claims import Claimable
from mentorium_db.columns import BigInt, Written, one_of
from mentorium_db.models import Base
from mentorium_domain.enums import InboxStatus

WAITING: Final = f"status IN ('{InboxStatus.WAITING}', '{InboxStatus.TAKEN}')"


class InboxUpdate(Base, Claimable):
    """One update of one bot, once. What ends it also empties it: (bot, update id, time) stays, against repeats.

    `content` is the update as Telegram wrote it, in JSON. `chat_id` is whose order it belongs to: the chat, else the
    person. `received_at` and `ended_at` are the product's time, `held_until` (not before then) and `lease_until` the
    database server's. `answer_in_doubt`: the first message of its answer was about to go out; whether it has arrived,
    whoever takes the update over does not know.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        CheckConstraint("update_id >= 0 AND bot_id > 0", name="ids"),
        CheckConstraint("tries >= 0", name="tries"),
        CheckConstraint(f"(status = '{InboxStatus.TAKEN}') = (owner IS NOT NULL)", name="owner"),
        CheckConstraint("(owner IS NULL) = (lease_until IS NULL)", name="lease"),
        CheckConstraint(
            f"CASE status WHEN '{InboxStatus.ENDED}' THEN ended_at IS NOT NULL"
            " AND coalesce(chat_id, user_telegram_id) IS NULL AND coalesce(kind, content, reason) IS NULL"
            " ELSE ended_at IS NULL AND content IS NOT NULL END",
            name="ended",
        ),
        # One update of a chat at a time is in hand, whoever has it: what one chat sends is handled in order.
        Index(
            "uq_inbox_taken",
            "bot_id",
            "lane",
            "chat_id",
            unique=True,
            postgresql_where=text(f"status = '{InboxStatus.TAKEN}'"),
        ),
        Index("ix_inbox_waiting", "bot_id", "lane", "chat_id", "update_id", postgresql_where=text(WAITING)),
        Index("ix_inbox_user", "user_telegram_id", postgresql_where=text("user_telegram_id IS NOT NULL")),
        Index("ix_inbox_set_aside", "received_at", postgresql_where=text(f"status = '{InboxStatus.SET_ASIDE}'")),
        Index("ix_inbox_ended", "ended_at", postgresql_where=text(f"status = '{InboxStatus.ENDED}'")),
    )

    bot_id: Mapped[BigInt] = mapped_column(primary_key=True, autoincrement=False)
    update_id: Mapped[BigInt] = mapped_column(primary_key=True, autoincrement=False)
    lane: Mapped[int] = mapped_column(SmallInteger)
    status: Mapped[InboxStatus] = mapped_column(one_of(InboxStatus, "status", length=20))
    chat_id: Mapped[BigInt | None]
    user_telegram_id: Mapped[BigInt | None]
    kind: Mapped[str | None] = mapped_column(String(50))
    content: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(String(100))
    """Why it was set aside, or waits for another try: the kind of failure, never its words."""
    answer_in_doubt: Mapped[bool] = mapped_column(server_default=text("false"))
    received_at: Mapped[Written]
    held_until: Mapped[Written]
    ended_at: Mapped[datetime | None]


class WebhookRegistrationRow(Base):
    """What Telegram was last told about where a bot's updates go, as a hash; `polling` where they are asked for."""

    __tablename__ = "webhook_registrations"

    bot_id: Mapped[BigInt] = mapped_column(primary_key=True, autoincrement=False)
    fingerprint: Mapped[str] = mapped_column(String(64))
    told_at: Mapped[Written]
