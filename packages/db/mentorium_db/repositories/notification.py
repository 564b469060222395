"""The outbox of messages to parents.

Moments of the product (`now`) are arguments. How long a claim holds and when the next try is due are measured by the
database server's clock: it is the one clock that all senders share, and what it measures is machines, not days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    DateTime,
    Double,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    TextClause,
    bindparam,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeEngine

from mentorium_db.models import Notification
from mentorium_domain.enums import DeliveryStatus, NotificationType


@dataclass(frozen=True, slots=True)
class NewNotification:
    parent_telegram_id: int
    kind: NotificationType
    message: str = field(repr=False)
    dedup_key: str
    priority: int
    send_at: datetime
    expires_at: datetime
    png: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ClaimedNotification:
    """A row in `sending`. `attempts` is the claim's number: who settles it must name the latest."""

    id: int
    attempts: int
    parent_telegram_id: int
    kind: NotificationType
    message: str = field(repr=False)
    send_at: datetime
    repeated: bool
    png: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class SettledNotification:
    id: int
    attempts: int
    status: DeliveryStatus
    hold_s: float
    reason: str | None
    telegram_message_id: int | None
    repeated: bool


@dataclass(frozen=True, slots=True)
class OutboxLoad:
    """`due`: to be sent now or within the next two seconds, or being sent; `next_at`: when that changes by itself."""

    due: int
    next_at: datetime | None


def _prepared(statement: str, **types: TypeEngine[Any]) -> TextClause:
    return text(statement).bindparams(*(bindparam(name, type_=kind) for name, kind in types.items()))


_MOMENT: Final = DateTime(timezone=True)
_OPEN_COLUMNS: Final = "n.id, n.attempts, n.parent_telegram_id, n.notification_type, n.message, n.send_at, n.repeated"

_ADD = _prepared(
    """
    WITH told AS (
        SELECT DISTINCT ON (dedup_key) * FROM unnest(
            :telegram_ids, :kinds, :messages, :keys, :priorities, :send_ats, :expires_ats, :pngs
        ) WITH ORDINALITY AS t (telegram_id, kind, message, dedup_key, priority, send_at, expires_at, png, number)
        ORDER BY dedup_key, number
    ), added AS (
        INSERT INTO notifications (
            parent_telegram_id, notification_type, message, dedup_key, priority, send_at, expires_at, created_at,
            status, reason
        )
        SELECT t.telegram_id, t.kind, t.message, t.dedup_key, t.priority, t.send_at, t.expires_at, :now,
            CASE p.chat_state WHEN 'open' THEN 'pending' ELSE 'skipped' END,
            CASE p.chat_state WHEN 'open' THEN NULL ELSE 'chat_closed' END
        FROM told t JOIN parents p ON p.telegram_id = t.telegram_id
        ORDER BY t.number
        ON CONFLICT (dedup_key) DO NOTHING
        RETURNING id, dedup_key
    ), drawn AS (
        INSERT INTO notification_pictures (notification_id, png)
        SELECT a.id, t.png FROM added a JOIN told t USING (dedup_key) WHERE t.png IS NOT NULL
    )
    SELECT id, dedup_key FROM added
    """,
    telegram_ids=ARRAY(BigInteger),
    kinds=ARRAY(String),
    messages=ARRAY(String),
    keys=ARRAY(String),
    priorities=ARRAY(SmallInteger),
    send_ats=ARRAY(_MOMENT),
    expires_ats=ARRAY(_MOMENT),
    pngs=ARRAY(LargeBinary),
    now=_MOMENT,
)
_MOST_URGENT = _prepared(
    """
    SELECT min(priority) FROM notifications
    WHERE status = 'pending' AND send_at <= :now AND expires_at > :now AND held_until <= clock_timestamp()
    """,
    now=_MOMENT,
)
# A chat that has just been written to, or is being written to, waits; of several messages to one chat the oldest goes.
_CLAIM = _prepared(
    f"""
    WITH due AS (
        SELECT n.id, n.parent_telegram_id, n.send_at FROM notifications n
        WHERE n.status = 'pending' AND n.priority = :priority AND n.send_at <= :now AND n.expires_at > :now
            AND n.held_until <= clock_timestamp()
            AND NOT EXISTS (
                SELECT FROM notifications other
                WHERE other.parent_telegram_id = n.parent_telegram_id AND other.held_until > clock_timestamp()
                    AND other.status <> 'pending'
            )
        ORDER BY n.send_at, n.id
        LIMIT :most FOR UPDATE OF n SKIP LOCKED
    ), chosen AS (
        SELECT DISTINCT ON (parent_telegram_id) id FROM due ORDER BY parent_telegram_id, send_at, id
    )
    UPDATE notifications n
    SET status = 'sending', attempts = n.attempts + 1, held_until = clock_timestamp() + make_interval(secs => :lease_s)
    FROM chosen WHERE n.id = chosen.id
    RETURNING {_OPEN_COLUMNS},
        (SELECT png FROM notification_pictures p WHERE p.notification_id = n.id) AS png
    """,  # noqa: S608 - the columns are a constant of this file
    priority=Integer(),
    now=_MOMENT,
    most=Integer(),
    lease_s=Double(),
)
_SETTLE = _prepared(
    """
    WITH told AS (
        SELECT * FROM unnest(:ids, :attempts, :statuses, :holds, :reasons, :message_ids, :repeated)
            AS t (id, attempts, status, hold_s, reason, message_id, repeated)
    ), settled AS (
        UPDATE notifications n SET
            status = t.status, held_until = clock_timestamp() + make_interval(secs => t.hold_s), reason = t.reason,
            telegram_message_id = t.message_id, repeated = t.repeated,
            sent_at = CASE t.status WHEN 'sent' THEN :now END
        FROM told t
        WHERE n.id = t.id AND n.attempts = t.attempts
            AND (n.status = 'sending' OR (n.status = 'unknown' AND t.status = 'sent'))
        RETURNING n.id, n.status
    ), cleared AS (
        DELETE FROM notification_pictures p USING settled s
        WHERE p.notification_id = s.id AND s.status <> 'pending' AND s.status <> 'skipped'
    )
    SELECT id FROM settled
    """,
    ids=ARRAY(BigInteger),
    attempts=ARRAY(Integer),
    statuses=ARRAY(String),
    holds=ARRAY(Double),
    reasons=ARRAY(String),
    message_ids=ARRAY(BigInteger),
    repeated=ARRAY(Boolean),
    now=_MOMENT,
)
_ABANDONED = _prepared(
    f"""
    SELECT {_OPEN_COLUMNS}, NULL::bytea AS png FROM notifications n
    WHERE n.status = 'sending' AND n.held_until <= clock_timestamp()
    LIMIT :most FOR UPDATE SKIP LOCKED
    """,  # noqa: S608 - the columns are a constant of this file
    most=Integer(),
)
_EXPIRE = _prepared(
    """
    WITH expired AS (
        UPDATE notifications SET status = 'expired'
        WHERE id IN (
            SELECT id FROM notifications WHERE status = 'pending' AND expires_at <= :now
            ORDER BY expires_at LIMIT :most FOR UPDATE SKIP LOCKED
        )
        RETURNING id, notification_type
    ), cleared AS (
        DELETE FROM notification_pictures p USING expired e WHERE p.notification_id = e.id
    )
    SELECT notification_type, count(*) AS count FROM expired GROUP BY 1
    """,
    now=_MOMENT,
    most=Integer(),
)
_CLEAR = _prepared(
    """
    DELETE FROM notification_pictures p USING notifications n
    WHERE n.id = p.notification_id AND n.expires_at <= :now AND n.status NOT IN ('pending', 'sending')
    """,
    now=_MOMENT,
)
_SKIP = _prepared(
    """
    UPDATE notifications SET status = 'skipped', reason = :reason
    WHERE parent_telegram_id = :telegram_id AND status = 'pending' RETURNING id
    """,
    telegram_id=BigInteger(),
    reason=String(),
)
_REVIVE = _prepared(
    """
    UPDATE notifications SET status = 'pending', reason = NULL, held_until = clock_timestamp()
    WHERE expires_at > :now AND id = (
        SELECT id FROM notifications
        WHERE parent_telegram_id = :telegram_id AND status = 'skipped' AND notification_type = :kind
        ORDER BY id DESC LIMIT 1
    )
    RETURNING id
    """,
    telegram_id=BigInteger(),
    kind=String(),
    now=_MOMENT,
)
_LOAD = _prepared(
    """
    SELECT
        (SELECT count(*) FROM notifications WHERE status = 'sending')
        + (SELECT count(*) FROM (
            SELECT FROM notifications
            WHERE status = 'pending' AND send_at <= :now AND held_until <= clock_timestamp() + interval '2 seconds'
            LIMIT 1000
        ) soon) AS due,
        least(
            (SELECT min(send_at) FROM notifications WHERE status = 'pending' AND send_at > :now),
            (SELECT min(expires_at) FROM notifications WHERE status = 'pending')
        ) AS next_at
    """,
    now=_MOMENT,
)
_LAG = _prepared(
    """
    SELECT priority, min(send_at) AS oldest FROM notifications
    WHERE status = 'pending' AND send_at <= :now GROUP BY priority
    """,
    now=_MOMENT,
)


class NotificationRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, new: Sequence[NewNotification], now: datetime) -> dict[str, int]:
        """Put messages into the outbox: dedup key -> id of each that is new.

        One with a known key, or to nobody we know (any more), is left out; one to a closed chat is kept as skipped.
        """
        if not new:
            return {}
        rows = await self.session.execute(
            _ADD,
            {
                "telegram_ids": [one.parent_telegram_id for one in new],
                "kinds": [one.kind.value for one in new],
                "messages": [one.message for one in new],
                "keys": [one.dedup_key for one in new],
                "priorities": [one.priority for one in new],
                "send_ats": [one.send_at for one in new],
                "expires_ats": [one.expires_at for one in new],
                "pngs": [one.png for one in new],
                "now": now,
            },
        )
        return {key: notification_id for notification_id, key in rows}

    async def list_for_parent(self, parent_telegram_id: int) -> list[Notification]:
        """Oldest first."""
        found = await self.session.scalars(
            select(Notification).where(Notification.parent_telegram_id == parent_telegram_id).order_by(Notification.id)
        )
        return list(found)

    async def most_urgent(self, now: datetime) -> int | None:
        """The priority of the first message that is due, 1 before 2; None if none is."""
        priority: int | None = await self.session.scalar(_MOST_URGENT, {"now": now})
        return priority

    async def claim(self, priority: int, most: int, now: datetime, lease_s: float) -> list[ClaimedNotification]:
        """Take up to so many due messages of this priority, one a chat, for `lease_s` seconds.

        IntegrityError, rarely, where two senders went for different messages to one chat: then nothing is taken.
        """
        rows = await self.session.execute(_CLAIM, {"priority": priority, "most": most, "now": now, "lease_s": lease_s})
        return sorted((_claimed(row) for row in rows), key=lambda one: (one.send_at, one.id))

    async def settle(self, settled: Sequence[SettledNotification], now: datetime) -> set[int]:
        """Write what became of claims; the ids it was still ours to say of.

        A claim that was given up meanwhile stands as it is, but for one thing: that a message has arrived is true.
        """
        rows = await self.session.scalars(
            _SETTLE,
            {
                "ids": [one.id for one in settled],
                "attempts": [one.attempts for one in settled],
                "statuses": [one.status.value for one in settled],
                "holds": [one.hold_s for one in settled],
                "reasons": [one.reason for one in settled],
                "message_ids": [one.telegram_message_id for one in settled],
                "repeated": [one.repeated for one in settled],
                "now": now,
            },
        )
        return set(rows)

    async def abandoned(self, most: int) -> list[ClaimedNotification]:
        """Claims that have run out, locked until the unit of work ends."""
        return [_claimed(row) for row in await self.session.execute(_ABANDONED, {"most": most})]

    async def expire(self, now: datetime, most: int) -> dict[NotificationType, int]:
        """Give up messages nobody wants any more: how many of each type."""
        rows = await self.session.execute(_EXPIRE, {"now": now, "most": most})
        return {NotificationType(kind): count for kind, count in rows}

    async def clear_pictures(self, now: datetime) -> None:
        """Drop the pictures of messages that nobody will send any more."""
        await self.session.execute(_CLEAR, {"now": now})

    async def skip_waiting(self, parent_telegram_id: int, reason: str) -> int:
        """Nothing that waits for this chat is sent; how much that was."""
        skipped = await self.session.scalars(_SKIP, {"telegram_id": parent_telegram_id, "reason": reason})
        return len(skipped.all())

    async def revive_last(self, parent_telegram_id: int, kind: NotificationType, now: datetime) -> int | None:
        """The latest skipped message of this type waits again, if it is still worth sending; its id."""
        revived: int | None = await self.session.scalar(
            _REVIVE, {"telegram_id": parent_telegram_id, "kind": kind.value, "now": now}
        )
        return revived

    async def load(self, now: datetime) -> OutboxLoad:
        """What the outbox is busy with; counts beyond a thousand are not told apart."""
        due, next_at = (await self.session.execute(_LOAD, {"now": now})).one()
        return OutboxLoad(due, next_at)

    async def oldest_due(self, now: datetime) -> dict[int, datetime]:
        """Priority -> since when its oldest message has been due; priorities without one are left out."""
        rows = await self.session.execute(_LAG, {"now": now})
        return {row.priority: row.oldest for row in rows}


def _claimed(row: Any) -> ClaimedNotification:
    return ClaimedNotification(
        id=row.id,
        attempts=row.attempts,
        parent_telegram_id=row.parent_telegram_id,
        kind=NotificationType(row.notification_type),
        message=row.message,
        send_at=row.send_at,
        repeated=row.repeated,
        png=row.png,
    )
