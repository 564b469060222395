"""The inbox beside the hot path (`inbox_hot_path.py`): what is given back, set aside, forgotten and looked at."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    DateTime,
    Double,
    String,
    Table,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.claims import MOST_TRIES, heartbeat, release_predecessors
from mentorium_db.columns import among
from mentorium_db.statements import prepared
from mentorium_db.tables.inbox import WAITING, InboxUpdate
from mentorium_domain.inbox import InboxLane, InboxLoad, SetAsideUpdate

_TABLE: Final = cast("Table", InboxUpdate.__table__)
_MOMENT: Final = DateTime(timezone=True)
EMPTIED: Final = (
    "status = 'ended', ended_at = :now, chat_id = NULL, user_telegram_id = NULL, kind = NULL, content = NULL,"
    " reason = NULL, owner = NULL, lease_until = NULL"
)
"""What ends an update, as SET says it; `:now`."""
_GIVE_BACK: Final = prepared(
    """
    UPDATE inbox SET status = 'waiting', owner = NULL, lease_until = NULL, tries = greatest(tries - 1, 0),
        held_until = clock_timestamp() + make_interval(secs => :hold_s), reason = :reason,
        answer_in_doubt = :in_doubt
    WHERE bot_id = :bot_id AND update_id = ANY(:update_ids) AND status = 'taken' AND owner = :owner
    """,
    bot_id=BigInteger(),
    update_ids=ARRAY(BigInteger),
    owner=String(),
    hold_s=Double(),
    reason=String(),
    in_doubt=Boolean(),
)
_SET_ASIDE: Final = prepared(
    """
    UPDATE inbox SET status = 'set_aside', owner = NULL, lease_until = NULL, reason = :reason
    WHERE bot_id = :bot_id AND update_id = :update_id AND status = 'taken' AND owner = :owner RETURNING update_id
    """,
    bot_id=BigInteger(),
    update_id=BigInteger(),
    owner=String(),
    reason=String(),
)
_BURY: Final = prepared(
    f"""
    UPDATE inbox SET status = 'set_aside', owner = NULL, lease_until = NULL, reason = :reason
    WHERE bot_id = :bot_id AND status = 'taken' AND lease_until <= clock_timestamp() AND tries >= {MOST_TRIES}
    RETURNING bot_id, update_id, lane, kind, tries, reason, received_at
    """,  # noqa: S608 - constants of this file
    bot_id=BigInteger(),
    reason=String(),
)
# What is in hand is emptied when it ends: the request itself is one of these, and is repeated if its answer is lost.
_FORGET_PERSON: Final = prepared(
    f"UPDATE inbox SET {EMPTIED} WHERE user_telegram_id = :user_id AND status IN ('waiting', 'set_aside')"  # noqa: S608
    " AND (lane <> 1 OR kind = ANY(:checkouts)) RETURNING update_id",
    user_id=BigInteger(),
    checkouts=ARRAY(String),
    now=_MOMENT,
)
_REQUEUE: Final = prepared(
    """
    UPDATE inbox SET status = 'waiting', tries = 0, held_until = clock_timestamp(), reason = NULL,
        answer_in_doubt = false
    WHERE status = 'set_aside' AND update_id = ANY(:update_ids) AND (:bot_id = 0 OR bot_id = :bot_id)
    RETURNING update_id
    """,
    bot_id=BigInteger(),
    update_ids=ARRAY(BigInteger),
)
_LIST_SET_ASIDE: Final = text(
    "SELECT bot_id, update_id, lane, kind, tries, reason, received_at FROM inbox WHERE status = 'set_aside'"
    " ORDER BY received_at, update_id"
)
_LOAD: Final = text(f"""
    SELECT count(*) FILTER (WHERE status = 'waiting') AS waiting, count(*) FILTER (WHERE status = 'taken') AS taken,
        (SELECT count(*) FROM inbox WHERE status = 'set_aside') AS set_aside, min(received_at) AS oldest
    FROM (SELECT status, received_at FROM inbox WHERE {WAITING} LIMIT 1000) waiting_or_taken
    """)  # noqa: S608 - constants of this file
_REGISTER: Final = prepared(
    """
    INSERT INTO webhook_registrations AS known (bot_id, fingerprint, told_at) VALUES (:bot_id, :fingerprint, :now)
    ON CONFLICT (bot_id) DO UPDATE SET fingerprint = excluded.fingerprint, told_at = excluded.told_at
    WHERE known.fingerprint <> excluded.fingerprint RETURNING bot_id
    """,
    bot_id=BigInteger(),
    fingerprint=String(),
    now=_MOMENT,
)
_UNREGISTER: Final = prepared(
    "DELETE FROM webhook_registrations WHERE bot_id = :bot_id AND fingerprint = :fingerprint",
    bot_id=BigInteger(),
    fingerprint=String(),
)
INBOX_CHANNEL: Final = "mentorium_inbox"
_NOTIFY: Final = text(f"SELECT pg_notify('{INBOX_CHANNEL}', '')")


class InboxRepository:
    """The inbox of all bots that share the database; `bot_id` is the number before the colon of a bot's token."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def notify(self) -> None:
        """Wake whoever claims, once this commits."""
        await self.session.execute(_NOTIFY)

    async def give_back(
        self, bot_id: int, update_ids: Collection[int], *, owner: str, hold_s: float, reason: str | None, in_doubt: bool
    ) -> None:
        """Let these wait again, for at least so many seconds; the try is not counted.

        `in_doubt`: whether their answers may have arrived.
        """
        await self.session.execute(
            _GIVE_BACK,
            {
                "bot_id": bot_id,
                "update_ids": list(update_ids),
                "owner": owner,
                "hold_s": hold_s,
                "reason": reason and reason[:100],
                "in_doubt": in_doubt,
            },
        )

    async def set_aside(self, bot_id: int, update_id: int, *, owner: str, reason: str) -> bool:
        """Dead-letter one that this owner has in hand; whether it was still its own."""
        done = await self.session.scalars(
            _SET_ASIDE, {"bot_id": bot_id, "update_id": update_id, "owner": owner, "reason": reason[:100]}
        )
        return bool(done.all())

    async def bury(self, bot_id: int, reason: str) -> list[SetAsideUpdate]:
        """Dead-letter what has killed its process at every try."""
        return [_set_aside(row) for row in await self.session.execute(_BURY, {"bot_id": bot_id, "reason": reason})]

    async def heartbeat(self, bot_id: int, update_ids: Collection[int], owner: str, lease_s: float) -> None:
        """Move on the leases of these, as far as this owner still holds them.

        What somebody is writing just now, such as that its answer begins, waits for the next one: two statements that
        each hold many rows may not wait for one another.
        """
        ids = _TABLE.c.bot_id == bot_id, _TABLE.c.update_id == among(update_ids)
        free = select(_TABLE.c.update_id).where(*ids).with_for_update(skip_locked=True, key_share=True)
        await heartbeat(self.session, _TABLE, owner, lease_s, _TABLE.c.bot_id == bot_id, _TABLE.c.update_id.in_(free))

    async def release_predecessors(self, owner: str) -> int:
        """What dead processes left at this owner's place is free at once; how much that was."""
        return await release_predecessors(self.session, _TABLE, owner)

    async def forget_person(self, user_id: int, now: datetime, checkouts: Sequence[str]) -> int:
        """Empty what waits or was set aside of this person's updates; how many that were.

        A payment that is still to be booked stays; the kinds `checkouts` of its lane only ask whether they may.
        """
        told = {"user_id": user_id, "now": now, "checkouts": list(checkouts)}
        return len((await self.session.scalars(_FORGET_PERSON, told)).all())

    async def list_set_aside(self) -> list[SetAsideUpdate]:
        """Oldest first, of all bots."""
        return [_set_aside(row) for row in await self.session.execute(_LIST_SET_ASIDE)]

    async def requeue(self, update_ids: Collection[int], bot_id: int = 0) -> list[int]:
        """Let updates that were set aside be taken again, as if they were new; the ids of those there were."""
        found = await self.session.scalars(_REQUEUE, {"update_ids": list(update_ids), "bot_id": bot_id})
        return sorted(found)

    async def load(self) -> InboxLoad:
        """What the inbox is busy with; counts beyond a thousand are not told apart."""
        row = (await self.session.execute(_LOAD)).one()
        return InboxLoad(row.waiting, row.taken, row.set_aside, row.oldest)

    async def claim_registration(self, bot_id: int, fingerprint: str, now: datetime) -> bool:
        """Whether Telegram has still to be told this; whoever asks first is the one to tell."""
        found = await self.session.scalars(_REGISTER, {"bot_id": bot_id, "fingerprint": fingerprint, "now": now})
        return bool(found.all())

    async def drop_registration(self, bot_id: int, fingerprint: str) -> None:
        """Telegram could not be told."""
        await self.session.execute(_UNREGISTER, {"bot_id": bot_id, "fingerprint": fingerprint})


def _set_aside(row: Any) -> SetAsideUpdate:
    return SetAsideUpdate(
        row.bot_id, row.update_id, InboxLane(row.lane), row.kind, row.tries, row.reason, row.received_at
    )
