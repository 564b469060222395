"""The awaited e-mail code of a parent, and what is counted of codes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.models import Parent
from mentorium_db.tables.identity import CodeAttempt, EmailCode
from mentorium_domain.enums import CodeAttemptKind


class EmailCodeRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def awaited(self, parent_id: int) -> EmailCode | None:
        return await self.session.get(EmailCode, parent_id, populate_existing=True)

    async def await_code(self, parent_id: int, *, email: str, mark: str, now: datetime, expires_at: datetime) -> None:
        """From now on this code is awaited, and no earlier one. `mark` is what `parents.registration_code` keeps."""
        fresh = {"email": email, "tries": 0, "created_at": now, "expires_at": expires_at}
        await self.session.execute(
            insert(EmailCode)
            .values(parent_id=parent_id, **fresh)
            .on_conflict_do_update(index_elements=[EmailCode.parent_id], set_=fresh)
        )
        await self._mark(parent_id, mark)

    async def count_try(self, parent_id: int) -> None:
        await self.session.execute(
            update(EmailCode).where(EmailCode.parent_id == parent_id).values(tries=EmailCode.tries + 1)
        )

    async def use_up(self, parent_id: int, email: str) -> bool:
        """The code for this address has been typed: none is awaited any more. False if it was not awaited."""
        used = await self.session.scalars(
            delete(EmailCode)
            .where(EmailCode.parent_id == parent_id, EmailCode.email == email)
            .returning(EmailCode.parent_id)
        )
        if used.one_or_none() is None:
            return False
        await self._mark(parent_id, None)
        return True

    async def attempts(
        self, subjects: Sequence[str], kind: CodeAttemptKind, since: datetime
    ) -> dict[str, list[datetime]]:
        """When each subject did this since then, oldest first. Their counters stay locked while the unit is open."""
        for subject in sorted(subjects):
            await self.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(subject, 0))))
        found = await self.session.execute(
            select(CodeAttempt.subject, CodeAttempt.attempted_at)
            .where(CodeAttempt.subject.in_(subjects), CodeAttempt.kind == kind, CodeAttempt.attempted_at > since)
            .order_by(CodeAttempt.attempted_at)
        )
        times: dict[str, list[datetime]] = {subject: [] for subject in subjects}
        for subject, attempted_at in found:
            times[subject].append(attempted_at)
        return times

    async def note(self, subjects: Sequence[str], kind: CodeAttemptKind, now: datetime) -> None:
        await self.session.execute(
            insert(CodeAttempt).values([{"subject": s, "kind": kind, "attempted_at": now} for s in subjects])
        )

    async def _mark(self, parent_id: int, mark: str | None) -> None:
        await self.session.execute(update(Parent).where(Parent.id == parent_id).values(registration_code=mark))
