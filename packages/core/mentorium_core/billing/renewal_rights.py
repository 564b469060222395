"""A renewal falls due only while its payer has a child who may be viewed: else it is ended, and they hear why."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from mentorium_core.billing.stars_renewal import end_renewal_of, is_renewing
from mentorium_core.i18n import format_date_long, t
from mentorium_core.identity.queries import list_viewable_children
from mentorium_core.notifications.commands import notify
from mentorium_core.notifications.quiet_hours import in_the_day
from mentorium_db import get_session, jobs
from mentorium_db.repositories import (
    LearnerRepository,
    OrderRepository,
    ParentRepository,
    StarsSubscriptionRepository,
)
from mentorium_domain.enums import JobKind, NotificationType
from mentorium_domain.outbox import OutboxMessage
from mentorium_kit import clock
from mentorium_observability import EventLogService

ASKED_BEFORE: Final = timedelta(hours=24)
"""So long before Telegram charges the platform is asked, once an hour until it has answered."""


async def ask_for_renewal_check() -> bool:
    """A duty of the ticker: leave the job if a renewal is near. It joins the open unit; harmless twice."""
    now = clock.now()
    async with get_session() as session:
        if not await StarsSubscriptionRepository(session).list_renewing(now, now + ASKED_BEFORE):
            return False
        return await jobs.enqueue(session, JobKind.CHECK_RENEWALS, {}, dedup_key="check_renewals")


async def end_renewals_without_children(now: datetime) -> int:
    """The job: one question to the platform for all whose renewal is near; how many were ended.

    UnavailableError while the platform does not answer: then nothing is ended, and it is asked again.
    """
    async with get_session() as session:
        near = await StarsSubscriptionRepository(session).list_renewing(now, now + ASKED_BEFORE)
        links = await LearnerRepository(session).links_of({one.parent_id for one in near})
    viewable = await list_viewable_children({guardian_id for _, guardian_id, _ in links})
    seen = {(child.guardian_id, child.student_id) for child in viewable}
    with_child = {parent_id for parent_id, guardian_id, student_id in links if (guardian_id, student_id) in seen}
    return sum([await _end(one.order_id, now) for one in near if one.parent_id not in with_child])


async def _end(order_id: int, now: datetime) -> bool:
    async with get_session() as session:
        order = await OrderRepository(session).lock_by_id(order_id)
        found = await StarsSubscriptionRepository(session).lock_of_order(order.id) if order is not None else None
        if order is None or found is None or not is_renewing(found):
            return False
        parent = await ParentRepository(session).lock(found.parent_id)
        await end_renewal_of(session, found, parent.telegram_id, now)
        until = format_date_long(parent.language, clock.local_day(found.period_ends_at))
        message = OutboxMessage(
            telegram_id=parent.telegram_id,
            kind=NotificationType.SUBSCRIPTION,
            message=t(parent.language, "subscription-renewal-ended-no-child", until=until),
            dedup_key=f"renewal:no-child:{found.id}:{found.period_ends_at:%Y%m%d}",
            send_at=in_the_day(now),
        )
        await notify([message])
        await EventLogService.log_payment("stars_renewal_without_child", parent.telegram_id, order=order.public_id)
        return True
