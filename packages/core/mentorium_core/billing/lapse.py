"""What time does to subscriptions: one whose grace is over expires, and the grant that runs is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mentorium_core.billing.entitlement import recompute
from mentorium_core.billing.model import GRACE
from mentorium_db import get_session
from mentorium_db.repositories import ParentRepository, SubscriptionRepository
from mentorium_db.repositories.subscription_ends import SubscriptionEndRepository
from mentorium_observability import EventLogService

A_BATCH = 500


@dataclass(frozen=True, slots=True)
class ExpireSubscriptions:
    """A duty of the ticker. `grace`: how long access outlives what was paid for."""

    grace: timedelta = GRACE

    async def __call__(self, now: datetime, most: int = A_BATCH) -> int:
        """End those whose grace is over, up to so many; how many. Parents are locked first, in one order.

        Whoever is being paid for, or given to, at this moment is judged by what stands once their lock is free.
        """
        async with get_session() as session:
            subscriptions = SubscriptionRepository(session)
            due = await subscriptions.list_active_by_end(now - self.grace, most)
            parents = await ParentRepository(session).lock_all({parent_id for _, parent_id in due})
            ended = 0
            for standing in await subscriptions.active_for_parents(list(parents)):
                if standing.expires_at + self.grace > now:
                    continue
                await subscriptions.expire(standing.id)
                parent = parents[standing.parent_id]
                await EventLogService.log_system("subscription_expired", parent.telegram_id, tariff=standing.tariff)
                ended += 1
            return ended


async def move_on_grants(now: datetime, most: int = A_BATCH) -> bool:
    """Every subscription shows the tariff and amount of the grant that runs now; whether there may be more to do.

    A duty of the ticker, up to so many at a time. It joins an open unit of work.
    """
    async with get_session() as session:
        due = await SubscriptionEndRepository(session).moved_on(now, most)
        parents = await ParentRepository(session).lock_all({parent_id for _, parent_id in due})
        for subscription_id, parent_id in due:
            if parent_id in parents:
                await recompute(session, subscription_id, now)
        return len(due) == most


async def show_running_grant(subscription_id: int, parent_id: int, now: datetime) -> None:
    """Move a subscription on to the grant that runs now: its tariff and amount. Harmless twice."""
    async with get_session() as session:
        if parent_id in await ParentRepository(session).lock_all({parent_id}):
            await recompute(session, subscription_id, now)
