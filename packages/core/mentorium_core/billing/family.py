"""What somebody else in the family has paid for already."""

from __future__ import annotations

from datetime import datetime, timedelta

from mentorium_core.billing.rules import covered_until, judged, stands
from mentorium_core.identity.model import ParentView
from mentorium_core.identity.queries import honoured, list_links, list_viewable_children
from mentorium_db import get_session
from mentorium_db.repositories import SubscriptionRepository


async def covered_by_others_until(parent: ParentView, now: datetime) -> datetime | None:
    """Until when somebody else's subscription covers every child of this parent, not saying whose it is.

    None where a child is not covered so, and for a parent whose own subscription is paid at `now`. UnavailableError
    while the platform does not answer.
    """
    async with get_session() as session:
        subscriptions = SubscriptionRepository(session)
        own = await subscriptions.active_for_parent(parent.parent_id)
        if own is not None and stands(own.expires_at, now, timedelta()):
            return None
        links = await list_links(parent)
        payers = await subscriptions.payers_of({link.student_id for link in links})
    guardians = {link.guardian_id for link in links} | {guardian for payer in payers for guardian, _ in payer.links}
    viewable = await list_viewable_children(guardians)
    rights = frozenset((child.guardian_id, child.student_id) for child in viewable)
    children = {child.student_id for child in honoured(links, viewable)}
    return covered_until(children, [judged(payer, rights) for payer in payers], now)


async def has_child(parent: ParentView) -> bool:
    """Whether they may view anybody now: else a subscription opens nothing yet. UnavailableError as above."""
    links = await list_links(parent)
    return bool(honoured(links, await list_viewable_children({link.guardian_id for link in links})))
