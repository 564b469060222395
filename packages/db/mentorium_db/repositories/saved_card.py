"""Cards that PayMe keeps for us, by token, each with the consent to charge it: at most one stands a parent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.tables.renewal import SavedCard
from mentorium_domain.enums import Tariff


def card_stands() -> ColumnElement[bool]:
    """Whether a card may be charged."""
    return SavedCard.removed_at.is_(None)


class SavedCardRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(
        self,
        parent_id: int,
        *,
        card_token: str,
        masked_number: str,
        tariff: Tariff,
        consent_version: str,
        consented_at: datetime,
    ) -> SavedCard:
        """IntegrityError where one stands already: it is removed before, in the same unit; the parent is locked."""
        card = SavedCard(
            parent_id=parent_id,
            card_token=card_token,
            masked_number=masked_number,
            tariff=tariff,
            consent_version=consent_version,
            consented_at=consented_at,
        )
        self.session.add(card)
        await self.session.flush()
        return card

    async def get(self, card_id: int) -> SavedCard | None:
        """As stored now, unlocked."""
        return await self.session.get(SavedCard, card_id, populate_existing=True)

    async def standing(self, parent_id: int) -> SavedCard | None:
        """The one that may be charged, as stored now; unlocked."""
        return await self.session.scalar(
            select(SavedCard)
            .where(SavedCard.parent_id == parent_id, card_stands())
            .execution_options(populate_existing=True)
        )

    async def stands(self, card_token: str) -> bool:
        """Whether a card with this token may be charged, whoever's it is."""
        found = select(SavedCard.id).where(SavedCard.card_token == card_token, card_stands()).limit(1)
        return await self.session.scalar(found) is not None

    async def remove(self, parent_id: int, because: str, now: datetime) -> str | None:
        """The token of the card that stood: with it PayMe is told. None: no card stood.

        The row stays, without its token, as the proof of the consent.
        """
        standing = await self.session.scalar(
            select(SavedCard)
            .where(SavedCard.parent_id == parent_id, SavedCard.removed_at.is_(None))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if standing is None:
            return None
        token = standing.card_token
        await self.session.execute(
            update(SavedCard)
            .where(SavedCard.id == standing.id)
            .values(removed_at=now, removed_because=because[:50], card_token="")
        )
        return token
