"""What parents have chosen about messages; who has no row has the defaults."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.columns import among
from mentorium_db.models import Parent
from mentorium_db.tables.notification_settings import NotificationSettings
from mentorium_domain.preferences import DEFAULTS, Preferences

_NAMES: Final = tuple(one.name for one in fields(Preferences))
_COLUMNS: Final = tuple(getattr(NotificationSettings, name) for name in _NAMES)


class NotificationSettingsRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, parent_id: int) -> Preferences:
        chosen = select(*_COLUMNS).where(NotificationSettings.parent_id == parent_id)
        row = (await self.session.execute(chosen)).one_or_none()
        return Preferences(**row._mapping) if row is not None else DEFAULTS

    async def of_chats(self, telegram_ids: Collection[int]) -> dict[int, Preferences]:
        """Telegram id -> what that parent has chosen, by one statement; who has chosen nothing is left out."""
        chosen = (
            select(Parent.telegram_id, *_COLUMNS)
            .join(Parent, Parent.id == NotificationSettings.parent_id)
            .where(Parent.telegram_id == among(telegram_ids))
        )
        rows = await self.session.execute(chosen)
        return {row.telegram_id: Preferences(**{name: row._mapping[name] for name in _NAMES}) for row in rows}

    async def change(self, parent_id: int, now: datetime, **chosen: Any) -> Preferences:
        """Keep these fields of `Preferences` and leave the others as they are; what is chosen then.

        IntegrityError where the parent is gone.
        """
        new = {**asdict(DEFAULTS), **chosen}
        kept = (
            insert(NotificationSettings)
            .values(parent_id=parent_id, changed_at=now, **new)
            .on_conflict_do_update(index_elements=["parent_id"], set_={**chosen, "changed_at": now})
            .returning(*_COLUMNS)
        )
        return Preferences(**(await self.session.execute(kept)).one()._mapping)
