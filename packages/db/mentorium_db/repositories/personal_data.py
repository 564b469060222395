"""Everything the bot holds about one parent, found by the tables' own references to parents."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Table, and_, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

import mentorium_db.tables  # noqa: F401 - makes the metadata complete
from mentorium_db.models import Base, EventLog, Parent
from mentorium_db.tables.inbox import InboxUpdate
from mentorium_domain.enums import InboxStatus

BY_ID: Final = frozenset({"parent_id", "invitee_id", "inviter_id", "lender_id", "borrower_id"})
BY_TELEGRAM_ID: Final = frozenset({"parent_telegram_id", "user_telegram_id"})
SECRET: Final = frozenset({"registration_code", "token_hash"})


class PersonalDataRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def rows_of(self, telegram_id: int, parent: Parent | None) -> dict[str, list[dict[str, Any]]]:
        """Table -> rows that belong to the person, in the order of their keys, without secrets of ours.

        Updates that are being handled are left out: the request for these rows is one of them.
        """
        found = {}
        for table in Base.metadata.sorted_tables:
            if (condition := _belongs(table, telegram_id, parent)) is not None:
                columns = [column for column in table.columns if column.name not in SECRET]
                rows = await self.session.execute(select(*columns).where(condition).order_by(*table.primary_key))
                found[table.name] = [dict(row) for row in rows.mappings()]
        return found

    async def erase(self, parent: Parent) -> None:
        """The parent, and what refers to them; payments stay and lose their owner."""
        await self.session.execute(delete(EventLog).where(EventLog.user_telegram_id == parent.telegram_id))
        await self.session.execute(delete(Parent).where(Parent.id == parent.id))


def _belongs(table: Table, telegram_id: int, parent: Parent | None) -> Any:
    if table.name == InboxUpdate.__tablename__:
        return and_(table.c.user_telegram_id == telegram_id, table.c.status != InboxStatus.TAKEN)
    if parent is None:
        return None
    if table.name == Parent.__tablename__:
        return table.c.id == parent.id
    conditions = [table.c[name] == parent.id for name in sorted(BY_ID & set(table.c.keys()))]
    conditions += [table.c[name] == telegram_id for name in sorted(BY_TELEGRAM_ID & set(table.c.keys()))]
    return or_(*conditions) if conditions else None
