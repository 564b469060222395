"""Renewals by a saved card: one row a parent and end of access. Who changes one locks its order before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import BigInteger, DateTime, Integer, Interval, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.statements import prepared
from mentorium_db.tables.renewal import RenewalAttempt
from mentorium_domain.enums import ChatState, Language, RenewalStatus, SubscriptionStatus, Tariff
from mentorium_domain.renewals import RenewalSituation

_MOMENT: Final = DateTime(timezone=True)
OPEN: Final = (RenewalStatus.PLANNED, RenewalStatus.CHARGING, RenewalStatus.UNKNOWN, RenewalStatus.RETRYING)
_OPEN_SQL: Final = "('planned', 'charging', 'unknown', 'retrying')"
# A cycle that was stopped is taken up again with another card, or once what stood in its way is gone.
_TO_PLAN: Final = """
    FROM saved_cards c
    JOIN parents p ON p.id = c.parent_id AND p.chat_state = 'open'
    JOIN subscriptions s ON s.parent_id = c.parent_id AND s.status = 'ACTIVE'
    LEFT JOIN renewal_attempts a ON a.parent_id = c.parent_id AND a.cycle_ends_at = s.expires_at
    WHERE c.removed_at IS NULL AND s.expires_at > :since
        AND (a.id IS NULL OR a.status = 'stopped' AND (a.card_id <> c.id OR a.error IN ('blocked', 'moved', 'stars')))
        AND NOT EXISTS (
            SELECT FROM stars_subscriptions t
            WHERE t.parent_id = c.parent_id AND t.renewal = 'active' AND t.period_ends_at > s.expires_at - :ahead
        )
    """
PLANNABLE: Final = prepared(
    f"""
    SELECT c.id AS card_id, c.parent_id, c.tariff, c.masked_number, s.expires_at, p.telegram_id, p.language
    {_TO_PLAN} AND s.expires_at <= :by ORDER BY c.parent_id LIMIT :most
    """,
    by=_MOMENT,
    since=_MOMENT,
    ahead=Interval(),
    most=Integer(),
)
NEXT: Final = prepared(
    f"""
    SELECT least(
        (SELECT min(due_at) FROM renewal_attempts WHERE status IN {_OPEN_SQL}),
        (SELECT min(s.expires_at) - :ahead {_TO_PLAN})
    )
    """,  # noqa: S608 - constants of ours
    since=_MOMENT,
    ahead=Interval(),
)
TAKE_DUE: Final = prepared(
    f"""
    UPDATE renewal_attempts SET due_at = :again WHERE id IN (
        SELECT id FROM renewal_attempts WHERE status IN {_OPEN_SQL} AND due_at <= :now
        ORDER BY due_at LIMIT :most FOR UPDATE SKIP LOCKED
    )
    RETURNING id, tries
    """,  # noqa: S608 - constants of ours
    now=_MOMENT,
    again=_MOMENT,
    most=Integer(),
)
SITUATION: Final = prepared(
    """
    SELECT a.cycle_ends_at, c.removed_at IS NOT NULL AS removed, p.chat_state, s.status, s.expires_at,
        EXISTS (
            SELECT FROM stars_subscriptions t
            WHERE t.parent_id = a.parent_id AND t.renewal = 'active' AND t.period_ends_at > a.cycle_ends_at - :ahead
        ) AS stars
    FROM renewal_attempts a
    JOIN saved_cards c ON c.id = a.card_id
    JOIN parents p ON p.id = a.parent_id
    LEFT JOIN LATERAL (
        SELECT status, expires_at FROM subscriptions WHERE parent_id = a.parent_id
        ORDER BY (status = 'ACTIVE') DESC, id DESC LIMIT 1
    ) s ON true
    WHERE a.id = :attempt_id
    """,
    attempt_id=BigInteger(),
    ahead=Interval(),
)
UNFINISHED: Final = prepared(
    """
    SELECT a.receipt_id FROM renewal_attempts a JOIN orders o ON o.id = a.order_id
    WHERE a.parent_id = :parent_id AND a.status IN ('charging', 'unknown') AND a.receipt_id IS NOT NULL
        AND o.status = 'cancelled'
    """,
    parent_id=BigInteger(),
)


@dataclass(frozen=True, slots=True)
class Plannable:
    """A card that stands, and an end of access that it is to move on."""

    card_id: int
    parent_id: int
    tariff: Tariff
    masked_number: str
    ends_at: datetime
    telegram_id: int
    language: Language


class RenewalAttemptRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def plannable(self, since: datetime, by: datetime, ahead: timedelta, most: int) -> list[Plannable]:
        """Ends after `since` and up to `by` that nobody has been told of yet, by parent.

        `ahead`: how soon Stars would renew it.
        """
        rows = await self.session.execute(PLANNABLE, {"since": since, "by": by, "ahead": ahead, "most": most})
        return [
            Plannable(
                row.card_id,
                row.parent_id,
                Tariff(row.tariff),
                row.masked_number,
                row.expires_at,
                row.telegram_id,
                Language(row.language),
            )
            for row in rows
        ]

    async def next_moment(self, since: datetime, ahead: timedelta) -> datetime | None:
        """When an attempt is due, or one has to be planned, `ahead` of an end after `since`; it may be past."""
        found: datetime | None = await self.session.scalar(NEXT, {"since": since, "ahead": ahead})
        return found

    async def plan(self, found: Plannable, *, amount_minor: int, due_at: datetime, now: datetime) -> int | None:
        """A PLANNED attempt of this cycle: its id. None where one stands; one that was stopped is taken up again."""
        values = {
            "card_id": found.card_id,
            "status": RenewalStatus.PLANNED,
            "amount_minor": amount_minor,
            "due_at": due_at,
            "noticed_at": now,
            "error": None,
            "order_id": None,
            "receipt_id": None,
            "updated_at": now,
        }
        return (
            await self.session.scalars(
                insert(RenewalAttempt)
                .values(parent_id=found.parent_id, cycle_ends_at=found.ends_at, created_at=now, **values)
                .on_conflict_do_update(
                    index_elements=[RenewalAttempt.parent_id, RenewalAttempt.cycle_ends_at],
                    set_=values,
                    where=RenewalAttempt.status == RenewalStatus.STOPPED,
                )
                .returning(RenewalAttempt.id)
            )
        ).one_or_none()

    async def take_due(self, now: datetime, again: datetime, most: int) -> list[tuple[int, int]]:
        """(id, tries) of those that are due, which are due `again` only later."""
        rows = await self.session.execute(TAKE_DUE, {"now": now, "again": again, "most": most})
        return [(row.id, row.tries) for row in rows]

    async def get(self, attempt_id: int) -> RenewalAttempt | None:
        """As stored now, unlocked."""
        return await self.session.get(RenewalAttempt, attempt_id, populate_existing=True)

    async def of_order(self, order_id: int) -> RenewalAttempt | None:
        """As stored now, unlocked."""
        return await self.session.scalar(
            select(RenewalAttempt).where(RenewalAttempt.order_id == order_id).execution_options(populate_existing=True)
        )

    async def lock(self, attempt_id: int) -> RenewalAttempt | None:
        """As stored now, locked until the unit of work ends."""
        return await self.session.get(RenewalAttempt, attempt_id, with_for_update=True, populate_existing=True)

    async def lock_open_of(self, parent_id: int) -> Sequence[RenewalAttempt]:
        """Those of a parent that are not over, locked in the order of their ids."""
        found = await self.session.scalars(
            select(RenewalAttempt)
            .where(RenewalAttempt.parent_id == parent_id, RenewalAttempt.status.in_(OPEN))
            .order_by(RenewalAttempt.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return found.all()

    async def next_of(self, parent_id: int) -> RenewalAttempt | None:
        """The one that is not over, if there is one; unlocked."""
        return await self.session.scalar(
            select(RenewalAttempt)
            .where(RenewalAttempt.parent_id == parent_id, RenewalAttempt.status.in_(OPEN))
            .order_by(RenewalAttempt.cycle_ends_at.desc())
            .limit(1)
            .execution_options(populate_existing=True)
        )

    async def situation(self, attempt_id: int, ahead: timedelta) -> RenewalSituation | None:
        row = (await self.session.execute(SITUATION, {"attempt_id": attempt_id, "ahead": ahead})).one_or_none()
        if row is None:
            return None
        return RenewalSituation(
            row.cycle_ends_at,
            row.removed,
            ChatState(row.chat_state),
            SubscriptionStatus(row.status) if row.status is not None else None,
            row.expires_at,
            row.stars,
        )

    async def unfinished_receipts(self, parent_id: int) -> list[str]:
        """Receipts that may still be paid at PayMe for an order that was closed here."""
        return list((await self.session.scalars(UNFINISHED, {"parent_id": parent_id})).all())

    async def change(self, attempt_id: int, **values: object) -> None:
        await self.session.execute(update(RenewalAttempt).where(RenewalAttempt.id == attempt_id).values(**values))
