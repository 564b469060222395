"""What makes it needless that a parent pays now: nobody to be covered, or somebody else who has paid for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mentorium_core.billing.rules import covered_until, judged, stands
from mentorium_core.identity.model import ChildLink, ParentView
from mentorium_core.identity.queries import honoured, list_viewable_children
from mentorium_db import driver_connection
from mentorium_db.repositories import AccessHotPathRepository
from mentorium_domain.access import LinkedPayer


@dataclass(frozen=True, slots=True)
class PayingFamily:
    """What our own database knows of a parent who is about to pay.

    `renews`: they are charged again without doing anything. `payers`: who may cover their children beside them; none
    where the parent's own subscription is paid.
    """

    links: Sequence[ChildLink]
    renews: bool
    payers: Sequence[LinkedPayer]


@dataclass(frozen=True, slots=True)
class CoverView:
    """`has_child`: whether the parent may view anybody now; else a subscription opens nothing yet.

    `by_others_until`: until when somebody else's subscription covers every child of this parent, not saying whose it
    is. None where a child is not covered so, and for a parent whose own subscription is paid.
    """

    has_child: bool
    by_others_until: datetime | None = None


async def get_paying_family(parent: ParentView, now: datetime) -> PayingFamily:
    """As it is at `now`. UnitOfWorkError inside a unit of work."""
    async with driver_connection() as driver:
        family = await AccessHotPathRepository(driver).paying_family(parent.parent_id, now)
    pays = stands(family.paid_until, now, timedelta())
    return PayingFamily([ChildLink(*link) for link in family.links], family.renews, () if pays else family.payers)


async def get_cover(family: PayingFamily, now: datetime) -> CoverView:
    """As it is at `now`, by one query of the platform. UnavailableError while the platform does not answer."""
    guardians = {link.guardian_id for link in family.links}
    guardians |= {guardian for payer in family.payers for guardian, _ in payer.links}
    viewable = await list_viewable_children(guardians)
    rights = frozenset((child.guardian_id, child.student_id) for child in viewable)
    children = {child.student_id for child in honoured(family.links, viewable)}
    payers = [judged(payer, rights) for payer in family.payers]
    return CoverView(bool(children), covered_until(children, payers, now))
