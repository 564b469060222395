"""Entitlements: who is covered now, and what a parent has paid for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mentorium_core.billing.model import (
    GRACE,
    TASTE_DAYS,
    AccessView,
    CurrentSubscription,
    FamilyAccess,
    Taste,
    TasteLeft,
)
from mentorium_core.billing.rules import access, judged, stands, taste_left
from mentorium_core.billing.stars_renewal import renews
from mentorium_core.identity.model import Child, ChildLink, ParentView
from mentorium_core.identity.queries import honoured, list_viewable_children, list_viewable_with_names
from mentorium_db import autocommit_session, driver_connection, get_session
from mentorium_db.repositories import AccessHotPathRepository, SubscriptionRepository
from mentorium_db.repositories.subscription_ends import SubscriptionEndRepository
from mentorium_db.repositories.taste import TasteRepository
from mentorium_domain.access import LinkedPayer
from mentorium_domain.enums import Tariff
from mentorium_kit import clock


@dataclass(frozen=True, slots=True)
class CheckAccess:
    """`grace`: how long access outlives what was paid for."""

    grace: timedelta = GRACE

    async def __call__(self, children: Iterable[Child], now: datetime) -> AccessView:
        """Which of these children are covered at `now`, through whichever parent linked to them, set-based.

        UnavailableError while the platform does not answer.
        """
        student_ids = {child.student_id for child in children}
        payers = await list_payers(student_ids)
        viewable = await list_viewable_children(_guardians_of(payers))
        return AccessView(_covered(student_ids, payers, viewable, now, self.grace))


@dataclass(frozen=True, slots=True)
class GetFamilyAccess:
    """`grace`: how long access outlives what was paid for. `taste`: what is given before any payment."""

    grace: timedelta = GRACE
    taste: Taste = field(default_factory=Taste)

    async def __call__(self, parent: ParentView) -> FamilyAccess:
        """Asked anew at each use, by one query of the platform. UnitOfWorkError inside a unit of work.

        UnavailableError while the platform does not answer.
        """
        async with driver_connection() as driver:
            family = await AccessHotPathRepository(driver).family(parent.parent_id)
        links = [ChildLink(*link) for link in family.links]
        guardians = {link.guardian_id for link in links} | _guardians_of(family.payers)
        viewable, names = await list_viewable_with_names(guardians)
        children = honoured(links, viewable)
        student_ids = {child.student_id for child in children}
        now = clock.now()
        view = AccessView(_covered(student_ids, family.payers, viewable, now, self.grace))
        left = await self._taste_left(parent, now) if self.taste and children and not view.any else TasteLeft()
        return FamilyAccess(children, view, names, left)

    async def _taste_left(self, parent: ParentView, now: datetime) -> TasteLeft:
        async with autocommit_session() as session:
            tasted = await TasteRepository(session).tasted(parent.parent_id, now - TASTE_DAYS)
        return taste_left(self.taste, tasted)


def _guardians_of(payers: Collection[LinkedPayer]) -> set[int]:
    return {guardian_id for payer in payers for guardian_id, _ in payer.links}


def _covered(
    student_ids: Collection[int],
    payers: Collection[LinkedPayer],
    viewable: Collection[Child],
    now: datetime,
    grace: timedelta,
) -> frozenset[int]:
    rights = frozenset((child.guardian_id, child.student_id) for child in viewable)
    return access(student_ids, [judged(payer, rights) for payer in payers], now, grace)


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
        return CurrentSubscription(Tariff(paid.tariff), paid.expires_at, paid.expires_at + self.grace)


async def is_renewed(parent: ParentView) -> bool:
    """Whether this parent is charged again without doing anything: by Telegram, or with a saved card.

    UnitOfWorkError inside a unit of work.
    """
    async with driver_connection() as driver:
        return await renews(driver, parent.parent_id, clock.now())


async def list_payers(student_ids: Collection[int]) -> list[LinkedPayer]:
    """Whoever may cover these children: all parents linked to one of them, who have a subscription."""
    if not student_ids:
        return []
    async with get_session() as session:
        return await SubscriptionRepository(session).payers_of(student_ids)


async def count_subscriptions(now: datetime, grace: timedelta) -> dict[Tariff, int]:
    """How many give access at `now`, by the tariff that runs. UnitOfWorkError inside a unit of work."""
    async with autocommit_session() as session:
        return await SubscriptionEndRepository(session).count_by_tariff(now - grace)
