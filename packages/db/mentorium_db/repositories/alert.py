"""Cursors of the platform's feeds, alerts and the daily checks, set-based; every `now` is the product's time."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ARRAY, BigInteger, Boolean, Date, DateTime, Integer, String
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.statements import prepared
from mentorium_domain.alerts import CheckState, FeedPosition, NewAlert, StoredAlert, ToldReport
from mentorium_domain.enums import AlertKind, AlertOutcome, Language

_MOMENT: Final = DateTime(timezone=True)
_IDS: Final = ARRAY(BigInteger)
# A cursor only ever moves on: of two who have read the same stretch, or one that is late, the farther one stands.
_ADVANCE: Final = prepared(
    """
    INSERT INTO feed_cursors AS cursor (feed, reached_at, reached_id, moved_at)
    VALUES (:feed, :reached_at, :reached_id, :now)
    ON CONFLICT (feed) DO UPDATE
    SET reached_at = excluded.reached_at, reached_id = excluded.reached_id, moved_at = excluded.moved_at
    WHERE (cursor.reached_at, cursor.reached_id) < (excluded.reached_at, excluded.reached_id)
    """,
    feed=String(),
    reached_at=_MOMENT,
    reached_id=BigInteger(),
    now=_MOMENT,
)
# Whoever watches the child now gets a row; a fact that they have a row of stays as it is.
_ADD: Final = prepared(
    """
    INSERT INTO alerts
        (parent_id, platform_student_id, kind, fact_key, details, happened_at, due_at, expires_at, created_at)
    SELECT p.id, t.student_id, t.kind, t.fact_key, t.details::jsonb, t.happened_at, t.due_at, t.expires_at, :now
    FROM unnest(:students, :kinds, :keys, :details, :happened, :dues, :ends) AS
        t (student_id, kind, fact_key, details, happened_at, due_at, expires_at)
    JOIN learners l ON l.platform_student_id = t.student_id
    JOIN parents p ON p.id = l.parent_id AND p.registration_completed
    ORDER BY p.id, t.fact_key
    ON CONFLICT (parent_id, fact_key) DO NOTHING
    RETURNING fact_key
    """,
    students=_IDS,
    kinds=ARRAY(String),
    keys=ARRAY(String),
    details=ARRAY(String),
    happened=ARRAY(_MOMENT),
    dues=ARRAY(_MOMENT),
    ends=ARRAY(_MOMENT),
    now=_MOMENT,
)
# All that is due to some parents; on whose rights each link stands is judged as for messages of the outbox.
_DUE: Final = prepared(
    """
    WITH chosen AS (
        SELECT DISTINCT parent_id FROM (
            SELECT parent_id FROM alerts WHERE ended_at IS NULL AND due_at <= :now
            ORDER BY due_at, parent_id LIMIT :most
        ) AS oldest
    )
    SELECT a.id, a.parent_id, p.telegram_id, p.language, a.platform_student_id AS student_id, l.guardian_id,
        a.kind, a.fact_key, a.happened_at, a.due_at, a.expires_at, a.details
    FROM alerts a JOIN chosen USING (parent_id) JOIN parents p ON p.id = a.parent_id
    LEFT JOIN learners l ON l.parent_id = a.parent_id AND l.platform_student_id = a.platform_student_id
        AND (l.invited_by IS NULL OR EXISTS (
            SELECT FROM lent_rights r
            WHERE r.lender_id = l.invited_by AND r.borrower_id = l.parent_id
                AND r.platform_student_id = l.platform_student_id AND r.revoked_at IS NULL
        ))
    WHERE a.ended_at IS NULL AND a.due_at <= :now
    ORDER BY a.parent_id, a.platform_student_id, a.happened_at, a.id
    """,
    now=_MOMENT,
    most=Integer(),
)
_LOCK: Final = prepared(
    "SELECT id FROM alerts WHERE id = ANY(:ids) AND ended_at IS NULL ORDER BY id FOR UPDATE SKIP LOCKED", ids=_IDS
)
_END: Final = prepared(
    """
    UPDATE alerts a SET ended_at = :now, outcome = t.outcome, details = '{}'
    FROM unnest(:ids, :outcomes) AS t (id, outcome) WHERE a.id = t.id AND a.ended_at IS NULL
    """,
    ids=_IDS,
    outcomes=ARRAY(String),
    now=_MOMENT,
)
_WATCHED: Final = prepared(
    """
    SELECT DISTINCT l.platform_student_id FROM learners l JOIN parents p ON p.id = l.parent_id
    WHERE l.platform_student_id > :after AND p.registration_completed AND p.chat_state = 'open'
    ORDER BY 1 LIMIT :most
    """,
    after=BigInteger(),
    most=Integer(),
)
_BEGIN_CHECK: Final = prepared(
    """
    WITH begun AS (
        INSERT INTO alert_checks (kind, day, started_at) VALUES (:kind, :day, :now) ON CONFLICT DO NOTHING RETURNING 1
    ), never_told AS (
        DELETE FROM alerts
        WHERE kind = :kind AND ((ended_at IS NULL AND due_at IS NULL) OR outcome = 'stopped')
            AND EXISTS (SELECT FROM begun)
    )
    SELECT reached, watched, found, finished_at IS NOT NULL AS finished FROM alert_checks
    WHERE kind = :kind AND day = :day
    UNION ALL SELECT 0, 0, 0, false FROM begun
    """,
    kind=String(),
    day=Date(),
    now=_MOMENT,
)
_COUNT_ON: Final = prepared(
    """
    UPDATE alert_checks SET reached = :reached, watched = watched + :watched, found = found + :found
    WHERE kind = :kind AND day = :day AND reached = :before AND finished_at IS NULL RETURNING 1
    """,
    kind=String(),
    day=Date(),
    before=BigInteger(),
    reached=BigInteger(),
    watched=Integer(),
    found=Integer(),
)
_FINISH: Final = prepared(
    """
    WITH finished AS (
        UPDATE alert_checks SET finished_at = :now, stopped = :stopped
        WHERE kind = :kind AND day = :day AND finished_at IS NULL RETURNING 1
    ), judged AS (
        UPDATE alerts SET
            due_at = CASE WHEN :stopped THEN NULL ELSE :now END,
            ended_at = CASE WHEN :stopped THEN :now END,
            outcome = CASE WHEN :stopped THEN 'stopped' END
        WHERE kind = :kind AND ended_at IS NULL AND due_at IS NULL AND expires_at > :now
            AND EXISTS (SELECT FROM finished)
    )
    SELECT count(*) FROM finished
    """,
    kind=String(),
    day=Date(),
    now=_MOMENT,
    stopped=Boolean(),
)
_TOLD_REPORTS: Final = prepared(
    """
    SELECT parent_telegram_id AS telegram_id, platform_student_id AS student_id, right(report_period, 10) AS last_day,
        document ->> 'verdict' AS verdict, generated_at
    FROM report_history
    WHERE parent_telegram_id = ANY(:telegram_ids) AND report_type <> 'ON_DEMAND' AND generated_at > :since
    """,
    telegram_ids=_IDS,
    since=_MOMENT,
)
_FORGET: Final = prepared(
    """
    DELETE FROM alerts a USING unnest(:parents, :students) AS ended (parent_id, student_id)
    WHERE a.parent_id = ended.parent_id AND a.platform_student_id = ended.student_id AND a.ended_at IS NULL
    """,
    parents=_IDS,
    students=_IDS,
)
_NEXT: Final = prepared("SELECT min(due_at) FROM alerts WHERE ended_at IS NULL AND due_at IS NOT NULL")
_CURSORS: Final = prepared("SELECT feed, reached_at, reached_id FROM feed_cursors")
_IS_FINISHED: Final = prepared("SELECT kind FROM alert_checks WHERE day = :day AND finished_at IS NOT NULL", day=Date())


_LAST_CHECK: Final = prepared(
    """
    SELECT coalesce(max(day) FILTER (WHERE NOT stopped), min(day) - 1) FROM alert_checks
    WHERE kind = :kind AND day < :day AND finished_at IS NOT NULL
    """,
    kind=String(),
    day=Date(),
)


class AlertRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def cursors(self) -> dict[str, FeedPosition]:
        """By feed, those that have been read."""
        rows = await self.session.execute(_CURSORS)
        return {row.feed: FeedPosition(row.reached_at, row.reached_id) for row in rows}

    async def advance(self, feed: str, position: FeedPosition, now: datetime) -> None:
        """All of the feed before this position is known; a cursor that is farther stays."""
        await self.session.execute(
            _ADVANCE, {"feed": feed, "reached_at": position.updated_at, "reached_id": position.id, "now": now}
        )

    async def add(self, alerts: Sequence[NewAlert], now: datetime) -> set[str]:
        """Give each to every parent who watches its child; the keys of facts that are new to anybody."""
        if not alerts:
            return set()
        rows = await self.session.scalars(
            _ADD,
            {
                "students": [one.student_id for one in alerts],
                "kinds": [one.kind.value for one in alerts],
                "keys": [one.fact_key for one in alerts],
                "details": [json.dumps(dict(one.details)) for one in alerts],
                "happened": [one.happened_at for one in alerts],
                "dues": [one.due_at for one in alerts],
                "ends": [one.expires_at for one in alerts],
                "now": now,
            },
        )
        return set(rows)

    async def due(self, now: datetime, most: int) -> list[StoredAlert]:
        """All that is due to some parents, to those first who have waited longest; by parent and child."""
        rows = await self.session.execute(_DUE, {"now": now, "most": most})
        return [_stored(row) for row in rows]

    async def lock(self, ids: Collection[int]) -> set[int]:
        """Those that nobody has ended or has in hand, locked until the unit of work ends."""
        return set(await self.session.scalars(_LOCK, {"ids": list(ids)}))

    async def end(self, outcomes: Sequence[tuple[int, AlertOutcome]], now: datetime) -> None:
        """What became of them. Their details are forgotten."""
        if outcomes:
            ids, words = [one for one, _ in outcomes], [word.value for _, word in outcomes]
            await self.session.execute(_END, {"ids": ids, "outcomes": words, "now": now})

    async def watched_after(self, student_id: int, most: int) -> list[int]:
        """The next children, by id, whom a parent watches whose chat is open."""
        return list(await self.session.scalars(_WATCHED, {"after": student_id, "most": most}))

    async def begin_check(self, kind: AlertKind, day: date, now: datetime) -> CheckState:
        """The check of this kind and day as it stands, begun if there is none.

        What an earlier check has found and was never judged, or stopped, is forgotten then: it is found again if it
        still is so.
        """
        told = {"kind": kind.value, "day": day, "now": now}
        while (row := (await self.session.execute(_BEGIN_CHECK, told)).first()) is None:
            pass  # somebody else has begun it at this moment
        return CheckState(row.reached, row.watched, row.found, row.finished)

    async def count_on(
        self, kind: AlertKind, day: date, *, before: int, reached: int, watched: int, found: int
    ) -> bool:
        """So many more were looked at, from the child `before` on; False where somebody else has done that."""
        counted = {"before": before, "reached": reached, "watched": watched, "found": found}
        return await self.session.scalar(_COUNT_ON, {"kind": kind.value, "day": day, **counted}) is not None

    async def finish_check(self, kind: AlertKind, day: date, now: datetime, *, stopped: bool) -> bool:
        """What it has found is due now, or where it is `stopped`, told to nobody; False where that was done before."""
        told = {"kind": kind.value, "day": day, "now": now, "stopped": stopped}
        return bool(await self.session.scalar(_FINISH, told))

    async def finished_checks(self, day: date) -> set[AlertKind]:
        return {AlertKind(kind) for kind in await self.session.scalars(_IS_FINISHED, {"day": day})}

    async def last_check(self, kind: AlertKind, before: date) -> date | None:
        """The day of the last check of this kind that was finished before this day and believed, which one that was
        stopped is not; where none was, the day before the first. None: there was no check.
        """
        day: date | None = await self.session.scalar(_LAST_CHECK, {"kind": kind.value, "day": before})
        return day

    async def told_reports(self, telegram_ids: Collection[int], now: datetime, within: timedelta) -> list[ToldReport]:
        """Scheduled reports that were made for these parents within this time."""
        rows = await self.session.execute(_TOLD_REPORTS, {"telegram_ids": list(telegram_ids), "since": now - within})
        return [ToldReport(*row) for row in rows]

    async def forget_links(self, links: Sequence[tuple[int, int]]) -> None:
        """What waits for these parents (by id) about these students is not told."""
        if links:
            told = {"parents": [parent for parent, _ in links], "students": [student for _, student in links]}
            await self.session.execute(_FORGET, told)

    async def next_due(self) -> datetime | None:
        """When the first alert that waits is due; None where none does."""
        due_at: datetime | None = await self.session.scalar(_NEXT)
        return due_at


def _stored(row: Any) -> StoredAlert:
    return StoredAlert(
        id=row.id,
        parent_id=row.parent_id,
        telegram_id=row.telegram_id,
        language=Language(row.language),
        student_id=row.student_id,
        guardian_id=row.guardian_id,
        kind=AlertKind(row.kind),
        fact_key=row.fact_key,
        happened_at=row.happened_at,
        due_at=row.due_at,
        expires_at=row.expires_at,
        details=row.details,
    )
