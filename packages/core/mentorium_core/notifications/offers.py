"""Reports that have not reached a parent, offered by a button once they are back; nothing is sent again by itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from mentorium_core.i18n import format_period, t
from mentorium_core.notifications.commands import notify
from mentorium_core.notifications.notices import notice_message
from mentorium_db import get_session
from mentorium_db.repositories import NoticeRepository
from mentorium_db.repositories.notice import MissedReport
from mentorium_domain.enums import Notice
from mentorium_domain.outbox import MessageButton, OutboxMessage
from mentorium_kit import clock
from mentorium_observability import EventLogService

OFFERED_FOR: Final = timedelta(days=31)


async def offer_missed_reports(telegram_id: int, *, away: bool) -> int:
    """Offer the last report about each child that may not have arrived; `away`: or that met a closed chat; how many.

    Each is offered once, and the right to its child is judged before the offer is sent, and again when it is taken.
    It joins the open unit of work.
    """
    now = clock.now()
    async with get_session() as session:
        notices = NoticeRepository(session)
        missed = await notices.missed_reports(telegram_id, now - OFFERED_FOR, away=away)
        await notices.mark_offered(telegram_id, [one.id for one in missed])
        offered = await notify([_offer(telegram_id, one) for one in missed])
        if offered:
            await EventLogService.log_system("missed_reports_offered", telegram_id, reports=len(offered))
        return len(offered)


def _offer(telegram_id: int, missed: MissedReport) -> OutboxMessage:
    first, _, last = missed.report_period.partition("/")
    period = format_period(missed.language, date.fromisoformat(first), date.fromisoformat(last))
    show = MessageButton(t(missed.language, "report-missed-show"), data=f"report:missed:{missed.report_id}")
    return notice_message(
        Notice.REPORT_OFFER,
        telegram_id,
        missed.language,
        t(missed.language, "report-missed", name=missed.first_name or "", period=period),
        f"offer:{missed.id}",
        clock.now(),
        student_id=missed.student_id,
        buttons=((show,),),
    )
