"""Asking who is covered, and giving access without payment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from mentorium_core.billing.model import TARIFFS, AccessView, Granted, Payer, Standing, Tariff, TariffTerms
from mentorium_core.billing.rules import access, extended_until, stands
from mentorium_core.identity.model import Child, ParentView
from mentorium_db import get_session
from mentorium_db.enums import Currency
from mentorium_db.repositories import LearnerRepository, ParentRepository, SubscriptionRepository
from mentorium_kit import clock
from mentorium_kit.errors import NotFoundError, RefusedError
from mentorium_observability import EventLogService


class AccessOf:
    """`grace_days`: how long access outlives what was paid for."""

    def __init__(self, grace_days: int = 3) -> None:
        self._grace = timedelta(days=grace_days)

    async def __call__(self, parent: ParentView, children: Iterable[Child], now: datetime) -> AccessView:
        """Which of this parent's children are covered at `now`, through this parent or another one linked to them."""
        student_ids = {child.student_id for child in children}
        async with get_session() as session:
            learners = LearnerRepository(session)
            linked = await learners.parents_of_students(student_ids)
            parent_ids = {parent.parent_id} | {parent_id for _, parent_id in linked}
            students = _by_parent(await learners.students_of_parents(parent_ids))
            standing = await SubscriptionRepository(session).active_for_parents(parent_ids)
        payers = [Payer(students.get(paid.parent_id, ()), paid.expires_at) for paid in standing]
        return AccessView(access(student_ids, payers, now, self._grace))


class StandingSubscription:
    def __init__(self, grace_days: int = 3) -> None:
        self._grace = timedelta(days=grace_days)

    async def __call__(self, parent: ParentView, now: datetime) -> Standing | None:
        """What this parent has paid for or was given, as long as it gives access at `now`."""
        async with get_session() as session:
            paid = await SubscriptionRepository(session).active_for_parent(parent.parent_id)
        if paid is None or not stands(paid.expires_at, now, self._grace):
            return None
        return Standing(Tariff(paid.tariff), paid.expires_at)


class GrantSubscription:
    """The operator's gift: guarded by the parent's lock, so that two at once extend one subscription."""

    def __init__(self, grace_days: int = 3) -> None:
        self._grace = timedelta(days=grace_days)

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
        if standing is not None and not stands(standing.expires_at, now, self._grace):
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


def _by_parent(links: Iterable[tuple[int, int]]) -> dict[int, tuple[int, ...]]:
    students: defaultdict[int, list[int]] = defaultdict(list)
    for parent_id, student_id in links:
        students[parent_id].append(student_id)
    return {parent_id: tuple(student_ids) for parent_id, student_ids in students.items()}
