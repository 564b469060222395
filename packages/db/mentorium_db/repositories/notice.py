"""What the policy of messages asks of the outbox: what counts, what is told together, and what waits for a report."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ARRAY, BigInteger, Boolean, DateTime, Integer, String
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.repositories.notification_sql import CHANNEL
from mentorium_db.statements import prepared
from mentorium_domain.enums import Language, Notice, NotificationType
from mentorium_kit.clock import start_of_day

_MOMENT: Final = DateTime(timezone=True)
# Whether what is in doubt has arrived is not known: it counts. A report that was asked for does not.
_COUNTED: Final = prepared(
    """
    SELECT parent_telegram_id AS telegram_id, notification_type AS kind, notice,
        platform_student_id AS student_id, coalesce(sent_at, send_at) AS at
    FROM notifications
    WHERE parent_telegram_id = ANY(:telegram_ids) AND status IN ('sent', 'unknown')
        AND notification_type IN ('REPORT', 'ACHIEVEMENT', 'REMINDER') AND notice IS DISTINCT FROM 'report_offer'
        AND coalesce(sent_at, send_at) >= :since
    """,
    telegram_ids=ARRAY(BigInteger),
    since=_MOMENT,
)
# What waits beside a claimed message of the same notice about the same child: whoever may be told the one may be told
# the others, also when it is tried once more, and what is forgotten with the child is forgotten whole.
_BESIDE: Final = prepared(
    """
    SELECT n.id, n.message FROM notifications n
    WHERE n.parent_telegram_id = :telegram_id AND n.platform_student_id IS NOT DISTINCT FROM :student_id
        AND n.notice = :notice AND n.status = 'pending' AND n.send_at <= :now AND n.expires_at > :now
    ORDER BY n.id LIMIT :most
    """,
    telegram_id=BigInteger(),
    student_id=BigInteger(),
    notice=String(),
    now=_MOMENT,
    most=Integer(),
)
# While one message to a chat is being sent nobody else takes another to it: these stand as they were read.
_TAKE_IN: Final = prepared(
    """
    WITH taker AS (
        UPDATE notifications SET message = :message WHERE id = :id AND attempts = :attempt AND status = 'sending'
        RETURNING id
    )
    UPDATE notifications n SET status = 'skipped', reason = :reason FROM taker
    WHERE n.id = ANY(:taken) AND n.status IN ('pending', 'skipped') RETURNING n.id
    """,
    message=String(),
    id=Integer(),
    attempt=Integer(),
    taken=ARRAY(BigInteger),
    reason=String(),
)
# A month's message that tells the week as well: both of its reports stand since the same commit.
_TELLS_THE_WEEK: Final = """
    EXISTS (
        SELECT FROM report_history m JOIN report_history w
            ON w.parent_telegram_id = m.parent_telegram_id AND w.platform_student_id = m.platform_student_id
            AND w.generated_at = m.generated_at AND w.report_type = 'WEEKLY'
        WHERE m.parent_telegram_id = n.parent_telegram_id AND m.platform_student_id = n.platform_student_id
            AND m.report_type = 'MONTHLY' AND n.dedup_key LIKE 'report:m:%'
            AND starts_with(m.report_period, split_part(n.dedup_key, ':', 3) || '/')
    )"""
_TELLING_THE_WEEK: Final = prepared(
    f"SELECT n.id FROM notifications n WHERE n.id = ANY(:ids) AND {_TELLS_THE_WEEK}",  # noqa: S608 - constants of ours
    ids=ARRAY(BigInteger),
)
# Reports of a day that wait for their hour: to another one, each at its place in the line; one that is past is now.
_MOVE_REPORTS: Final = prepared(
    f"""
    WITH moved AS (
        SELECT n.id, greatest(
            :now,
            n.send_at - date_trunc('second', n.send_at) + CASE
                WHEN n.dedup_key LIKE 'report:m:%' AND NOT {_TELLS_THE_WEEK} THEN CAST(:month_at AS timestamptz)
                ELSE CAST(:week_at AS timestamptz)
            END
        ) AS send_at
        FROM notifications n JOIN parents p ON p.telegram_id = n.parent_telegram_id
        WHERE p.id = :parent_id AND n.status = 'pending' AND n.dedup_key ~ '^report:[wm]:'
            AND n.send_at >= :from_day AND n.send_at < :to_day
    )
    UPDATE notifications n SET send_at = moved.send_at FROM moved
    WHERE n.id = moved.id AND n.status = 'pending' AND n.expires_at > moved.send_at
    RETURNING n.id, (SELECT pg_notify(:channel, ''))
    """,  # noqa: S608 - a constant of ours
    parent_id=BigInteger(),
    now=_MOMENT,
    week_at=_MOMENT,
    month_at=_MOMENT,
    from_day=_MOMENT,
    to_day=_MOMENT,
    channel=String(),
)
_SKIP: Final = prepared(
    """
    UPDATE notifications SET status = 'skipped', reason = :reason
    WHERE id = ANY(:ids) AND status IN ('pending', 'skipped') RETURNING id
    """,
    ids=ARRAY(BigInteger),
    reason=String(),
)
_FOLDED: Final = prepared(
    """
    SELECT n.id, n.parent_telegram_id AS telegram_id, n.platform_student_id AS student_id, p.language,
        coalesce(n.line, split_part(n.message, E'\\n', 1)) AS line
    FROM unnest(:telegram_ids, :student_ids) AS wanted (telegram_id, student_id)
    JOIN notifications n ON n.parent_telegram_id = wanted.telegram_id AND n.platform_student_id = wanted.student_id
    JOIN parents p ON p.telegram_id = n.parent_telegram_id
    WHERE n.status = 'skipped' AND n.reason = 'folded' AND n.created_at > :since AND n.message <> ''
        AND n.line IS DISTINCT FROM '' -- the report says it by itself
    ORDER BY n.id
    """,
    telegram_ids=ARRAY(BigInteger),
    student_ids=ARRAY(BigInteger),
    since=_MOMENT,
)
# The newest scheduled report about each child, where it is in doubt or the chat was closed to it, and how it was kept:
# its key says which (`report:w:2026-11-16:p42:c7`).
_MISSED: Final = prepared(
    """
    WITH newest AS (
        SELECT DISTINCT ON (n.platform_student_id) n.id, n.platform_student_id AS student_id, n.status, n.reason,
            n.dedup_key
        FROM notifications n
        WHERE n.parent_telegram_id = :telegram_id AND n.notification_type = 'REPORT' AND n.created_at > :since
            AND n.platform_student_id IS NOT NULL AND n.dedup_key ~ '^report[:][wm][:]' AND n.dedup_key !~ '[:]words$'
        ORDER BY n.platform_student_id, n.id DESC
    )
    SELECT n.id, n.student_id, h.id AS report_id, h.report_period, l.first_name, p.language
    FROM newest n JOIN parents p ON p.telegram_id = :telegram_id
    JOIN learners l ON l.parent_id = p.id AND l.platform_student_id = n.student_id
    JOIN LATERAL (
        SELECT id, report_period FROM report_history h
        WHERE h.parent_telegram_id = :telegram_id AND h.platform_student_id = n.student_id
            AND h.report_type = CASE substring(n.dedup_key FROM 8 FOR 1) WHEN 'm' THEN 'MONTHLY' ELSE 'WEEKLY' END
            AND left(h.report_period, 10) = substring(n.dedup_key FROM 10 FOR 10)
        ORDER BY h.id DESC LIMIT 1
    ) h ON TRUE
    WHERE (n.status = 'unknown' OR (:away AND n.status = 'skipped'))
        AND coalesce(n.reason, '') NOT IN ('offered', 'right_ended', 'switched_off', 'folded', 'folded_told', 'bundled')
    ORDER BY n.id
    """,
    telegram_id=BigInteger(),
    since=_MOMENT,
    away=Boolean(),
)
# Also those in doubt that are too old to be offered: they are not asked about again.
_OFFERED: Final = prepared(
    """
    UPDATE notifications SET reason = 'offered'
    WHERE parent_telegram_id = :telegram_id AND notification_type = 'REPORT'
        AND ((status = 'unknown' AND reason IS DISTINCT FROM 'offered') OR (status = 'skipped' AND id = ANY(:ids)))
    RETURNING id
    """,
    telegram_id=BigInteger(),
    ids=ARRAY(BigInteger),
)


@dataclass(frozen=True, slots=True)
class MissedReport:
    """`id`: of its message; `report_id`: as it is kept. `report_period` is `YYYY-MM-DD/YYYY-MM-DD`."""

    id: int
    student_id: int
    report_id: int
    report_period: str
    first_name: str | None
    language: Language


@dataclass(frozen=True, slots=True)
class CountedMessage:
    telegram_id: int
    kind: NotificationType
    notice: Notice | None
    student_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    id: int
    message: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FoldedMessage:
    """`line`: what it says, for the next report about its child."""

    id: int
    telegram_id: int
    student_id: int
    language: Language
    line: str = field(repr=False)


class NoticeRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def counted(self, telegram_ids: Collection[int], since: datetime) -> list[CountedMessage]:
        """What these chats were sent since then that was not asked for; also what may have arrived."""
        rows = await self.session.execute(_COUNTED, {"telegram_ids": list(telegram_ids), "since": since})
        return [
            CountedMessage(row.telegram_id, NotificationType(row.kind), notice_of(row.notice), row.student_id, row.at)
            for row in rows
        ]

    async def beside(
        self, telegram_id: int, student_id: int | None, notice: Notice, now: datetime, most: int
    ) -> list[WaitingMessage]:
        """The oldest due messages of this notice about this child that wait for this chat."""
        told = {"telegram_id": telegram_id, "student_id": student_id, "notice": notice.value, "now": now, "most": most}
        return [WaitingMessage(row.id, row.message) for row in await self.session.execute(_BESIDE, told)]

    async def take_in(self, id_: int, attempt: int, message: str, taken: Sequence[int], reason: str) -> bool:
        """A claimed message says this now, and so what the others say. False where the claim stands no more."""
        told = {"id": id_, "attempt": attempt, "message": message, "taken": list(taken), "reason": reason}
        return bool((await self.session.scalars(_TAKE_IN, told)).all())

    async def skip(self, ids: Sequence[int], reason: str) -> None:
        """These are not sent as messages of their own."""
        await self.session.execute(_SKIP, {"ids": list(ids), "reason": reason})

    async def folded(self, pairs: Collection[tuple[int, int]], since: datetime) -> list[FoldedMessage]:
        """What waits for the next report to these chats about these students, the oldest first."""
        told = {"telegram_ids": [chat for chat, _ in pairs], "student_ids": [student for _, student in pairs]}
        rows = await self.session.execute(_FOLDED, {**told, "since": since})
        return [
            FoldedMessage(row.id, row.telegram_id, row.student_id, Language(row.language), row.line) for row in rows
        ]

    async def telling_the_week(self, ids: Collection[int]) -> set[int]:
        """Those of these messages that tell a month and its last week in one."""
        return set(await self.session.scalars(_TELLING_THE_WEEK, {"ids": list(ids)}))

    async def move_reports(
        self, parent_id: int, now: datetime, day: date, week_at: datetime, month_at: datetime
    ) -> int:
        """The scheduled reports of this `day` that wait for this parent are due then, or now where that is past; how
        many. A month that tells the week is due with it.
        """
        moved = await self.session.execute(
            _MOVE_REPORTS,
            {
                "parent_id": parent_id,
                "now": now,
                "week_at": week_at,
                "month_at": month_at,
                "from_day": start_of_day(day),
                "to_day": start_of_day(day + timedelta(days=1)),
                "channel": CHANNEL,
            },
        )
        return len(moved.all())

    async def missed_reports(self, telegram_id: int, since: datetime, *, away: bool) -> list[MissedReport]:
        """The newest report about each child, where it is in doubt; `away`: or met a closed chat. None twice."""
        rows = await self.session.execute(_MISSED, {"telegram_id": telegram_id, "since": since, "away": away})
        return [
            MissedReport(
                row.id, row.student_id, row.report_id, row.report_period, row.first_name, Language(row.language)
            )
            for row in rows
        ]

    async def mark_offered(self, telegram_id: int, ids: Sequence[int]) -> None:
        """These, and whatever is in doubt of this chat's reports, are not offered again."""
        await self.session.execute(_OFFERED, {"telegram_id": telegram_id, "ids": list(ids)})


def notice_of(word: str | None) -> Notice | None:
    """None also for a word of a later release: it is sent as what its type says."""
    return Notice(word) if word in set(Notice) else None
