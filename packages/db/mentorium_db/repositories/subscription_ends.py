"""Which subscriptions time has something to do with, set-based; `slot` and `now` are the product's time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ARRAY, DateTime, Integer, Interval, String
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.statements import prepared
from mentorium_domain.enums import Language, Tariff

_MOMENT: Final = DateTime(timezone=True)
# A stage of an end is told once: the key is made of the subscription, the stage and the end that it is about. `began`:
# when an end came to its stage; what was told from that day on by a notice with another key stands for it.
UNTOLD: Final = prepared(
    """
    WITH due AS (
        SELECT s.id, s.parent_id, s.expires_at, w.stage, s.expires_at - (w.up_to - :slot) AS began
        FROM unnest(:stages, :after, :up_to) AS w (stage, after, up_to)
        JOIN subscriptions s ON s.expires_at > w.after AND s.expires_at <= w.up_to
        WHERE s.status = 'ACTIVE' AND NOT s.auto_renew
        UNION ALL
        SELECT s.id, s.parent_id, s.expires_at, 'over', s.expires_at - (:over_up_to - :slot) FROM subscriptions s
        WHERE s.status = 'EXPIRED' AND s.expires_at > :over_after AND s.expires_at <= :over_up_to AND NOT EXISTS (
            SELECT FROM subscriptions a WHERE a.parent_id = s.parent_id AND a.status = 'ACTIVE'
        )
    ), keyed AS (
        SELECT *, concat_ws(':', 'subscription', stage, id, extract(epoch FROM expires_at)::bigint) AS key,
            concat_ws(':', id, extract(epoch FROM expires_at)::bigint) AS end_key
        FROM due
    )
    SELECT p.telegram_id, p.language, k.expires_at, k.stage, k.key
    FROM keyed k JOIN parents p ON p.id = k.parent_id
    WHERE NOT EXISTS (SELECT FROM notifications n WHERE n.dedup_key = k.key)
        AND NOT EXISTS (
            SELECT FROM notifications n
            WHERE k.stage = 'over'
                AND n.dedup_key IN ('subscription:ended:' || k.end_key, 'subscription:last-day:' || k.end_key)
        )
        AND NOT EXISTS (
            SELECT FROM notifications n
            WHERE n.parent_telegram_id = p.telegram_id AND n.dedup_key LIKE ANY (:instead)
                AND n.send_at >= date_trunc('day', k.began, 'Asia/Tashkent')
        )
    ORDER BY k.expires_at, k.id LIMIT :most
    """,
    stages=ARRAY(String),
    after=ARRAY(_MOMENT),
    up_to=ARRAY(_MOMENT),
    instead=ARRAY(String),
    slot=_MOMENT,
    over_after=_MOMENT,
    over_up_to=_MOMENT,
    most=Integer(),
)
NEXT: Final = prepared(
    """
    SELECT min(soonest.expires_at - b.before) FROM unnest(:befores) AS b (before), LATERAL (
        SELECT min(expires_at) AS expires_at FROM subscriptions
        WHERE status = 'ACTIVE' AND expires_at > :slot + b.before
    ) soonest
    """,
    befores=ARRAY(Interval),
    slot=_MOMENT,
)
OVER: Final = prepared(
    "SELECT EXISTS (SELECT FROM subscriptions WHERE status = 'ACTIVE' AND expires_at <= :over_at)", over_at=_MOMENT
)
# `mentorium_core.billing.rules.stretches`, for all at once: a grant ends so many days after the latest of the moments
# at which it, or one before it, could begin, counted with the days between.
MOVED_ON: Final = prepared(
    """
    WITH given AS (
        SELECT g.*, s.parent_id AS payer, sum(g.days) OVER w AS total
        FROM subscription_grants g JOIN subscriptions s ON s.id = g.subscription_id
        WHERE s.status = 'ACTIVE' AND g.reversed_at IS NULL
        WINDOW w AS (PARTITION BY g.subscription_id ORDER BY g.granted_at, g.id)
    ), ending AS (
        SELECT given.*, make_interval(hours => 24 * total::int) + max(greatest(
            granted_at - make_interval(hours => 24 * (total - days)::int),
            until - make_interval(hours => 24 * total::int)
        )) OVER (PARTITION BY subscription_id ORDER BY granted_at, id) AS ends_at
        FROM given
    ), running AS (
        SELECT DISTINCT ON (subscription_id) * FROM ending WHERE ends_at > :now
        ORDER BY subscription_id, granted_at, id
    )
    SELECT s.id, s.parent_id FROM running r JOIN subscriptions s ON s.id = r.subscription_id
    WHERE (s.tariff, s.amount_minor, s.currency) IS DISTINCT FROM (r.tariff, r.amount_minor, r.currency)
    ORDER BY s.parent_id LIMIT :most
    """,
    now=_MOMENT,
    most=Integer(),
)
BY_TARIFF: Final = prepared(
    "SELECT tariff, count(*) FROM subscriptions WHERE status = 'ACTIVE' AND expires_at > :over_at GROUP BY tariff",
    over_at=_MOMENT,
)


@dataclass(frozen=True, slots=True)
class EndWindow:
    """Ends after `after` and up to `up_to` are at this stage."""

    stage: str
    after: datetime
    up_to: datetime


@dataclass(frozen=True, slots=True)
class UntoldEnd:
    """`key`: the idempotency key of what is to be told of it."""

    telegram_id: int
    language: Language
    expires_at: datetime
    stage: str
    key: str


class SubscriptionEndRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def untold(
        self, slot: datetime, windows: Sequence[EndWindow], over: EndWindow, instead: Sequence[str], most: int
    ) -> list[UntoldEnd]:
        """Ends that nobody has been told of at their stage at `slot`, the oldest first; `over`: of what has expired.

        Who renews by themselves is told of no end that lies before them, nor who was told by a message whose key is
        like one of `instead` on the day of the stage, or since. That it is over hears who has heard of no end.
        """
        rows = await self.session.execute(
            UNTOLD,
            {
                "slot": slot,
                "instead": list(instead),
                "stages": [window.stage for window in windows],
                "after": [window.after for window in windows],
                "up_to": [window.up_to for window in windows],
                "over_after": over.after,
                "over_up_to": over.up_to,
                "most": most,
            },
        )
        return [UntoldEnd(row.telegram_id, Language(row.language), row.expires_at, row.stage, row.key) for row in rows]

    async def is_over(self, over_at: datetime) -> bool:
        """Whether one that ended by then is still ACTIVE."""
        return bool(await self.session.scalar(OVER, {"over_at": over_at}))

    async def next_boundary(self, slot: datetime, befores: Sequence[timedelta]) -> datetime | None:
        """The earliest moment after `slot` that lies so long before an end; a negative length: after it."""
        found: datetime | None = await self.session.scalar(NEXT, {"befores": list(befores), "slot": slot})
        return found

    async def moved_on(self, now: datetime, most: int) -> list[tuple[int, int]]:
        """(subscription, parent) of those that show another grant than the one that runs; parents in their order."""
        return [(row[0], row[1]) for row in await self.session.execute(MOVED_ON, {"now": now, "most": most})]

    async def count_by_tariff(self, over_at: datetime) -> dict[Tariff, int]:
        """How many give access, those that ended after `over_at` among them."""
        rows = await self.session.execute(BY_TARIFF, {"over_at": over_at})
        return {Tariff(tariff): count for tariff, count in rows}
