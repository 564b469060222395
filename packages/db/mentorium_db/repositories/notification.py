"""The outbox: messages to parents, their claims under lease, and what became of them.

Moments of the product (`now`) are arguments. How long a claim holds and when the next try is due are measured by the
database server's clock: it is the one clock that all senders share, and what it measures is machines, not days.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.driver import DriverStatement, driver_of
from mentorium_db.models import Notification
from mentorium_db.repositories import notification_sql as sql
from mentorium_db.repositories.notification_hot_path import claimed_of, earliest
from mentorium_db.units import Driver
from mentorium_domain.enums import NotificationType
from mentorium_domain.outbox import (
    Buttons,
    ClaimedMessage,
    Lane,
    OutboxLoad,
    OutboxMessage,
)
from mentorium_kit.trace import current_trace

_ADD: Final = DriverStatement(sql.ADD)


async def add_messages(driver: Driver, messages: Sequence[OutboxMessage], now: datetime) -> dict[str, int]:
    """Put messages into the outbox: idempotency key -> id of each that is new. Each says when it expires.

    One with a known key, or to nobody we know (any more), is left out; one to a closed chat is kept as skipped.
    They keep the trace in which they are written.
    """
    if not messages:
        return {}
    rows = await _ADD.fetch(
        driver,
        telegram_ids=[one.telegram_id for one in messages],
        kinds=[one.kind.value for one in messages],
        messages=[one.message for one in messages],
        keys=[one.dedup_key for one in messages],
        lanes=[one.lane.value for one in messages],
        send_ats=[one.send_at for one in messages],
        expires_ats=[one.expires_at for one in messages],
        report_ids=[one.report_id for one in messages],
        students=[one.student_id for one in messages],
        buttons=[_kept_buttons(one.buttons) for one in messages],
        notices=[one.notice.value if one.notice is not None else None for one in messages],
        lines=[one.line for one in messages],
        run_ids=[one.run_id for one in messages],
        trace_id=current_trace(),
        now=now,
        channel=sql.CHANNEL,
    )
    return {row["dedup_key"]: row["id"] for row in rows}


class NotificationRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, messages: Sequence[OutboxMessage], now: datetime) -> dict[str, int]:
        """As `add_messages`."""
        return await add_messages(await driver_of(self.session), messages, now)

    async def list_for_parent(self, parent_telegram_id: int) -> list[Notification]:
        """Oldest first."""
        found = await self.session.scalars(
            select(Notification).where(Notification.parent_telegram_id == parent_telegram_id).order_by(Notification.id)
        )
        return list(found)

    async def release_predecessors(self, owner: str) -> int:
        """End the leases of those who stood at the place of `owner` before it (`claims.new_owner`); how many."""
        place = owner.rpartition(":")[0] + ":"
        released = await self.session.scalars(sql.RELEASE_PREDECESSORS, {"place": place, "owner": owner})
        return len(released.all())

    async def lock_expired_leases(self, most: int) -> list[ClaimedMessage]:
        """Claims whose lease has run out, locked until the unit of work ends; without their pictures."""
        rows = await self.session.execute(sql.EXPIRED_LEASES, {"most": most})
        return [claimed_of(row) for row in rows.mappings()]

    async def expire(self, now: datetime, most: int) -> dict[NotificationType, int]:
        """Give up messages nobody wants any more: how many of each type."""
        rows = await self.session.execute(sql.EXPIRE, {"now": now, "most": most})
        return {NotificationType(kind): count for kind, count in rows}

    async def skip_waiting(self, parent_telegram_id: int, reason: str) -> int:
        """Nothing that waits for this chat is sent; how much that was."""
        skipped = await self.session.scalars(sql.SKIP, {"telegram_id": parent_telegram_id, "reason": reason})
        return len(skipped.all())

    async def name_children(self) -> int:
        """Waiting reports that a release before has put in get their child's id; how many."""
        return len((await self.session.scalars(sql.NAME_CHILDREN)).all())

    async def forget_waiting(self, links: Sequence[tuple[int, int]]) -> int:
        """Delete what waits for these parents (by id) about these students; how much that was."""
        if not links:
            return 0
        parameters = {"parents": [parent for parent, _ in links], "students": [student for _, student in links]}
        return len((await self.session.scalars(sql.FORGET_WAITING, parameters)).all())

    async def revive(self, parent_telegram_id: int, kind: NotificationType, now: datetime, most: int) -> list[int]:
        """The latest so many that met a closed chat wait again, those still worth sending; their ids, and those of
        the words that follow them."""
        parameters = {
            "telegram_id": parent_telegram_id,
            "kind": kind.value,
            "now": now,
            "most": most,
            "channel": sql.CHANNEL,
        }
        return list(await self.session.scalars(sql.REVIVE, parameters))

    async def load(self, now: datetime, *, children: bool = True, morning: datetime | None = None) -> OutboxLoad:
        """What the outbox is busy with; counts beyond a thousand are not told apart.

        Without `children` those that name a child do not count as due; until `morning`, neither do those that keep the
        quiet hours.
        """
        told = {"now": now, "children": children, "awake": morning is None}
        due, next_at, sleeps = (await self.session.execute(sql.LOAD, told)).one()
        return OutboxLoad(due, earliest(next_at, morning if sleeps else None))

    async def oldest_due(self, now: datetime, *, awake: bool = True) -> dict[Lane, datetime]:
        """Lane -> since when its oldest message has been due; lanes without one are left out."""
        rows = await self.session.execute(sql.LAG, {"now": now, "awake": awake})
        return {Lane(row.priority): row.oldest for row in rows}


def _kept_buttons(buttons: Buttons) -> str | None:
    return json.dumps([[button.to_dict() for button in row] for row in buttons]) if buttons else None
