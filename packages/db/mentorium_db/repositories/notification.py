"""The outbox: messages to parents, their claims under lease, and what became of them.

Moments of the product (`now`) are arguments. How long a claim holds and when the next try is due are measured by the
database server's clock: it is the one clock that all senders share, and what it measures is machines, not days.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from mentorium_domain.enums import NotificationType
from mentorium_domain.outbox import ClaimedMessage, DeliveryRecord, Lane, OutboxLoad, OutboxMessage


def _prepared(statement: str, **types: TypeEngine[Any]) -> TextClause:
    return text(statement).bindparams(*(bindparam(name, type_=kind) for name, kind in types.items()))


_MOMENT: Final = DateTime(timezone=True)
_CLAIM_COLUMNS: Final = (
    "n.id, n.attempts AS attempt, n.parent_telegram_id AS telegram_id, n.notification_type AS kind, n.message,"
    " n.send_at, n.repeated"
)

_ADD = _prepared(
    """
    WITH told AS (
        SELECT DISTINCT ON (dedup_key) * FROM unnest(
            :telegram_ids, :kinds, :messages, :keys, :lanes, :send_ats, :expires_ats, :pictures
        ) WITH ORDINALITY AS t (telegram_id, kind, message, dedup_key, lane, send_at, expires_at, picture, number)
        ORDER BY dedup_key, number
    ), added AS (
        INSERT INTO notifications (
            parent_telegram_id, notification_type, message, dedup_key, priority, send_at, expires_at, created_at,
            status, reason
        )
        SELECT t.telegram_id, t.kind, t.message, t.dedup_key, t.lane, t.send_at, t.expires_at, :now,
            CASE p.chat_state WHEN 'open' THEN 'pending' ELSE 'skipped' END,
            CASE p.chat_state WHEN 'open' THEN NULL ELSE 'chat_closed' END
        FROM told t JOIN parents p ON p.telegram_id = t.telegram_id
        ORDER BY t.number
        ON CONFLICT (dedup_key) DO NOTHING
        RETURNING id, dedup_key
    ), drawn AS (
        INSERT INTO notification_pictures (notification_id, png)
        SELECT a.id, t.picture FROM added a JOIN told t USING (dedup_key) WHERE t.picture IS NOT NULL
    )
    SELECT id, dedup_key FROM added
    """,
    telegram_ids=ARRAY(BigInteger),
    kinds=ARRAY(String),
    messages=ARRAY(String),
    keys=ARRAY(String),
    lanes=ARRAY(SmallInteger),
    send_ats=ARRAY(_MOMENT),
    expires_ats=ARRAY(_MOMENT),
    pictures=ARRAY(LargeBinary),
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
        WHERE n.status = 'pending' AND n.priority = :lane AND n.send_at <= :now AND n.expires_at > :now
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
    RETURNING {_CLAIM_COLUMNS},
        (SELECT png FROM notification_pictures p WHERE p.notification_id = n.id) AS picture
    """,  # noqa: S608 - the columns are a constant of this file
    lane=Integer(),
    now=_MOMENT,
    most=Integer(),
    lease_s=Double(),
)
_RECORD = _prepared(
    """
    WITH told AS (
        SELECT * FROM unnest(:ids, :attempts, :statuses, :holds, :reasons, :message_ids, :repeated)
            AS t (id, attempt, status, hold_s, reason, message_id, repeated)
    ), recorded AS (
        UPDATE notifications n SET
            status = t.status, held_until = clock_timestamp() + make_interval(secs => t.hold_s), reason = t.reason,
            telegram_message_id = t.message_id, repeated = t.repeated,
            sent_at = CASE t.status WHEN 'sent' THEN :now END
        FROM told t
        WHERE n.id = t.id AND n.attempts = t.attempt
            AND (n.status = 'sending' OR (n.status = 'unknown' AND t.status = 'sent'))
        RETURNING n.id, n.status
    ), cleared AS (
        DELETE FROM notification_pictures p USING recorded r
        WHERE p.notification_id = r.id AND r.status <> 'pending' AND r.status <> 'skipped'
    )
    SELECT id FROM recorded
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
_EXPIRED_LEASES = _prepared(
    f"""
    SELECT {_CLAIM_COLUMNS}, NULL::bytea AS picture FROM notifications n
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

    async def add(self, messages: Sequence[OutboxMessage], now: datetime) -> dict[str, int]:
        """Put messages into the outbox: idempotency key -> id of each that is new. Each says when it expires.

        One with a known key, or to nobody we know (any more), is left out; one to a closed chat is kept as skipped.
        """
        if not messages:
            return {}
        rows = await self.session.execute(
            _ADD,
            {
                "telegram_ids": [one.telegram_id for one in messages],
                "kinds": [one.kind.value for one in messages],
                "messages": [one.message for one in messages],
                "keys": [one.dedup_key for one in messages],
                "lanes": [one.lane.value for one in messages],
                "send_ats": [one.send_at for one in messages],
                "expires_ats": [one.expires_at for one in messages],
                "pictures": [one.picture for one in messages],
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

    async def most_urgent(self, now: datetime) -> Lane | None:
        """The lane of the first message that is due; None if none is."""
        lane = await self.session.scalar(_MOST_URGENT, {"now": now})
        return None if lane is None else Lane(lane)

    async def claim(self, lane: Lane, most: int, now: datetime, lease_s: float) -> list[ClaimedMessage]:
        """Take up to so many due messages of this lane, one a chat, under a lease of `lease_s` seconds.

        IntegrityError, rarely, where two senders went for different messages to one chat: then nothing is taken.
        """
        rows = await self.session.execute(_CLAIM, {"lane": lane.value, "most": most, "now": now, "lease_s": lease_s})
        return sorted((_claimed(row) for row in rows), key=lambda one: (one.send_at, one.id))

    async def record_outcomes(self, records: Sequence[DeliveryRecord], now: datetime) -> set[int]:
        """Write what became of claims; the ids it was still ours to say of.

        A claim that was given up meanwhile stands as it is, but for one thing: that a message has arrived is true.
        """
        rows = await self.session.scalars(
            _RECORD,
            {
                "ids": [one.id for one in records],
                "attempts": [one.attempt for one in records],
                "statuses": [one.status.value for one in records],
                "holds": [one.hold_s for one in records],
                "reasons": [one.reason for one in records],
                "message_ids": [one.message_id for one in records],
                "repeated": [one.repeated for one in records],
                "now": now,
            },
        )
        return set(rows)

    async def lock_expired_leases(self, most: int) -> list[ClaimedMessage]:
        """Claims whose lease has run out, locked until the unit of work ends; without their pictures."""
        return [_claimed(row) for row in await self.session.execute(_EXPIRED_LEASES, {"most": most})]

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

    async def oldest_due(self, now: datetime) -> dict[Lane, datetime]:
        """Lane -> since when its oldest message has been due; lanes without one are left out."""
        rows = await self.session.execute(_LAG, {"now": now})
        return {Lane(row.priority): row.oldest for row in rows}


def _claimed(row: Any) -> ClaimedMessage:
    return ClaimedMessage(
        id=row.id,
        attempt=row.attempt,
        telegram_id=row.telegram_id,
        kind=NotificationType(row.kind),
        message=row.message,
        send_at=row.send_at,
        repeated=row.repeated,
        picture=row.picture,
    )
