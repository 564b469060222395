"""One-time links to the page that sends a card to PayMe; each as the hash of its token."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.tables.renewal import CardPageLink
from mentorium_domain.enums import Tariff


class CardPageLinkRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(
        self, parent_id: int, tariff: Tariff, *, token_hash: str, now: datetime, expires_at: datetime
    ) -> CardPageLink:
        link = CardPageLink(
            parent_id=parent_id, tariff=tariff, token_hash=token_hash, created_at=now, expires_at=expires_at
        )
        self.session.add(link)
        await self.session.flush()
        return link

    async def made_since(self, parent_id: int, moment: datetime) -> int:
        """How many links this parent has asked for after that."""
        counted = select(func.count()).where(CardPageLink.parent_id == parent_id, CardPageLink.created_at > moment)
        return await self.session.scalar(counted) or 0

    async def end_unused(self, parent_id: int, now: datetime, *, opened_too: bool = True) -> None:
        """Links of this parent open nothing any more and, if `opened_too`, their pages save nothing."""
        unopened = () if opened_too else (CardPageLink.opened_at.is_(None),)
        await self.session.execute(
            update(CardPageLink)
            .where(
                CardPageLink.parent_id == parent_id,
                CardPageLink.used_at.is_(None),
                CardPageLink.expires_at > now,
                *unopened,
            )
            .values(used_at=now)
        )

    async def open(
        self, token_hash: str, *, page_hash: str, now: datetime, expires_at: datetime
    ) -> CardPageLink | None:
        """Open a link that nobody has opened; of two at once one does. From then on only `page_hash` finds it."""
        return await self.session.scalar(
            update(CardPageLink)
            .where(
                CardPageLink.token_hash == token_hash,
                CardPageLink.opened_at.is_(None),
                CardPageLink.used_at.is_(None),
                CardPageLink.expires_at > now,
            )
            .values(opened_at=now, token_hash=page_hash, expires_at=expires_at)
            .returning(CardPageLink)
        )

    async def opened(self, page_hash: str, now: datetime) -> CardPageLink | None:
        """The link of a page that is open, used already or not. Unlocked."""
        return await self.session.scalar(
            select(CardPageLink)
            .where(
                CardPageLink.token_hash == page_hash, CardPageLink.opened_at.is_not(None), CardPageLink.expires_at > now
            )
            .execution_options(populate_existing=True)
        )

    async def use(self, link_id: int, now: datetime) -> bool:
        """Whether it is this call that used it up: of several one does."""
        used = await self.session.scalar(
            update(CardPageLink)
            .where(CardPageLink.id == link_id, CardPageLink.used_at.is_(None), CardPageLink.expires_at > now)
            .values(used_at=now)
            .returning(CardPageLink.id)
        )
        return used is not None
