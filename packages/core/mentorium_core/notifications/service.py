"""Putting messages into the outbox, and keeping in mind whom we cannot reach."""

from __future__ import annotations

from collections.abc import Sequence

from mentorium_core.notifications.model import Notice, NotificationType, Reason
from mentorium_core.notifications.rules import LANES
from mentorium_db import get_session
from mentorium_db.enums import Reach
from mentorium_db.repositories import NotificationRepository, ParentRepository
from mentorium_db.repositories.notification import NewNotification
from mentorium_kit import clock
from mentorium_observability import EventLogService


class Notify:
    async def __call__(self, notices: Sequence[Notice]) -> frozenset[str]:
        """Tell each of these once: the dedup keys of those that are new. It joins the open unit of work.

        What is known already, or meant for nobody we know (any more), is left out. For a parent who has blocked the
        bot it is kept as skipped.
        """
        new = [
            NewNotification(
                parent_telegram_id=notice.telegram_id,
                kind=notice.kind,
                message=notice.message,
                dedup_key=notice.dedup_key,
                priority=LANES[notice.kind],
                send_at=notice.send_at,
                expires_at=notice.expires_at,
                png=notice.picture,
            )
            for notice in notices
        ]
        async with get_session() as session:
            return frozenset(await NotificationRepository(session).add(new, clock.now()))


class CloseChat:
    async def __call__(self, telegram_id: int) -> None:
        """The parent has blocked the bot or is gone: nothing more is sent until they come back. Harmless twice."""
        async with get_session() as session:
            if await ParentRepository(session).set_reach(telegram_id, Reach.CLOSED, clock.now()):
                skipped = await NotificationRepository(session).skip_waiting(telegram_id, Reason.CHAT_CLOSED)
                await EventLogService.log_system("chat_closed", telegram_id, skipped=skipped)


class ReopenChat:
    async def __call__(self, telegram_id: int) -> None:
        """The parent is back: what is new reaches them again, and the last report they missed. Harmless twice."""
        now = clock.now()
        async with get_session() as session:
            if await ParentRepository(session).set_reach(telegram_id, Reach.OPEN, now):
                revived = await NotificationRepository(session).revive_last(telegram_id, NotificationType.REPORT, now)
                await EventLogService.log_system("chat_reopened", telegram_id, report=revived is not None)
