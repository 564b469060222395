"""Everything the bot holds about one parent, found by the tables' own references to parents."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Table, Text, and_, cast, delete, func, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

import mentorium_db.tables  # noqa: F401 - makes the metadata complete
from mentorium_db.models import Base, EventLog, Parent, Payment
from mentorium_db.tables.inbox import InboxUpdate
from mentorium_domain.enums import InboxStatus

BY_ID: Final = frozenset({"parent_id", "invitee_id", "inviter_id", "lender_id", "borrower_id"})
BY_TELEGRAM_ID: Final = frozenset({"parent_telegram_id", "user_telegram_id"})
BY_PAYMENT: Final = frozenset({"refunds", "payme_transactions", "click_transactions"})
"""Tables whose rows belong to whom their payment belongs."""
A_BATCH: Final = 100
"""Rows that are held in memory at a time; a report has some ten kilobytes."""
SECRET: Final = frozenset({"registration_code", "token_hash", "card_token", "known_names"})


class PersonalDataRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def size_of(self, telegram_id: int, parent: Parent | None) -> int:
        """How many bytes the rows have that belong to the person, as text; 0 where there are none."""
        sizes = [
            select(func.coalesce(func.sum(func.octet_length(_whole_row(table))), 0)).where(condition).scalar_subquery()
            for table, condition in _tables_of(telegram_id, parent)
        ]
        return int(await self.session.scalar(select(sum(sizes[1:], start=sizes[0]))) or 0)

    async def stream(
        self, telegram_id: int, parent: Parent | None, order: Sequence[str] = ()
    ) -> AsyncIterator[tuple[str, Sequence[Mapping[str, Any]]]]:
        """(table, some of the rows that belong to the person), in the order of their keys, without secrets of ours.

        Tables come in `order`, those that it does not name last. Updates that are being handled are left out: the
        request for these rows is one of them.
        """
        place = {name: number for number, name in enumerate(order)}
        tables = sorted(_tables_of(telegram_id, parent), key=lambda one: place.get(one[0].name, len(place)))
        for table, condition in tables:
            columns = [column for column in table.columns if column.name not in SECRET]
            chosen = select(*columns).where(condition).order_by(*table.primary_key)
            rows = await self.session.stream(chosen.execution_options(yield_per=A_BATCH))
            async for batch in rows.mappings().partitions():
                yield table.name, [dict(row) for row in batch]

    async def erase(self, parent: Parent) -> None:
        """The parent, and what refers to them; payments stay and lose their owner."""
        await self.session.execute(delete(EventLog).where(EventLog.user_telegram_id == parent.telegram_id))
        await self.session.execute(delete(Parent).where(Parent.id == parent.id))


def _tables_of(telegram_id: int, parent: Parent | None) -> list[tuple[Table, Any]]:
    """Each table that may hold something of the person, with the condition of those rows."""
    found = ((table, _belongs(table, telegram_id, parent)) for table in Base.metadata.sorted_tables)
    return [(table, condition) for table, condition in found if condition is not None]


def _whole_row(table: Table) -> Any:
    return cast(literal_column(f'"{table.name}"'), Text)


def _belongs(table: Table, telegram_id: int, parent: Parent | None) -> Any:
    if table.name == InboxUpdate.__tablename__:
        return and_(table.c.user_telegram_id == telegram_id, table.c.status != InboxStatus.TAKEN)
    if parent is None:
        return None
    if table.name == Parent.__tablename__:
        return table.c.id == parent.id
    if table.name in BY_PAYMENT:
        return table.c.payment_id.in_(select(Payment.id).where(Payment.parent_id == parent.id))
    conditions = [table.c[name] == parent.id for name in sorted(BY_ID & set(table.c.keys()))]
    conditions += [table.c[name] == telegram_id for name in sorted(BY_TELEGRAM_ID & set(table.c.keys()))]
    return or_(*conditions) if conditions else None
