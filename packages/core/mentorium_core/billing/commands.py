"""Giving access without payment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.billing.entitlement import Gift, give
from mentorium_core.billing.model import GRACE, TARIFFS, Granted
from mentorium_core.billing.refunds import DoubleBenefitError
from mentorium_core.billing.texts import tariff_title
from mentorium_core.i18n import format_date_long, t
from mentorium_core.notifications.commands import notify
from mentorium_db import driver_of, get_session
from mentorium_db.models import Parent
from mentorium_db.repositories import ParentRepository, RefundRepository, SubscriptionRepository
from mentorium_domain.enums import NotificationType, Tariff
from mentorium_domain.outbox import OutboxMessage
from mentorium_kit import clock
from mentorium_kit.errors import NotFoundError, RefusedError
from mentorium_observability import EventLogService

MOST_DAYS: Final = 366
"""An operator extends by no more at once."""
ONE_TROUBLE: Final = timedelta(days=30)
"""Days given so soon after money went back are most likely for the same trouble."""


@dataclass(frozen=True, slots=True)
class GrantSubscription:
    """The operator's gift: guarded by the parent's lock, so that two at once extend one subscription."""

    grace: timedelta = GRACE

    async def __call__(
        self,
        telegram_id: int,
        tariff: Tariff,
        reason: str,
        operator: str,
        now: datetime | None = None,
        *,
        request_key: str,
        despite_refund: bool = False,
    ) -> Granted:
        """Give a tariff from `now` on, or on top of what stands; `reason` and `operator` are kept for the audit.

        `request_key` is the caller's idempotency key: repeated with the same one, nothing is given again, and what
        stands is returned. After OutcomeUnknownError it is to be repeated so: an unfinished try is waited for.

        NotFoundError for an unknown parent; RefusedError without reason or operator, and for a key that was used for
        another parent or tariff; DoubleBenefitError where a payment of this parent is being given back, or was within
        30 days, unless `despite_refund`.
        """
        if not reason.strip() or not operator.strip():
            raise RefusedError("grant_without_reason")
        moment = now or clock.now()
        async with get_session() as session:
            subscriptions = SubscriptionRepository(session)
            await subscriptions.lock_request(request_key)
            parent = await ParentRepository(session).get_by_telegram_id(telegram_id)
            repeated = await _granted_before(subscriptions, request_key, parent.id if parent else None, tariff)
            if repeated is not None:
                return repeated
            if parent is None:
                raise NotFoundError("parent_unknown")
            await ParentRepository(session).lock(parent.id)
            if not despite_refund:
                await _refuse_beside_refund(session, parent.id, moment)
            gift = Gift(
                tariff=tariff,
                days=TARIFFS[tariff].days,
                reason=reason.strip(),
                granted_by=operator.strip()[:100],
                request_key=request_key,
            )
            _, granted = await give(await driver_of(session), parent.id, gift, moment, self.grace)
            await _tell_given(parent, tariff_title(parent.language, tariff), request_key, granted.expires_at)
            await EventLogService.log_user_action("subscription_granted", telegram_id, tariff=tariff)
            return granted


@dataclass(frozen=True, slots=True)
class ExtendSubscription:
    """The operator's days: of the tariff that stands, or the monthly one where none does."""

    grace: timedelta = GRACE

    async def __call__(
        self,
        telegram_id: int,
        days: int,
        reason: str,
        operator: str,
        now: datetime | None = None,
        *,
        request_key: str,
        despite_refund: bool = False,
    ) -> Granted:
        """Give so many days on top of what stands; `request_key` as of `GrantSubscription`.

        NotFoundError for an unknown parent; RefusedError without reason or operator, and for days outside 1 to 366;
        DoubleBenefitError as of `GrantSubscription`.
        """
        if not reason.strip() or not operator.strip():
            raise RefusedError("grant_without_reason")
        if not 1 <= days <= MOST_DAYS:
            raise RefusedError("days_out_of_range", days=days)
        moment = now or clock.now()
        async with get_session() as session:
            subscriptions = SubscriptionRepository(session)
            await subscriptions.lock_request(request_key)
            parent = await ParentRepository(session).get_by_telegram_id(telegram_id)
            standing = await subscriptions.active_for_parent(parent.id) if parent is not None else None
            tariff = standing.tariff if standing is not None else Tariff.MONTHLY
            repeated = await _granted_before(subscriptions, request_key, parent.id if parent else None, None)
            if repeated is not None:
                return repeated
            if parent is None:
                raise NotFoundError("parent_unknown")
            await ParentRepository(session).lock(parent.id)
            if not despite_refund:
                await _refuse_beside_refund(session, parent.id, moment)
            gift = Gift(tariff, days, reason.strip(), operator.strip()[:100], request_key)
            _, granted = await give(await driver_of(session), parent.id, gift, moment, self.grace)
            what = t(parent.language, "subscription-given-days", days=days)
            await _tell_given(parent, what, request_key, granted.expires_at)
            await EventLogService.log_user_action("subscription_extended", telegram_id, days=days)
            return granted


async def _tell_given(parent: Parent, what: str, request_key: str, until: datetime) -> None:
    """What the team has given, once a request; the reason is the team's own. It joins the open unit."""
    day = format_date_long(parent.language, clock.local_day(until))
    message = OutboxMessage(
        telegram_id=parent.telegram_id,
        kind=NotificationType.SUBSCRIPTION,
        message=t(parent.language, "subscription-given", what=what, until=day),
        dedup_key=f"subscription:given:{request_key}",
        send_at=clock.now(),
    )
    await notify([message])


async def _refuse_beside_refund(session: AsyncSession, parent_id: int, now: datetime) -> None:
    """Money and days are not both given for one trouble. The parent is locked, as whoever asks for a refund does."""
    refunds = RefundRepository(session)
    if await refunds.is_under_way_for(parent_id):
        raise DoubleBenefitError("refund_under_way")
    if await refunds.was_given_back_after(parent_id, now - ONE_TROUBLE):
        raise DoubleBenefitError("refund_given_lately")


async def _granted_before(
    subscriptions: SubscriptionRepository, request_key: str, parent_id: int | None, tariff: Tariff | None
) -> Granted | None:
    found = await subscriptions.granted_on_request(request_key)
    if found is None:
        return None
    grant, subscription, extended = found
    if grant.parent_id != parent_id or tariff not in {None, grant.tariff}:
        raise RefusedError("request_of_another_grant")
    return Granted(grant.tariff, subscription.expires_at, extended)
