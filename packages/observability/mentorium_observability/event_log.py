"""Facts worth keeping in the bot's database: what people did, what was paid, what broke."""

from __future__ import annotations

import asyncio

from mentorium_db import get_driver
from mentorium_db.repositories import EventLogRepository
from mentorium_domain.enums import EventType, Severity
from mentorium_kit import clock
from mentorium_observability.redaction import redact


class EventLogService:
    """Writes rows of `event_logs`. An event joins the open unit of work: it stands if and only if its fact does."""

    @classmethod
    async def log_user_action(cls, event_name: str, user_telegram_id: int | None = None, **metadata: object) -> None:
        await cls._write(EventType.USER_ACTION, event_name, user_telegram_id, metadata, Severity.INFO)

    @classmethod
    async def log_payment(cls, event_name: str, user_telegram_id: int | None = None, **metadata: object) -> None:
        await cls._write(EventType.PAYMENT, event_name, user_telegram_id, metadata, Severity.INFO)

    @classmethod
    async def log_system(
        cls,
        event_name: str,
        user_telegram_id: int | None = None,
        *,
        severity: Severity = Severity.INFO,
        **metadata: object,
    ) -> None:
        await cls._write(EventType.SYSTEM, event_name, user_telegram_id, metadata, severity)

    @classmethod
    async def log_error(
        cls,
        event_name: str,
        user_telegram_id: int | None = None,
        *,
        severity: Severity = Severity.ERROR,
        **metadata: object,
    ) -> None:
        """Write in a unit of its own: the error is kept although what failed is rolled back."""
        # a task of its own begins without the unit of work that is open here
        await asyncio.gather(cls._write(EventType.ERROR, event_name, user_telegram_id, metadata, severity))

    @staticmethod
    async def _write(
        kind: EventType, event_name: str, user_telegram_id: int | None, metadata: dict[str, object], severity: Severity
    ) -> None:
        async with get_driver() as driver:
            await EventLogRepository(driver).add(
                kind,
                event_name,
                user_telegram_id=user_telegram_id,
                metadata=redact(metadata),
                severity=severity,
                now=clock.now(),
            )
