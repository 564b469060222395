"""The last look at claimed messages before they are sent: what their parents have chosen, and the caps.

One chat has one claimed message at a time, so what was counted still holds when that message is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from mentorium_core.i18n import cut_to_utf16, t, utf16_length
from mentorium_core.notifications.caps import Counted, has_room, week_of_day
from mentorium_core.notifications.commands import notify
from mentorium_core.notifications.model import Folded, FoldedNote, Reason, SwitchedOff
from mentorium_core.notifications.policy import POLICIES, NoticeClass, Policy
from mentorium_db import get_session
from mentorium_db.repositories import NoticeRepository
from mentorium_db.repositories.notice import FoldedMessage
from mentorium_domain.enums import Notice, ReportType
from mentorium_domain.outbox import ClaimedMessage, OutboxMessage
from mentorium_kit import clock
from mentorium_observability import get_logger

CAPTION_LIMIT: Final = 1024
TEXT_LIMIT: Final = 4096
"""UTF-16 units that Telegram takes under a picture, and without one."""
MOST_TOGETHER: Final = 20
REMEMBERED: Final = timedelta(days=40)
"""What was folded before is told by no report any more."""

Admitted = ClaimedMessage | SwitchedOff | Folded
"""A message as it is to be sent now, or why it is not."""

logger = get_logger(__name__)


def to_be_admitted(claimed: ClaimedMessage) -> bool:
    """Whether `admit_messages` has a say about it: not about payments and the subscription."""
    return claimed.notice is not None and POLICIES[claimed.notice].switchable


async def admit_messages(claimed: Sequence[ClaimedMessage]) -> dict[int, Admitted]:
    """What becomes of claimed messages whose parents may see their children, by id.

    What is switched off is not sent. What is over a cap is folded: it waits for the next report about its child. What
    is told once a day takes in what waits beside it about the same child; a scheduled report takes in what was folded.
    UnavailableError, OutcomeUnknownError: ask again; nothing is told twice by that.
    """
    admitted: dict[int, Admitted] = {one.id: one for one in claimed}
    for one in claimed:
        asked = one.notice is not None and POLICIES[one.notice].notice_class is NoticeClass.ASKED
        if not asked and not one.preferences.switched_on(one.kind):
            admitted[one.id] = SwitchedOff()
    admitted |= await _unwanted([one for one in claimed if admitted[one.id] is one])
    on = [one for one in claimed if admitted[one.id] is one and one.notice is not None]
    now = clock.now()
    admitted |= await _within_caps([one for one in on if _policy(one).folds], now)
    admitted |= await _with_folded([one for one in on if _policy(one).notice_class is NoticeClass.CORE], now)
    return admitted


async def _unwanted(claimed: Sequence[ClaimedMessage]) -> dict[int, Admitted]:
    """Scheduled reports of a type that the parent has given up since they were made. A month's message that tells the
    week as well is sent to who wants the week alone.
    """
    unwanted = {one.id: one for one in claimed if not _wants(one)}
    months = [one.id for one in unwanted.values() if one.preferences.wants_report(ReportType.WEEKLY)]
    if months:
        async with get_session() as session:
            for told in await NoticeRepository(session).telling_the_week(months):
                del unwanted[told]
    return dict.fromkeys(unwanted, SwitchedOff())


def _wants(claimed: ClaimedMessage) -> bool:
    match claimed.notice:
        case Notice.REPORT_WEEKLY:
            return claimed.preferences.wants_report(ReportType.WEEKLY)
        case Notice.REPORT_MONTHLY:
            return claimed.preferences.wants_report(ReportType.MONTHLY)
        case _:
            return True


def _policy(claimed: ClaimedMessage) -> Policy:
    assert claimed.notice is not None
    return POLICIES[claimed.notice]


async def _within_caps(claimed: Sequence[ClaimedMessage], now: datetime) -> dict[int, Admitted]:
    if not claimed:
        return {}
    today = clock.local_day(now)
    since = clock.start_of_day(week_of_day(today)[0])
    async with get_session() as session:
        counted = await NoticeRepository(session).counted({one.telegram_id for one in claimed}, since)
    told: dict[int, list[Counted]] = {}
    for sent in counted:
        told.setdefault(sent.telegram_id, []).append(
            Counted(clock.local_day(sent.at), sent.kind, sent.notice, sent.student_id)
        )
    admitted: dict[int, Admitted] = {}
    for one in claimed:
        assert one.notice is not None
        room = has_room(one.notice, today, told.get(one.telegram_id, ()), one.preferences, one.student_id)
        if POLICIES[one.notice].bundled:
            admitted[one.id] = await _together(one, one.notice, now, room=room)
        else:
            admitted[one.id] = one if room else Folded()
        if not room:
            logger.info("message_folded", notification_id=one.id, notice=one.notice)
    return admitted


async def _together(claimed: ClaimedMessage, notice: Notice, now: datetime, *, room: bool) -> Admitted:
    """With what waits beside it about its child: in one message, or each for itself with the next report."""
    async with get_session() as session:
        notices = NoticeRepository(session)
        beside = await notices.beside(claimed.telegram_id, claimed.student_id, notice, now, MOST_TOGETHER)
    if not room:
        if beside:
            async with get_session() as session:
                await NoticeRepository(session).skip([one.id for one in beside], Reason.FOLDED)
        return Folded()
    text = claimed.message
    taken: list[int] = []
    for one in beside:
        longer = f"{text}\n\n{one.message}"
        if utf16_length(longer) <= TEXT_LIMIT:
            text = longer
            taken.append(one.id)
    return await _take_in(claimed, text, taken, Reason.BUNDLED)


async def _with_folded(claimed: Sequence[ClaimedMessage], now: datetime) -> dict[int, Admitted]:
    """Reports, each with what was folded for it: where its text has room, else as a message behind it."""
    pairs = {(one.telegram_id, one.student_id) for one in claimed if one.student_id is not None}
    if not pairs:
        return {}
    async with get_session() as session:
        folded = await NoticeRepository(session).folded(pairs, now - REMEMBERED)
    if not folded:
        return {}
    admitted: dict[int, Admitted] = {}
    for one in claimed:
        mine = [line for line in folded if (line.telegram_id, line.student_id) == (one.telegram_id, one.student_id)]
        if mine:
            admitted[one.id] = await _tell_folded(one, mine, now)
    return admitted


async def read_folded(telegram_id: int, student_id: int) -> FoldedNote | None:
    """What was folded for the next report about this child, to be told with one that was asked for; None: nothing."""
    async with get_session() as session:
        folded = await NoticeRepository(session).folded({(telegram_id, student_id)}, clock.now() - REMEMBERED)
    return FoldedNote(_note(folded), tuple(one.id for one in folded)) if folded else None


async def mark_folded_told(note: FoldedNote) -> None:
    """It has been said, and is told by no other report then."""
    async with get_session() as session:
        await NoticeRepository(session).skip(note.ids, Reason.FOLDED_TOLD)


def _note(folded: Sequence[FoldedMessage]) -> str:
    lines = "\n".join(f"• {one.line}" for one in folded)
    return cut_to_utf16(f"{t(folded[0].language, 'report-folded')}\n{lines}", TEXT_LIMIT)


async def _tell_folded(claimed: ClaimedMessage, folded: Sequence[FoldedMessage], now: datetime) -> ClaimedMessage:
    note = _note(folded)
    ids = [one.id for one in folded]
    text = f"{claimed.message}\n\n{note}"
    if utf16_length(text) <= (TEXT_LIMIT if claimed.report_id is None else CAPTION_LIMIT):
        return await _take_in(claimed, text, ids, Reason.FOLDED_TOLD)
    behind = OutboxMessage(
        claimed.telegram_id,
        claimed.kind,
        note,
        f"folded:{claimed.id}",
        now,
        now + timedelta(days=1),
        student_id=claimed.student_id,
        notice=claimed.notice,
    )
    async with get_session() as session:
        await notify([behind])
        await NoticeRepository(session).skip(ids, Reason.FOLDED_TOLD)
    return claimed


async def _take_in(claimed: ClaimedMessage, text: str, taken: Sequence[int], reason: Reason) -> ClaimedMessage:
    if not taken:
        return claimed
    async with get_session() as session:
        if not await NoticeRepository(session).take_in(claimed.id, claimed.attempt, text, taken, reason):
            return claimed
    return replace(claimed, message=text)
