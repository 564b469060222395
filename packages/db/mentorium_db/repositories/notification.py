"""The outbox: messages to parents, their claims under lease, and what became of them.

Moments of the product (`now`) are arguments. How long a claim holds and when the next try is due are measured by the
database server's clock: it is the one clock that all senders share, and what it measures is machines, not days.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.driver import DriverStatement, driver_of
from mentorium_db.models import Notification
from mentorium_db.repositories import notification_sql as sql
from mentorium_db.repositories.notice import notice_of
from mentorium_db.units import Driver
from mentorium_domain.enums import Language, NotificationType, ReportFrequency, ReportTone, ReportType
from mentorium_domain.outbox import (
    Buttons,
    ClaimedMessage,
    DeliveryRecord,
    Lane,
    MessageButton,
    OutboxLoad,
    OutboxLook,
    OutboxMessage,
)
from mentorium_domain.preferences import DEFAULTS, Preferences
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

    async def look(self, now: datetime, *, children: bool = True, morning: datetime | None = None) -> OutboxLook:
        """The lane of the first message that may be taken now; where there is none, when that may change by itself.

        Without `children` those that name a child are left waiting; until `morning`, those that keep the quiet hours.
        """
        awake = morning is None
        parameters = {"now": now, "children": children, "awake": awake}
        first = (await self.session.execute(sql.MOST_URGENT, parameters)).first()
        if first is not None:
            return OutboxLook(Lane(first.priority), paid=first.paid)
        held_s, next_at, sleeps = (await self.session.execute(sql.NEXT, {"now": now, "awake": awake})).one()
        return OutboxLook(None, held_s, _earliest(next_at, morning if sleeps else None))

    async def claim(
        self,
        lane: Lane,
        most: int,
        now: datetime,
        lease_s: float,
        owner: str,
        *,
        children: bool = True,
        awake: bool = True,
    ) -> list[ClaimedMessage]:
        """Take up to so many due messages of this lane and of all that go before it, one a chat, most urgent first.

        The lease is `lease_s` seconds; without `children` those that name a child are left waiting, not `awake` those
        that keep the quiet hours.
        IntegrityError, rarely, where two senders went for different messages to one chat: then nothing is taken.
        """
        parameters = {"lane": lane.value, "most": most, "now": now, "lease_s": lease_s, "owner": owner}
        rows = await self.session.execute(sql.CLAIM, {**parameters, "children": children, "awake": awake})
        return [_claimed(row) for row in sorted(rows, key=lambda row: (row.priority, row.send_at, row.id))]

    async def claim_paid(
        self, most: int, now: datetime, lease_s: float, owner: str, *, children: bool = True, awake: bool = True
    ) -> list[ClaimedMessage]:
        """As `claim`, of a run whose messages may be paid for, as far as its budget goes."""
        parameters = {"most": most, "now": now, "lease_s": lease_s, "owner": owner}
        rows = await self.session.execute(sql.CLAIM_PAID, {**parameters, "children": children, "awake": awake})
        claimed = [_claimed(row) for row in sorted(rows, key=lambda row: (row.send_at, row.id))]
        return [replace(one, paid=True) for one in claimed]

    async def release_predecessors(self, owner: str) -> int:
        """End the leases of those who stood at the place of `owner` before it (`claims.new_owner`); how many."""
        place = owner.rpartition(":")[0] + ":"
        released = await self.session.scalars(sql.RELEASE_PREDECESSORS, {"place": place, "owner": owner})
        return len(released.all())

    async def record_outcomes(self, records: Sequence[DeliveryRecord], now: datetime) -> set[int]:
        """Write what became of claims; the ids it was still ours to say of.

        A claim that was given up meanwhile stands as it is, but for one thing: that a message has arrived is true.
        """
        rows = await self.session.scalars(
            sql.RECORD,
            {
                "ids": [one.id for one in records],
                "attempts": [one.attempt for one in records],
                "statuses": [one.status.value for one in records],
                "holds": [one.hold_s for one in records],
                "reasons": [one.reason for one in records],
                "message_ids": [one.message_id for one in records],
                "repeated": [one.repeated for one in records],
                "leases": [one.uncounted_lease for one in records],
                "now": now,
                "channel": sql.CHANNEL,
            },
        )
        return set(rows)

    async def lock_expired_leases(self, most: int) -> list[ClaimedMessage]:
        """Claims whose lease has run out, locked until the unit of work ends; without their pictures."""
        return [_claimed(row) for row in await self.session.execute(sql.EXPIRED_LEASES, {"most": most})]

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
        return OutboxLoad(due, _earliest(next_at, morning if sleeps else None))

    async def oldest_due(self, now: datetime, *, awake: bool = True) -> dict[Lane, datetime]:
        """Lane -> since when its oldest message has been due; lanes without one are left out."""
        rows = await self.session.execute(sql.LAG, {"now": now, "awake": awake})
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
        report_id=row.report_id,
        picture=row.picture,
        trace_id=row.trace_id,
        student_id=row.student_id,
        guardian_id=row.guardian_id,
        lease_until=row.lease_until,
        buttons=_read_buttons(row.buttons),
        report_type=ReportType(row.report_type) if row.report_type else None,
        language=Language(row.language) if row.language else None,
        dedup_key=row.dedup_key,
        reader_language=Language(row.reader_language) if row.reader_language else None,
        notice=notice_of(row.notice),
        preferences=_preferences(row.preferences),
    )


def _preferences(kept: dict[str, Any] | None) -> Preferences:
    if kept is None:
        return DEFAULTS
    chosen = {one.name: kept[one.name] for one in fields(Preferences)}
    language = kept["report_language"]
    return Preferences(
        **chosen
        | {
            "report_frequency": ReportFrequency(kept["report_frequency"]),
            "report_tone": ReportTone(kept["report_tone"]),
            "report_language": Language(language) if language else None,
        }
    )


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


def _kept_buttons(buttons: Buttons) -> str | None:
    return json.dumps([[button.to_dict() for button in row] for row in buttons]) if buttons else None


def _read_buttons(kept: list[list[dict[str, str]]] | None) -> Buttons:
    return tuple(tuple(map(MessageButton.from_dict, row)) for row in kept or ())
