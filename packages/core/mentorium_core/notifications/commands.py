"""Putting messages into the outbox, and keeping in mind whom we cannot reach."""

from __future__ import annotations

from collections.abc import Sequence

from mentorium_core.notifications.model import OutboxMessage, Reason
from mentorium_core.notifications.rules import LANES
from mentorium_db import get_session
from mentorium_db.repositories import NotificationRepository, ParentRepository
from mentorium_db.repositories.notification import NewNotification
from mentorium_domain.enums import ChatState, NotificationType
from mentorium_kit import clock
from mentorium_observability import EventLogService


async def notify(messages: Sequence[OutboxMessage]) -> frozenset[str]:
    """Tell each of these once: the dedup keys of those that are new. It joins the open unit of work.

    What is known already, or meant for nobody we know (any more), is left out. For a parent who has blocked the
    bot it is kept as skipped.
    """
    new = [
        NewNotification(
            parent_telegram_id=message.telegram_id,
            kind=message.kind,
            message=message.message,
            dedup_key=message.dedup_key,
            priority=LANES[message.kind],
            send_at=message.send_at,
            expires_at=message.expires_at,
            png=message.picture,
        )
        for message in messages
    ]
    async with get_session() as session:
        return frozenset(await NotificationRepository(session).add(new, clock.now()))


async def mark_chat_blocked(telegram_id: int) -> None:
    """The parent has blocked the bot or is gone: nothing more is sent until they come back. Harmless twice."""
    async with get_session() as session:
        if await ParentRepository(session).set_chat_state(telegram_id, ChatState.BLOCKED, clock.now()):
            skipped = await NotificationRepository(session).skip_waiting(telegram_id, Reason.CHAT_CLOSED)
            await EventLogService.log_system("chat_closed", telegram_id, skipped=skipped)


async def mark_chat_open(telegram_id: int) -> None:
    """The parent is back: what is new reaches them again, and the last report they missed. Harmless twice."""
    now = clock.now()
    async with get_session() as session:
        if await ParentRepository(session).set_chat_state(telegram_id, ChatState.OPEN, now):
            revived = await NotificationRepository(session).revive_last(telegram_id, NotificationType.REPORT, now)
            await EventLogService.log_system("chat_reopened", telegram_id, report=revived is not None)
