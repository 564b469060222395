"""What makes it needless that a parent pays now: nobody to be covered, or somebody else who has paid for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mentorium_core.billing.rules import covered_until, judged, stands
from mentorium_core.identity.model import ChildLink, ParentView
from mentorium_core.identity.queries import honoured, list_viewable_children
from mentorium_db import driver_connection
from mentorium_db.repositories import HotPathRepository


@dataclass(frozen=True, slots=True)
class CoverView:
    """`has_child`: whether the parent may view anybody now; else a subscription opens nothing yet.

    `by_others_until`: until when somebody else's subscription covers every child of this parent, not saying whose it
    is. None where a child is not covered so, and for a parent whose own subscription is paid.
    """

    has_child: bool
    by_others_until: datetime | None = None


async def get_cover(parent: ParentView, now: datetime) -> CoverView:
    """As it is at `now`, by one query of the platform. UnitOfWorkError inside a unit of work.

    UnavailableError while the platform does not answer.
    """
    async with driver_connection() as driver:
        hot_path = HotPathRepository(driver)
        links = [ChildLink(*link) for link in await hot_path.links(parent.parent_id)]
        own = await hot_path.paid_until(parent.parent_id)
        pays = stands(own, now, timedelta())
        payers = await hot_path.payers_of({link.student_id for link in links}) if links and not pays else []
    guardians = {link.guardian_id for link in links} | {guardian for payer in payers for guardian, _ in payer.links}
    viewable = await list_viewable_children(guardians)
    rights = frozenset((child.guardian_id, child.student_id) for child in viewable)
    children = {child.student_id for child in honoured(links, viewable)}
    return CoverView(bool(children), covered_until(children, [judged(payer, rights) for payer in payers], now))
