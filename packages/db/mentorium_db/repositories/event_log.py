"""What happened, for those who look after the product."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.models import EventLog
from mentorium_domain.enums import EventType, Severity
from mentorium_kit.trace import current_trace


class EventLogRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(
        self,
        event_type: EventType,
        event_name: str,
        *,
        user_telegram_id: int | None,
        metadata: Mapping[str, Any],
        severity: Severity,
        now: datetime,
    ) -> EventLog:
        """`metadata` must be JSON; it reads back as `EventLog.details`. It keeps the trace it is written in."""
        event = EventLog(
            event_type=event_type,
            event_name=event_name,
            user_telegram_id=user_telegram_id,
            details=dict(metadata),
            severity=severity,
            created_at=now,
            trace_id=current_trace(),
        )
        self.session.add(event)
        await self.session.flush()
        return event

    async def happened_since(self, event_name: str, moment: datetime) -> bool:
        """Whether there is such an event from then on."""
        found = await self.session.scalar(
            select(exists().where(EventLog.created_at >= moment, EventLog.event_name == event_name))
        )
        return bool(found)

    async def last_details(self, event_name: str, having: str, since: datetime) -> Mapping[str, Any] | None:
        """What the last such event with this key says; None where there is none from then on."""
        found: Mapping[str, Any] | None = await self.session.scalar(
            select(EventLog.details)
            .where(EventLog.created_at >= since, EventLog.event_name == event_name, EventLog.details.has_key(having))
            .order_by(EventLog.created_at.desc(), EventLog.id.desc())
            .limit(1)
        )
        return found
