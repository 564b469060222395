"""Everything that is held about a parent, handed over.

It takes whatever tables refer to a parent, so that a new table cannot be forgotten.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from mentorium_core.privacy.export_page import page
from mentorium_core.privacy.model import Export
from mentorium_db import get_session
from mentorium_db.repositories import ParentRepository, PersonalDataRepository
from mentorium_domain.enums import Language
from mentorium_kit import clock
from mentorium_observability import EventLogService


async def export_data(telegram_id: int, language: Language) -> Export | None:
    """Everything the bot holds about this person, and nothing about anybody else's talk. None where that is nothing.

    Somebody who never registered may have an update that was set aside. The request itself is no part of it.
    """
    now = clock.now()
    async with get_session() as session:
        rows = await PersonalDataRepository(session).rows_of(
            telegram_id, await ParentRepository(session).get_by_telegram_id(telegram_id)
        )
        if not any(rows.values()):
            return None
        await EventLogService.log_user_action("data_exported", telegram_id)
    tables = {
        table: [{name: _plain(value) for name, value in row.items()} for row in found]
        for table, found in rows.items()
        if found
    }
    document = {"exported_at": now.isoformat(timespec="seconds"), "tables": tables}
    name = f"mentorium-{now:%Y-%m-%d}"
    return Export(document, f"{name}.json", page(language, now, tables), f"{name}.html")


def _plain(value: Any) -> Any:
    """As JSON holds it: moments in ISO 8601 with their offset, exact numbers as text, bytes in hex."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    return value
