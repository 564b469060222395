"""Parents: Telegram users who have given consent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.columns import among
from mentorium_db.models import Parent
from mentorium_db.tables.identity import Consent
from mentorium_domain.enums import ChatState, ConsentKind, Language
from mentorium_kit.errors import NotFoundError


class ParentRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, parent_id: int) -> Parent | None:
        return await self.session.get(Parent, parent_id)

    async def get_by_telegram_id(self, telegram_id: int) -> Parent | None:
        return await self.session.scalar(select(Parent).where(Parent.telegram_id == telegram_id))

    async def list_with_consent(self, telegram_ids: Collection[int], kind: ConsentKind) -> list[tuple[Parent, bool]]:
        """Those there are, each with whether their consent of this kind stands."""
        standing = exists().where(Consent.parent_id == Parent.id, Consent.kind == kind, Consent.withdrawn_at.is_(None))
        rows = await self.session.execute(select(Parent, standing).where(Parent.telegram_id == among(telegram_ids)))
        return [(row[0], row[1]) for row in rows]

    async def add(self, telegram_id: int, *, language: Language, now: datetime) -> Parent:
        """The parent with this Telegram id, made if there is none yet; one who is there stays as they are."""
        await self.session.execute(
            insert(Parent)
            .values(telegram_id=telegram_id, language=language, created_at=now, updated_at=now)
            .on_conflict_do_nothing(index_elements=[Parent.telegram_id])
        )
        return (await self.session.scalars(select(Parent).where(Parent.telegram_id == telegram_id))).one()

    async def set_language(self, parent_id: int, language: Language, now: datetime) -> None:
        await self.session.execute(
            update(Parent).where(Parent.id == parent_id).values(language=language, updated_at=now)
        )

    async def complete_registration(
        self, parent_id: int, now: datetime, *, phone: str | None = None, email: str | None = None
    ) -> None:
        """Mark the parent as registered; a phone or e-mail that is not given stays as it was."""
        contact = {name: value for name, value in (("phone", phone), ("email", email)) if value is not None}
        await self.session.execute(
            update(Parent).where(Parent.id == parent_id).values(registration_completed=True, updated_at=now, **contact)
        )

    async def list_registered_after(self, parent_id: int, before: datetime, limit: int) -> list[Parent]:
        """Who came before then, by id, from the first behind this one."""
        found = await self.session.scalars(
            select(Parent)
            .where(Parent.id > parent_id, Parent.created_at < before, Parent.registration_completed)
            .order_by(Parent.id)
            .limit(limit)
        )
        return list(found)

    async def seen_since(self, telegram_ids: Collection[int], since: datetime) -> set[int]:
        """The Telegram ids of those parents who wrote or pressed something after that, to within a day."""
        found = await self.session.scalars(
            select(Parent.telegram_id).where(Parent.telegram_id == among(telegram_ids), Parent.last_seen_at > since)
        )
        return set(found)

    async def set_chat_state(self, telegram_id: int, chat_state: ChatState, now: datetime) -> bool:
        """Whether that is news; False where it was known, or nobody is."""
        changed = await self.session.scalar(
            update(Parent)
            .where(Parent.telegram_id == telegram_id, Parent.chat_state != chat_state)
            .values(chat_state=chat_state, updated_at=now)
            .returning(Parent.id)
        )
        return changed is not None

    async def lock(self, parent_id: int) -> Parent:
        """The parent, as stored now, locked until the unit of work ends.

        NotFoundError `parent_unknown` if there is none, or none any more: /erase may have been first. Others may
        meanwhile refer to the row: it is FOR NO KEY UPDATE.
        """
        found = await self.session.get(Parent, parent_id, with_for_update={"key_share": True}, populate_existing=True)
        if found is None:
            raise NotFoundError("parent_unknown")
        return found

    async def lock_all(self, parent_ids: Collection[int]) -> dict[int, Parent]:
        """As `lock`, of several, always in the order of their ids; who is gone is left out."""
        found = await self.session.scalars(
            select(Parent)
            .where(Parent.id == among(parent_ids))
            .order_by(Parent.id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
        return {parent.id: parent for parent in found}
