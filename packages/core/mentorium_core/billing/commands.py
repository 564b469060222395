"""Giving access without payment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mentorium_core.billing.model import GRACE, TARIFFS, Granted, TariffTerms
from mentorium_core.billing.rules import extended_until, stands
from mentorium_db import get_session
from mentorium_db.repositories import ParentRepository, SubscriptionRepository
from mentorium_domain.enums import Currency, Tariff
from mentorium_kit import clock
from mentorium_kit.errors import NotFoundError, RefusedError
from mentorium_observability import EventLogService


@dataclass(frozen=True, slots=True)
class GrantSubscription:
    """The operator's gift: guarded by the parent's lock, so that two at once extend one subscription."""

    grace: timedelta = GRACE

    async def __call__(
        self, telegram_id: int, tariff: Tariff, reason: str, operator: str, now: datetime | None = None
    ) -> Granted:
        """Give a tariff from `now` on, or on top of what stands; `reason` and `operator` are kept for the audit.

        NotFoundError for an unknown parent, RefusedError without reason or operator.
        """
        if not reason.strip() or not operator.strip():
            raise RefusedError("grant_without_reason")
        moment = now or clock.now()
        async with get_session() as session:
            parent = await ParentRepository(session).get_by_telegram_id(telegram_id)
            if parent is None:
                raise NotFoundError("parent_unknown")
            await ParentRepository(session).lock(parent.id)
            subscriptions = SubscriptionRepository(session)
            subscription_id, granted = await self._give(subscriptions, parent.id, TARIFFS[tariff], moment)
            await subscriptions.add_grant(
                subscription_id,
                parent.id,
                tariff=tariff,
                days=TARIFFS[tariff].days,
                reason=reason.strip(),
                granted_by=operator.strip()[:100],
                now=moment,
            )
            await EventLogService.log_user_action("subscription_granted", telegram_id, tariff=tariff)
            return granted

    async def _give(
        self, subscriptions: SubscriptionRepository, parent_id: int, terms: TariffTerms, now: datetime
    ) -> tuple[int, Granted]:
        standing = await subscriptions.active_for_parent(parent_id)
        if standing is not None and not stands(standing.expires_at, now, self.grace):
            await subscriptions.expire(standing.id)
            standing = None
        if standing is not None:
            expires_at = extended_until(terms, standing.expires_at, now)
            await subscriptions.extend(standing.id, expires_at)
            return standing.id, Granted(terms.tariff, expires_at, extended=True)
        expires_at = extended_until(terms, None, now)
        fresh = await subscriptions.add(
            parent_id,
            tariff=terms.tariff,
            amount_minor=0,  # nothing was paid
            currency=Currency.UZS,
            start=now,
            expires_at=expires_at,
        )
        return fresh.id, Granted(terms.tariff, expires_at, extended=False)
