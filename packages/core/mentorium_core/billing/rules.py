"""Who may see what: pure functions of links, paid stretches and the moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from datetime import datetime, timedelta

from mentorium_core.billing.model import CHILDREN_COVERED, GivenDays, Obstacle, OrderView, Stretch, Taste, TasteLeft
from mentorium_domain.access import LinkedPayer, Payer, Tasted
from mentorium_domain.enums import OrderStatus, ProviderName


def stands(expires_at: datetime | None, now: datetime, grace: timedelta) -> bool:
    """Whether a subscription paid until `expires_at` still gives access; the grace after it counts."""
    return expires_at is not None and now < expires_at + grace


def judged(payer: LinkedPayer, rights: Set[tuple[int, int]]) -> Payer:
    """The payer with those children only whom the platform lets them view now: `rights` are guardian and student.

    So a child whom they may view no more takes no place of one whom they may.
    """
    return Payer(tuple(student for guardian, student in payer.links if (guardian, student) in rights), payer.expires_at)


def access(children: Iterable[int], payers: Iterable[Payer], now: datetime, grace: timedelta) -> frozenset[int]:
    """Those of `children` who are covered: a subscription of any linked parent stands and has room for the child."""
    covered = {
        child for payer in payers if stands(payer.expires_at, now, grace) for child in payer.children[:CHILDREN_COVERED]
    }
    return frozenset(covered.intersection(children))


def taste_left(taste: Taste, tasted: Tasted | None) -> TasteLeft:
    """What is left of a new parent's taste; nothing for who is not new (None), or has bought before."""
    if tasted is None:
        return TasteLeft()
    answers = max(taste.answers - tasted.answers, 0)
    return TasteLeft(
        questions=max(answers - tasted.open, 0),
        answers=answers,
        reports=max(taste.reports - len(tasted.reports), 0),
        had=tasted.reports if taste.reports else frozenset(),
    )


def covered_until(children: Iterable[int], payers: Iterable[Payer], now: datetime) -> datetime | None:
    """Until when all of `children` are paid for, grace not counted; None where one is not, or there is no child.

    It is the moment at which the first of them is no longer covered.
    """
    paid = [payer for payer in payers if stands(payer.expires_at, now, timedelta())]
    ends = [max((_end(payer, child, now) for payer in paid), default=now) for child in children]
    first = min(ends, default=now)
    return first if first > now else None


def _end(payer: Payer, child: int, now: datetime) -> datetime:
    covers = child in payer.children[:CHILDREN_COVERED]
    return payer.expires_at if covers and payer.expires_at is not None else now


def stretches(grants: Iterable[GivenDays]) -> tuple[Stretch, ...]:
    """When each of the grants that stand runs, in the order in which they were given: one begins where the one before
    ends, or when it was given, if that is later. Days of grace are not charged.

    So the end of access after a refund is that of the grants that are left, whichever was taken back.
    """
    found: list[Stretch] = []
    for grant in sorted(grants, key=lambda one: (one.given_at, one.grant_id)):
        start = max(grant.given_at, found[-1].end) if found else grant.given_at
        end = start + timedelta(days=grant.days)
        found.append(Stretch(grant, start, max(end, grant.until) if grant.until is not None else end))
    return tuple(found)


def running(found: Sequence[Stretch], now: datetime) -> Stretch:
    """The stretch that runs now; before the first one begins that one, after the last has ended that one.

    ValueError where there is none at all.
    """
    if not found:
        raise ValueError("no grant stands")
    return next((one for one in found if now < one.end), found[-1])


def obstacle(order: OrderView | None, provider: ProviderName, amount_minor: int, now: datetime) -> Obstacle | None:
    """What stands in the way of beginning to pay this order with this provider now; None: nothing.

    The account is judged before the amount (PayMe Merchant API, CheckPerformTransaction). An order that was begun in
    time is finished without asking this.
    """
    if order is None:
        return Obstacle.UNKNOWN
    if order.provider is not provider:
        return Obstacle.OTHER_PROVIDER
    if order.status is OrderStatus.PAID:
        return Obstacle.PAID
    if order.status is not OrderStatus.PENDING or order.parent_id is None:
        return Obstacle.CLOSED
    if now >= order.expires_at:
        return Obstacle.EXPIRED
    if amount_minor != order.amount_minor:
        return Obstacle.WRONG_AMOUNT
    return None
