"""A renewal that Telegram did not make, and told nothing of: its payer is not left waiting for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from mentorium_core.billing.ends import end_key, tariff_buttons
from mentorium_core.billing.model import GRACE, PriceList
from mentorium_core.billing.stars import RENEWED_LATE
from mentorium_core.billing.stars_renewal import is_renewing, show_renewal
from mentorium_core.billing.sweep import one_by_one
from mentorium_core.i18n import format_date_long, t
from mentorium_core.notifications.commands import notify
from mentorium_core.notifications.quiet_hours import in_the_day_before
from mentorium_db import autocommit_session, get_session
from mentorium_db.models import Parent
from mentorium_db.repositories import (
    OrderRepository,
    ParentRepository,
    StarsSubscriptionRepository,
    SubscriptionRepository,
)
from mentorium_db.tables.payments import StarsSubscription
from mentorium_domain.enums import NotificationType, StarsRenewal
from mentorium_domain.outbox import OutboxMessage
from mentorium_kit import clock
from mentorium_observability import EventLogService

A_BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class FailMissingRenewals:
    """A duty of the ticker, in units of its own. `grace`: how long access outlives what was paid for.

    So long after its period (`RENEWED_LATE`, less where the grace is shorter) a renewal counts as failed: nothing is
    said to renew any more, and who has access left reads what to do. One that comes later all the same counts.
    """

    grace: timedelta = GRACE
    prices: PriceList | None = None

    async def __call__(self, now: datetime, most: int = A_BATCH) -> int:
        """How many have failed, up to so many. UnavailableError: to be done again."""
        before = now - (min(RENEWED_LATE, self.grace / 2) or RENEWED_LATE)
        async with autocommit_session() as session:
            missing = await StarsSubscriptionRepository(session).orders_not_renewed(before, most)

        async def fail(order_id: int) -> bool:
            return await self._fail(order_id, before, now)

        return await one_by_one(missing, fail, "stars_missing_renewal_sweep_failed")

    async def _fail(self, order_id: int, before: datetime, now: datetime) -> bool:
        async with get_session() as session:
            order = await OrderRepository(session).lock_by_id(order_id)
            found = await StarsSubscriptionRepository(session).lock_of_order(order_id)
            if order is None or found is None or not is_renewing(found) or found.period_ends_at >= before:
                return False
            parent = await ParentRepository(session).lock(found.parent_id)
            await StarsSubscriptionRepository(session).set_renewal(found.id, StarsRenewal.FAILED, now)
            await show_renewal(session, found.parent_id, now)
            standing = await SubscriptionRepository(session).active_for_parent(found.parent_id)
            if standing is not None and (
                message := self._message(parent, found, standing.id, standing.expires_at, now)
            ):
                await notify([message])
            await EventLogService.log_payment("stars_renewal_missing", parent.telegram_id, order=order.public_id)
            return True

    def _message(
        self, parent: Parent, found: StarsSubscription, subscription_id: int, expires_at: datetime, now: datetime
    ) -> OutboxMessage | None:
        """None where there is no access left: that it has ended is told anyway (`ends`).

        In grace it stands for the notice of the end, whose key it has: one of them is enough.
        """
        is_over = expires_at <= now
        open_until = expires_at + self.grace if is_over else expires_at
        if open_until <= now:
            return None
        own_key = f"payment:renewal-missing:{found.id}:{found.period_ends_at:%Y%m%d}"
        return OutboxMessage(
            telegram_id=parent.telegram_id,
            kind=NotificationType.SUBSCRIPTION,
            message=t(
                parent.language,
                "stars-renewal-missing",
                day=format_date_long(parent.language, clock.local_day(found.period_ends_at)),
                open_until=format_date_long(parent.language, clock.local_day(open_until)),
            ),
            dedup_key=end_key("ended", subscription_id, expires_at) if is_over else own_key,
            send_at=in_the_day_before(now, open_until),
            expires_at=open_until,
            buttons=tariff_buttons(parent.language, self.prices or PriceList()),
        )
