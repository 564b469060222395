"""What parents asked the mentor, and what it answered."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import Table, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from mentorium_db.claims import LEASE_S, heartbeat, lease_end, release_predecessors
from mentorium_db.columns import among
from mentorium_db.models import Dialog
from mentorium_domain.enums import DialogStatus

OPEN: Final = (DialogStatus.PENDING, DialogStatus.ANSWERING, DialogStatus.WRITTEN)
ANSWERS_CHANNEL: Final = "mentorium_answers"
_RELEASED: Final[dict[str, Any]] = {"owner": None, "lease_until": None}
_TABLE: Final = cast("Table", Dialog.__table__)


class DialogRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def begin(self, dialog_id: int, owner: str) -> bool:
        """The answer is being made; False where the question is not (or no longer) this owner's to answer."""
        return await self._move(
            dialog_id, owner, (DialogStatus.PENDING, DialogStatus.ANSWERING), status=DialogStatus.ANSWERING
        )

    async def fail(self, dialog_id: int, owner: str, now: datetime) -> bool:
        """There will be no answer, or it cannot be delivered. False as of `begin`."""
        return await self._move(
            dialog_id, owner, OPEN, status=DialogStatus.FAILED, answered_at=now, ai_reply=None, **_RELEASED
        )

    async def stop(self, dialog_id: int, owner: str, partial: str, now: datetime) -> bool:
        """The parent pressed Stop; what had been written by then is kept. False as of `begin`."""
        return await self._move(
            dialog_id, owner, OPEN, status=DialogStatus.STOPPED, answered_at=now, ai_reply=partial or None, **_RELEASED
        )

    async def release(self, owner: str, dialog_ids: Collection[int] | None = None) -> None:
        """Let whoever lives take up at once what this owner has, or these of it.

        The try is not counted, since nobody died of it.
        """
        some = (Dialog.id == among(dialog_ids),) if dialog_ids is not None else ()
        await self.session.execute(
            update(Dialog)
            .where(Dialog.owner == owner, Dialog.status.in_(OPEN), *some)
            .values(lease_until=func.clock_timestamp(), tries=func.greatest(Dialog.tries - 1, 0))
            .execution_options(synchronize_session=False)
        )

    async def take_abandoned(
        self, owner: str, most: int, *, ownerless_before: datetime, lease_s: float = LEASE_S
    ) -> list[Dialog]:
        """Claim open questions whose owner's lease has run out, or that never had one, oldest first.

        Tries are counted; what has been taken too often already is taken all the same, once more: to be apologised for.
        """
        ownerless = and_(Dialog.owner.is_(None), Dialog.created_at < ownerless_before)
        left = or_(Dialog.lease_until <= func.clock_timestamp(), ownerless)
        chosen = (
            select(Dialog.id)
            .where(Dialog.status.in_(OPEN), left)
            .order_by(Dialog.id)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        taken = await self.session.scalars(
            update(Dialog)
            .where(Dialog.id.in_(chosen.scalar_subquery()))
            .values(owner=owner, lease_until=lease_end(lease_s), tries=Dialog.tries + 1)
            .returning(Dialog)
            .execution_options(synchronize_session=False)
        )
        return sorted(taken, key=lambda dialog: dialog.id)

    async def heartbeat(self, owner: str, dialog_ids: Collection[int], lease_s: float = LEASE_S) -> None:
        """Move on the leases of these, as far as this owner still holds them."""
        await heartbeat(self.session, _TABLE, owner, lease_s, Dialog.id == among(dialog_ids), Dialog.status.in_(OPEN))

    async def release_predecessors(self, owner: str) -> int:
        """What dead processes left at this owner's place is free at once; how much that was."""
        return await release_predecessors(self.session, _TABLE, owner)

    async def waiting_behind(self, dialog_ids: Collection[int], owner: str) -> set[int]:
        """Those of these before which another process has a question of the same parent open."""
        earlier = aliased(Dialog)
        open_elsewhere = (
            select(earlier.id)
            .where(
                earlier.parent_telegram_id == Dialog.parent_telegram_id,
                earlier.id < Dialog.id,
                earlier.status.in_(OPEN),
                earlier.owner.is_distinct_from(owner),
            )
            .exists()
        )
        behind = await self.session.scalars(select(Dialog.id).where(Dialog.id == among(dialog_ids), open_elsewhere))
        return set(behind)

    async def open_elsewhere(self, parent_telegram_id: int, owner: str) -> list[int]:
        """This parent's open questions that other processes, which live, have in hand; oldest first."""
        found = await self.session.scalars(
            select(Dialog.id)
            .where(
                Dialog.parent_telegram_id == parent_telegram_id,
                Dialog.status.in_(OPEN),
                Dialog.owner != owner,
                Dialog.lease_until > func.clock_timestamp(),
            )
            .order_by(Dialog.id)
        )
        return list(found)

    async def notify(self, payload: str) -> None:
        """Say it to every process that answers, once this commits."""
        await self.session.execute(select(func.pg_notify(ANSWERS_CHANNEL, payload)))

    async def keep_hidden(self, hidden: Mapping[int, dict[str, Any]], hidden_by: str) -> None:
        """By dialog id: question and answer as the model may read them, by this version of the rules."""
        for dialog_id, turn in hidden.items():
            await self.session.execute(
                update(Dialog)
                .where(Dialog.id == dialog_id)
                .values(hidden=turn, hidden_by=hidden_by)
                .execution_options(synchronize_session=False)
            )

    async def forget(self, parent_telegram_id: int, now: datetime) -> int:
        """Leave everything so far out of later conversations; returns how many questions that were."""
        forgotten = await self.session.scalars(
            update(Dialog)
            .where(Dialog.parent_telegram_id == parent_telegram_id, Dialog.forgotten_at.is_(None))
            .values(forgotten_at=now)
            .returning(Dialog.id)
        )
        return len(forgotten.all())

    async def _move(self, dialog_id: int, holder: str, expected: Collection[DialogStatus], **values: object) -> bool:
        """One step of a question's life, by its owner alone: who lost the claim meanwhile changes nothing."""
        moved = await self.session.scalars(
            update(Dialog)
            .where(Dialog.id == dialog_id, Dialog.owner == holder, Dialog.status.in_(expected))
            .values(**values)
            .returning(Dialog.id)
            .execution_options(synchronize_session=False)
        )
        return bool(moved.all())
