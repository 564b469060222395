"""Forgetting what is older than its retention, the oldest first, so many rows at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import DateTime, Integer, Interval, TextClause
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeEngine

from mentorium_db.claims import JOB_SCHEMA
from mentorium_db.repositories.inbox import EMPTIED as UPDATE_EMPTIED
from mentorium_db.statements import prepared


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a table: SQL that an index has as its own condition. `emptied`: what is SET instead of deleting."""

    where: str
    emptied: str | None = None


PARTS: Final[Mapping[tuple[str, str], Part]] = {
    ("notifications", "texts"): Part(
        "message <> '' AND status NOT IN ('pending', 'sending')", "message = '', line = NULL"
    ),
    ("notifications", "emptied"): Part("message = ''"),
    ("inbox", "ended"): Part("status = 'ended'"),
    ("inbox", "set_aside"): Part("status = 'set_aside'", UPDATE_EMPTIED),
    (f"{JOB_SCHEMA}.pgqueuer", "held"): Part("status = 'failed'"),
    (f"{JOB_SCHEMA}.pgqueuer", "held_private"): Part(
        "status = 'failed' AND entrypoint IN ('end_renewal', 'remove_card', 'resume_renewal', 'return_stars')"
    ),
}
NEVER_CHANGED: Final = frozenset({"event_logs"})
"""Rows that the product's role may not change (`mentorium_db.roles`): PostgreSQL lets it lock none either."""


def statement(table: str, since: str, part: str | None) -> TextClause:
    """Forget up to `:most` rows whose moment `since` is more than `:kept_for` before `:now`.

    pgqueuer writes its rows by the database's clock, and is asked by it.
    """
    some = PARTS[table, part] if part is not None else Part("TRUE")
    now = "statement_timestamp()" if table.startswith(f"{JOB_SCHEMA}.") else ":now"
    lock = "" if table in NEVER_CHANGED else " FOR UPDATE SKIP LOCKED"
    chosen = (
        f"SELECT ctid FROM {table} WHERE {some.where} AND {since} < {now} - :kept_for"  # noqa: S608 - constants of ours
        f" ORDER BY {since} LIMIT :most{lock}"
    )
    action = f"UPDATE {table} SET {some.emptied}" if some.emptied else f"DELETE FROM {table}"  # noqa: S608
    types: dict[str, TypeEngine[Any]] = {"kept_for": Interval(), "most": Integer(), "now": DateTime(timezone=True)}
    made = f"{action} WHERE ctid = ANY(ARRAY({chosen})) RETURNING 1"
    return prepared(made, **{name: kind for name, kind in types.items() if f":{name}" in made})


class RetentionRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def forget(
        self, table: str, since: str, *, part: str | None, kept_for: timedelta, now: datetime, most: int
    ) -> int:
        """How many rows were deleted or emptied. What somebody has in hand is left for the next time."""
        forget = statement(table, since, part)
        told = {"kept_for": kept_for, "most": most, "now": now}
        used = {name: value for name, value in told.items() if f":{name}" in forget.text}
        return len((await self.session.scalars(forget, used)).all())
