"""What parents agreed to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.columns import among
from mentorium_db.tables.identity import Consent
from mentorium_domain.enums import ConsentKind, Language


class ConsentRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(
        self, parent_id: int, kind: ConsentKind, version: str, text_hash: str, language: Language, now: datetime
    ) -> None:
        """Record a consent; one that stands for the same version is not given twice."""
        await self.session.execute(
            insert(Consent)
            .values(
                parent_id=parent_id,
                kind=kind,
                version=version,
                text_hash=text_hash,
                language=language,
                granted_at=now,
            )
            .on_conflict_do_nothing(
                index_elements=[Consent.parent_id, Consent.kind, Consent.version],
                index_where=Consent.withdrawn_at.is_(None),
            )
        )

    async def withdraw(self, parent_id: int, kind: ConsentKind, now: datetime) -> bool:
        """End every consent of this kind that stands; False where none did."""
        ended = await self.session.scalars(
            update(Consent)
            .where(Consent.parent_id == parent_id, Consent.kind == kind, Consent.withdrawn_at.is_(None))
            .values(withdrawn_at=func.greatest(now, Consent.granted_at))
            .returning(Consent.id)
        )
        return bool(ended.all())

    async def current_among(self, parent_ids: Collection[int], kind: ConsentKind) -> set[int]:
        """Those of these parents whose consent of this kind stands."""
        found = await self.session.scalars(
            select(Consent.parent_id).where(
                Consent.parent_id == among(parent_ids), Consent.kind == kind, Consent.withdrawn_at.is_(None)
            )
        )
        return set(found)

    async def has_current(self, parent_id: int, kind: ConsentKind) -> bool:
        """Whether a consent of this kind stands, whatever its version."""
        return parent_id in await self.current_among([parent_id], kind)
