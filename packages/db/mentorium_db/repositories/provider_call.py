"""What was said between a payment provider and us."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import DateTime, Integer, String, Text

from mentorium_db.driver import DriverStatement
from mentorium_db.statements import prepared
from mentorium_db.units import Driver
from mentorium_domain.enums import ProviderName

_ADD: Final = DriverStatement(
    prepared(
        """
        INSERT INTO provider_calls
            (provider, method, order_public_id, request, answer, remote, took_ms, created_at)
        VALUES (:provider, :method, :order_public_id, :request, :answer, :remote, :took_ms, :now)
        """,
        provider=String(),
        method=String(),
        order_public_id=String(),
        request=Text(),
        answer=Text(),
        remote=String(),
        took_ms=Integer(),
        now=DateTime(timezone=True),
    )
)


class ProviderCallRepository:
    """Over the driver (`mentorium_db.get_driver`): each call of a provider comes through here."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def add(
        self,
        provider: ProviderName,
        method: str,
        *,
        request: str,
        answer: str,
        took_ms: int,
        now: datetime,
        order_public_id: str | None = None,
        remote: str | None = None,
    ) -> None:
        """Texts without secrets, and without NUL, which PostgreSQL keeps in no text."""
        await _ADD.fetch(
            self._driver,
            provider=provider,
            method=method,
            order_public_id=order_public_id,
            request=request,
            answer=answer,
            remote=remote,
            took_ms=took_ms,
            now=now,
        )
