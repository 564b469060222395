"""Everything the bot holds about one parent, found by the tables' own references to parents."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Table, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

import mentorium_db.tables  # noqa: F401 - makes the metadata complete
from mentorium_db.models import Base, EventLog, Parent

BY_ID: Final = frozenset({"parent_id", "invitee_id", "inviter_id"})
BY_TELEGRAM_ID: Final = frozenset({"parent_telegram_id", "user_telegram_id"})
SECRET: Final = frozenset({"registration_code", "token_hash"})


class PersonalDataRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def rows_of(self, parent: Parent) -> dict[str, list[dict[str, Any]]]:
        """Table -> rows that belong to the parent, in the order of their keys, without secrets of ours."""
        found = {}
        for table in Base.metadata.sorted_tables:
            if (condition := _belongs(table, parent)) is not None:
                columns = [column for column in table.columns if column.name not in SECRET]
                rows = await self.session.execute(select(*columns).where(condition).order_by(*table.primary_key))
                found[table.name] = [dict(row) for row in rows.mappings()]
        return found

    async def erase(self, parent: Parent) -> None:
        """The parent, and what refers to them; payments stay and lose their owner."""
        await self.session.execute(delete(EventLog).where(EventLog.user_telegram_id == parent.telegram_id))
        await self.session.execute(delete(Parent).where(Parent.id == parent.id))


def _belongs(table: Table, parent: Parent) -> Any:
    if table.name == Parent.__tablename__:
        return table.c.id == parent.id
    conditions = [table.c[name] == parent.id for name in sorted(BY_ID & set(table.c.keys()))]
    conditions += [table.c[name] == parent.telegram_id for name in sorted(BY_TELEGRAM_ID & set(table.c.keys()))]
    return or_(*conditions) if conditions else None
