"""What happened, for those who look after the product."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, DateTime, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.driver import DriverStatement, driver_of
from mentorium_db.statements import prepared
from mentorium_db.units import Driver
from mentorium_domain.enums import EventType, Severity
from mentorium_kit.trace import current_trace

_ADD: Final = DriverStatement(
    prepared(
        """
        INSERT INTO event_logs
            (event_type, event_name, user_telegram_id, metadata, severity, created_at, trace_id)
        VALUES (:event_type, :event_name, :user_telegram_id, :metadata, :severity, :now, :trace_id)
        """,
        event_type=String(),
        event_name=String(),
        user_telegram_id=BigInteger(),
        metadata=JSONB(),
        severity=String(),
        now=DateTime(timezone=True),
        trace_id=String(),
    )
)
_SINCE: Final = DriverStatement(
    prepared(
        "SELECT FROM event_logs WHERE created_at >= :moment AND event_name = :event_name LIMIT 1",
        event_name=String(),
        moment=DateTime(timezone=True),
    )
)
_LAST: Final = DriverStatement(
    prepared(
        """
        SELECT metadata FROM event_logs
        WHERE created_at >= :moment AND event_name = :event_name AND metadata ? :having
        ORDER BY created_at DESC, id DESC LIMIT 1
        """,
        event_name=String(),
        having=String(),
        moment=DateTime(timezone=True),
    )
)


class EventLogRepository:
    def __init__(self, unit: AsyncSession | Driver) -> None:
        self._unit = unit

    async def add(
        self,
        event_type: EventType,
        event_name: str,
        *,
        user_telegram_id: int | None,
        metadata: Mapping[str, Any],
        severity: Severity,
        now: datetime,
    ) -> None:
        """`metadata` must be JSON; it reads back as `EventLog.details`. It keeps the trace it is written in."""
        await _ADD.fetch(
            await driver_of(self._unit),
            event_type=event_type,
            event_name=event_name,
            user_telegram_id=user_telegram_id,
            metadata=json.dumps(dict(metadata)),
            severity=severity,
            now=now,
            trace_id=current_trace(),
        )

    async def happened_since(self, event_name: str, moment: datetime) -> bool:
        """Whether there is such an event from then on."""
        return bool(await _SINCE.fetch(await driver_of(self._unit), event_name=event_name, moment=moment))

    async def last_details(self, event_name: str, having: str, since: datetime) -> Mapping[str, Any] | None:
        """What the last such event with this key says; None where there is none from then on."""
        row = await _LAST.first(await driver_of(self._unit), event_name=event_name, having=having, moment=since)
        return row["metadata"] if row is not None else None
