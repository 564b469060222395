"""The outbox's hot path: what each message costs our database between its time and its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import RowMapping

from mentorium_db.driver import DriverStatement, Row
from mentorium_db.repositories import notification_sql as sql
from mentorium_db.repositories.notice import notice_of
from mentorium_db.units import Driver
from mentorium_domain.enums import Language, NotificationType, ReportFrequency, ReportTone, ReportType
from mentorium_domain.outbox import Buttons, ClaimedMessage, DeliveryRecord, Lane, MessageButton, OutboxLook
from mentorium_domain.preferences import DEFAULTS, Preferences

_MOST_URGENT: Final = DriverStatement(sql.MOST_URGENT)
_NEXT: Final = DriverStatement(sql.NEXT)
_CLAIM: Final = DriverStatement(sql.CLAIM)
_CLAIM_PAID: Final = DriverStatement(sql.CLAIM_PAID)
_RECORD: Final = DriverStatement(sql.RECORD)


class NotificationHotPathRepository:
    """Over the driver's connection. Moments and clocks as of `NotificationRepository`."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def look(self, now: datetime, *, children: bool = True, morning: datetime | None = None) -> OutboxLook:
        """The lane of the first message that may be taken now; where there is none, when that may change by itself.

        Without `children` those that name a child are left waiting; until `morning`, those that keep the quiet hours.
        """
        awake = morning is None
        first = await _MOST_URGENT.first(self._driver, now=now, children=children, awake=awake)
        if first is not None:
            return OutboxLook(Lane(first["priority"]), paid=first["paid"])
        ((held_s, next_at, sleeps),) = await _NEXT.fetch(self._driver, now=now, awake=awake)
        return OutboxLook(None, held_s, earliest(next_at, morning if sleeps else None))

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
        rows = await _CLAIM.fetch(
            self._driver,
            lane=lane.value,
            most=most,
            now=now,
            lease_s=lease_s,
            owner=owner,
            children=children,
            awake=awake,
        )
        return [claimed_of(row) for row in sorted(rows, key=itemgetter("priority", "send_at", "id"))]

    async def claim_paid(
        self, most: int, now: datetime, lease_s: float, owner: str, *, children: bool = True, awake: bool = True
    ) -> list[ClaimedMessage]:
        """As `claim`, of a run whose messages may be paid for, as far as its budget goes."""
        rows = await _CLAIM_PAID.fetch(
            self._driver, most=most, now=now, lease_s=lease_s, owner=owner, children=children, awake=awake
        )
        claimed = [claimed_of(row) for row in sorted(rows, key=itemgetter("send_at", "id"))]
        return [replace(one, paid=True) for one in claimed]

    async def record_outcomes(self, records: Sequence[DeliveryRecord], now: datetime) -> set[int]:
        """Write what became of claims; the ids it was still ours to say of.

        A claim that was given up meanwhile stands as it is, but for one thing: that a message has arrived is true.
        """
        rows = await _RECORD.fetch(
            self._driver,
            ids=[one.id for one in records],
            attempts=[one.attempt for one in records],
            statuses=[one.status.value for one in records],
            holds=[one.hold_s for one in records],
            reasons=[one.reason for one in records],
            message_ids=[one.message_id for one in records],
            repeated=[one.repeated for one in records],
            leases=[one.uncounted_lease for one in records],
            now=now,
            channel=sql.CHANNEL,
        )
        return {row["id"] for row in rows}


def claimed_of(row: Row | RowMapping) -> ClaimedMessage:
    """Of a row of `notification_sql.CLAIM_COLUMNS`."""
    return ClaimedMessage(
        id=row["id"],
        attempt=row["attempt"],
        telegram_id=row["telegram_id"],
        kind=NotificationType(row["kind"]),
        message=row["message"],
        send_at=row["send_at"],
        repeated=row["repeated"],
        report_id=row["report_id"],
        picture=row["picture"],
        trace_id=row["trace_id"],
        student_id=row["student_id"],
        guardian_id=row["guardian_id"],
        lease_until=row["lease_until"],
        buttons=_read_buttons(row["buttons"]),
        report_type=ReportType(row["report_type"]) if row["report_type"] else None,
        language=Language(row["language"]) if row["language"] else None,
        dedup_key=row["dedup_key"],
        reader_language=Language(row["reader_language"]) if row["reader_language"] else None,
        notice=notice_of(row["notice"]),
        preferences=_preferences(row["preferences"]),
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


def earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


def _read_buttons(kept: list[list[dict[str, str]]] | None) -> Buttons:
    return tuple(tuple(map(MessageButton.from_dict, row)) for row in kept or ())
