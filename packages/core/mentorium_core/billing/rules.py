"""Who may see what: pure functions of links, paid stretches and the moment."""

from __future__ import annotations

from collections.abc import Iterable, Set
from datetime import datetime, timedelta

from mentorium_core.billing.model import CHILDREN_COVERED, TariffTerms
from mentorium_domain.access import LinkedPayer, Payer


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


def extended_until(terms: TariffTerms, standing_until: datetime | None, now: datetime) -> datetime:
    """The end of a stretch of `terms` given now; days still paid for are kept, days of grace are not charged."""
    return max(standing_until or now, now) + terms.length
