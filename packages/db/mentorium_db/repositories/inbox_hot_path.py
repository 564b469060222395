"""The inbox's hot path: what each update costs our database besides its handler. Stored once, claimed in the order of
its chat, emptied when it has ended.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ARRAY, BigInteger, Boolean, DateTime, Double, Integer, SmallInteger, String

from mentorium_db.claims import MOST_TRIES
from mentorium_db.driver import DriverStatement, Row
from mentorium_db.repositories.inbox import EMPTIED, INBOX_CHANNEL
from mentorium_db.statements import prepared
from mentorium_db.tables.inbox import WAITING
from mentorium_db.units import Driver
from mentorium_domain.inbox import InboxLane, IncomingUpdate, TakenUpdate

_MOMENT: Final = DateTime(timezone=True)
_COLUMNS: Final = (
    "i.update_id, i.lane, i.chat_id, i.user_telegram_id AS user_id, i.kind, i.content, i.tries, i.received_at,"
    " i.answer_in_doubt"
)
_LEASE: Final = "clock_timestamp() + make_interval(secs => :lease_s)"


# A chat's first update is taken as it is stored, unless the chat has something before it.
_STORE: Final = DriverStatement(
    prepared(
        f"""
        WITH told AS (
            SELECT t.*, t.admitted AND :take AND row_number() OVER (
                PARTITION BY t.lane, t.chat_id, t.admitted ORDER BY t.update_id
            ) = 1 AND NOT EXISTS (
                SELECT FROM inbox i
                WHERE i.bot_id = :bot_id AND i.lane = t.lane AND i.chat_id = t.chat_id AND i.{WAITING}
            ) AS taken
            FROM unnest(:update_ids, :lanes, :chat_ids, :user_ids, :kinds, :contents, :admitted)
                AS t (update_id, lane, chat_id, user_id, kind, content, admitted)
        )
        INSERT INTO inbox AS i (
            bot_id, update_id, lane, status, chat_id, user_telegram_id, kind, content, owner, lease_until, tries,
            received_at, held_until, ended_at
        )
        SELECT :bot_id, update_id, lane,
            CASE WHEN taken THEN 'taken' WHEN admitted THEN 'waiting' ELSE 'ended' END,
            CASE WHEN admitted THEN chat_id END, CASE WHEN admitted THEN user_id END,
            CASE WHEN admitted THEN kind END, CASE WHEN admitted THEN content END,
            CASE WHEN taken THEN :owner END, CASE WHEN taken THEN {_LEASE} END, taken::int,
            :now, clock_timestamp(), CASE WHEN NOT admitted THEN :now END
        FROM told ORDER BY update_id
        ON CONFLICT (bot_id, update_id) DO NOTHING
        RETURNING {_COLUMNS}, i.status
        """,  # noqa: S608 - constants of this file
        bot_id=BigInteger(),
        owner=String(),
        take=Boolean(),
        lease_s=Double(),
        now=_MOMENT,
        update_ids=ARRAY(BigInteger),
        lanes=ARRAY(SmallInteger),
        chat_ids=ARRAY(BigInteger),
        user_ids=ARRAY(BigInteger),
        kinds=ARRAY(String),
        contents=ARRAY(String),
        admitted=ARRAY(Boolean),
    )
)
# One look at each chat that has something, from a chat on: however much one of them has waiting, it costs one step.
# What is in hand of a chat is its head, even where something with a lower id came after it.
_TAKE: Final = DriverStatement(
    prepared(
        f"""
        WITH RECURSIVE heads AS (
            (
                SELECT chat_id, update_id, held_until, tries FROM inbox
                WHERE bot_id = :bot_id AND lane = :lane AND {WAITING} AND chat_id > :after
                ORDER BY chat_id, update_id LIMIT 1
            )
            UNION ALL
            SELECT next.* FROM heads CROSS JOIN LATERAL (
                SELECT chat_id, update_id, held_until, tries FROM inbox
                WHERE bot_id = :bot_id AND lane = :lane AND {WAITING} AND chat_id > heads.chat_id
                ORDER BY chat_id, update_id LIMIT 1
            ) next
        ), free AS (
            SELECT coalesce(held.update_id, heads.update_id) AS update_id
            FROM heads LEFT JOIN inbox held ON held.bot_id = :bot_id AND held.lane = :lane
                AND held.chat_id = heads.chat_id AND held.status = 'taken'
            WHERE coalesce(held.tries, heads.tries) < {MOST_TRIES}
                AND coalesce(held.lease_until, heads.held_until) <= clock_timestamp()
            LIMIT :most
        )
        UPDATE inbox i SET status = 'taken', owner = :owner, lease_until = {_LEASE}, tries = tries + 1
        FROM free
        WHERE i.bot_id = :bot_id AND i.update_id = free.update_id
            AND (i.status = 'waiting' OR (i.status = 'taken' AND i.lease_until <= clock_timestamp()))
        RETURNING {_COLUMNS}
        """,  # noqa: S608 - constants of this file
        bot_id=BigInteger(),
        lane=SmallInteger(),
        after=BigInteger(),
        most=Integer(),
        owner=String(),
        lease_s=Double(),
    )
)
_kept_plan_will_do: set[tuple[int, InboxLane]] = set()
"""Lanes whose last claim in this process found some, and fewer than it asked for.

Of a queue that is empty PostgreSQL keeps a plan that compares each waiting row with each that is taken: a flood of a
hundred thousand would wait some seconds for each claim. After a quiet time, and while more waits, it is planned anew.
"""
# Who has written or pressed something was seen: once a day, and never waiting for whoever holds the parent's row.
_END: Final = DriverStatement(
    prepared(
        f"""
        WITH seen AS (
            UPDATE parents SET last_seen_at = :now WHERE id IN (
                SELECT p.id FROM parents p
                WHERE p.telegram_id IN (
                    SELECT user_telegram_id FROM inbox
                    WHERE bot_id = :bot_id AND update_id = ANY(:update_ids) AND status = 'taken' AND owner = :owner
                        AND kind IN ('message', 'callback_query')
                ) AND (p.last_seen_at IS NULL OR p.last_seen_at < :now - interval '1 day')
                ORDER BY p.id FOR NO KEY UPDATE SKIP LOCKED
            )
        )
        UPDATE inbox SET {EMPTIED}
        WHERE bot_id = :bot_id AND update_id = ANY(:update_ids) AND status = 'taken' AND owner = :owner
        RETURNING update_id
        """,  # noqa: S608 - constants of this file
        bot_id=BigInteger(),
        update_ids=ARRAY(BigInteger),
        owner=String(),
        now=_MOMENT,
    )
)
_BEGIN_ANSWERS: Final = DriverStatement(
    prepared(
        """
        UPDATE inbox SET answer_in_doubt = :begun
        WHERE bot_id = :bot_id AND update_id = ANY(:update_ids) AND status = 'taken' AND owner = :owner
        RETURNING update_id
        """,
        bot_id=BigInteger(),
        update_ids=ARRAY(BigInteger),
        owner=String(),
        begun=Boolean(),
    )
)
_NOTIFY: Final = f"SELECT pg_notify('{INBOX_CHANNEL}', $1)"


class InboxHotPathRepository:
    """Over the driver's connection; `bot_id` is the number before the colon of a bot's token."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def store(
        self,
        bot_id: int,
        updates: Sequence[IncomingUpdate],
        now: datetime,
        *,
        owner: str | None = None,
        lease_s: float = 0.0,
    ) -> tuple[list[TakenUpdate], int]:
        """Store each update once, and take for `owner` those before which nothing of their chat waits.

        What was taken, and how many wait for somebody to take them. IntegrityError, rarely, where two processes took
        something of one chat at once: then nothing is stored; ask again without `owner`.
        """
        stored = await _STORE.fetch(
            self._driver,
            bot_id=bot_id,
            owner=owner,
            take=owner is not None,
            lease_s=lease_s,
            now=now,
            update_ids=[one.update_id for one in updates],
            lanes=[one.lane.value for one in updates],
            chat_ids=[one.chat_id for one in updates],
            user_ids=[one.user_id for one in updates],
            kinds=[one.kind for one in updates],
            contents=[one.content for one in updates],
            admitted=[one.admitted for one in updates],
        )
        taken = [_taken(row) for row in stored if row["status"] == "taken"]
        return sorted(taken, key=lambda one: one.update_id), sum(row["status"] == "waiting" for row in stored)

    async def notify(self, lane: InboxLane) -> None:
        """Wake whoever claims of this lane, once this commits."""
        await self._driver.execute(_NOTIFY, str(lane.value))

    async def take(
        self, bot_id: int, lane: InboxLane, most: int, *, after: int, owner: str, lease_s: float
    ) -> list[TakenUpdate]:
        """Claim the first update of up to `most` chats whose id is greater than `after`, in the order of those ids."""
        claim = _TAKE.fetch if (bot_id, lane) in _kept_plan_will_do else _TAKE.fetch_planned_anew
        rows = await claim(
            self._driver, bot_id=bot_id, lane=lane.value, after=after, most=most, owner=owner, lease_s=lease_s
        )
        if 0 < len(rows) < most:
            _kept_plan_will_do.add((bot_id, lane))
        else:
            _kept_plan_will_do.discard((bot_id, lane))
        return sorted((_taken(row) for row in rows), key=lambda one: one.chat_id)

    async def begin_answers(
        self, bot_id: int, update_ids: Collection[int], *, owner: str, begun: bool = True
    ) -> set[int]:
        """From now on it is in doubt whether these have been answered; those that are this owner's to answer.

        `begun` False: it no longer is, since Telegram has taken nothing.
        """
        rows = await _BEGIN_ANSWERS.fetch(
            self._driver, bot_id=bot_id, update_ids=list(update_ids), owner=owner, begun=begun
        )
        return {row["update_id"] for row in rows}

    async def end(self, bot_id: int, update_ids: Collection[int], *, owner: str, now: datetime) -> set[int]:
        """Empty what this owner has handled, refused or dropped; those that were still its own."""
        rows = await _END.fetch(self._driver, bot_id=bot_id, update_ids=list(update_ids), owner=owner, now=now)
        return {row["update_id"] for row in rows}


def _taken(row: Row) -> TakenUpdate:
    return TakenUpdate(
        update_id=row["update_id"],
        lane=InboxLane(row["lane"]),
        chat_id=row["chat_id"],
        user_id=row["user_id"],
        kind=row["kind"],
        content=row["content"],
        tries=row["tries"],
        received_at=row["received_at"],
        answer_in_doubt=row["answer_in_doubt"],
    )
