"""The outbox of messages to parents."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.enums import DeliveryStatus, NotificationType
from mentorium_db.models import Notification


class NotificationRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(
        self, parent_telegram_id: int, kind: NotificationType, message: str, *, dedup_key: str, now: datetime
    ) -> int | None:
        """Put a message into the outbox; its id, or None if one with this key, made of business facts, is known."""
        return await self.session.scalar(
            insert(Notification)
            .values(
                parent_telegram_id=parent_telegram_id,
                notification_type=kind,
                message=message,
                dedup_key=dedup_key,
                status=DeliveryStatus.PENDING,
                created_at=now,
            )
            .on_conflict_do_nothing(index_elements=[Notification.dedup_key])
            .returning(Notification.id)
        )

    async def list_for_parent(self, parent_telegram_id: int) -> list[Notification]:
        """Oldest first."""
        found = await self.session.scalars(
            select(Notification).where(Notification.parent_telegram_id == parent_telegram_id).order_by(Notification.id)
        )
        return list(found)
