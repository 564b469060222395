"""The words that the model wrote around the sentences of reports, by a hash of what it was told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ARRAY, String, any_, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.tables.report_runs import ReportShellRow


@dataclass(frozen=True, slots=True)
class KeptShell:
    """`words` is None where what the model wrote could not be used."""

    words: str | None
    made_at: datetime


class ReportShellRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def find(self, keys: Collection[str]) -> dict[str, KeptShell]:
        """Those that are kept, by their keys; one statement for all."""
        found = await self.session.scalars(
            select(ReportShellRow).where(ReportShellRow.key == any_(literal(list(keys), ARRAY(String))))
        )
        return {row.key: KeptShell(row.words, row.made_at) for row in found}

    async def keep(self, key: str, words: str | None, now: datetime) -> None:
        """The newest stands."""
        told = {"words": words, "made_at": now}
        kept = insert(ReportShellRow).values(key=key, **told)
        await self.session.execute(kept.on_conflict_do_update(index_elements=["key"], set_=told))
