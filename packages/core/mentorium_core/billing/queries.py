"""Entitlements: who is covered now, and what a parent has paid for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from mentorium_core.billing.model import GRACE, AccessView, CurrentSubscription, FamilyAccess
from mentorium_core.billing.rules import access, stands
from mentorium_core.identity.model import Child, ParentView
from mentorium_core.identity.queries import judge_links, list_links
from mentorium_db import autocommit_session, get_session
from mentorium_db.repositories import SubscriptionRepository
from mentorium_domain.access import Payer
from mentorium_domain.enums import Tariff
from mentorium_kit import clock


@dataclass(frozen=True, slots=True)
class CheckAccess:
    """`grace`: how long access outlives what was paid for."""

    grace: timedelta = GRACE

    async def __call__(self, parent: ParentView, children: Iterable[Child], now: datetime) -> AccessView:
        """Which of this parent's children are covered at `now`, through this parent or another one linked to them."""
        student_ids = {child.student_id for child in children}
        payers = await list_payers(parent, student_ids)
        return AccessView(access(student_ids, payers, now, self.grace))


@dataclass(frozen=True, slots=True)
class GetFamilyAccess:
    """`grace`: how long access outlives what was paid for."""

    grace: timedelta = GRACE

    async def __call__(self, parent: ParentView) -> FamilyAccess:
        """Asked anew at each use: one unit of work and one query of the platform.

        UnavailableError while the platform does not answer.
        """
        async with get_session():
            links = await list_links(parent)
            payers = await list_payers(parent, {link.student_id for link in links})
        children = await judge_links(links)
        covered = access((child.student_id for child in children), payers, clock.now(), self.grace)
        return FamilyAccess(children, AccessView(covered))


@dataclass(frozen=True, slots=True)
class GetCurrentSubscription:
    grace: timedelta = GRACE

    async def __call__(self, parent: ParentView, now: datetime) -> CurrentSubscription | None:
        """What this parent has paid for or was given, as long as it gives access at `now`.

        UnitOfWorkError inside a unit of work.
        """
        async with autocommit_session() as session:
            paid = await SubscriptionRepository(session).active_for_parent(parent.parent_id)
        if paid is None or not stands(paid.expires_at, now, self.grace):
            return None
        return CurrentSubscription(Tariff(paid.tariff), paid.expires_at)


async def list_payers(parent: ParentView, student_ids: Collection[int]) -> list[Payer]:
    """Whoever may cover these children: this parent and all others linked to one of them, who have a subscription."""
    async with get_session() as session:
        return await SubscriptionRepository(session).payers_of(parent.parent_id, student_ids)
