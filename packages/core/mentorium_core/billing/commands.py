"""Giving access without payment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mentorium_core.billing.entitlement import Gift, give
from mentorium_core.billing.model import GRACE, TARIFFS, Granted
from mentorium_db import get_session
from mentorium_db.repositories import ParentRepository, SubscriptionRepository
from mentorium_domain.enums import Tariff
from mentorium_kit import clock
from mentorium_kit.errors import NotFoundError, RefusedError
from mentorium_observability import EventLogService


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
    ) -> Granted:
        """Give a tariff from `now` on, or on top of what stands; `reason` and `operator` are kept for the audit.

        `request_key` is the caller's idempotency key: repeated with the same one, nothing is given again, and what
        stands is returned. After OutcomeUnknownError it is to be repeated so: an unfinished try is waited for.

        NotFoundError for an unknown parent; RefusedError without reason or operator, and for a key that was used for
        another parent or tariff.
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
            gift = Gift(
                tariff=tariff,
                days=TARIFFS[tariff].days,
                reason=reason.strip(),
                granted_by=operator.strip()[:100],
                request_key=request_key,
            )
            _, granted = await give(session, parent.id, gift, moment, self.grace)
            await EventLogService.log_user_action("subscription_granted", telegram_id, tariff=tariff)
            return granted


async def _granted_before(
    subscriptions: SubscriptionRepository, request_key: str, parent_id: int | None, tariff: Tariff
) -> Granted | None:
    found = await subscriptions.granted_on_request(request_key)
    if found is None:
        return None
    grant, subscription, extended = found
    if (grant.parent_id, grant.tariff) != (parent_id, tariff):
        raise RefusedError("request_of_another_grant")
    return Granted(tariff, subscription.expires_at, extended)
