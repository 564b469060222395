"""Tariffs and access: plain data. Prices are whole soums, lengths are days of 24 hours, times are aware."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from mentorium_core.identity.model import Child
from mentorium_domain.enums import Tariff

GRACE = timedelta(days=3)
"""How long access outlives what was paid for, unless `GRACE_DAYS` says otherwise."""
CHILDREN_COVERED = 3
"""A subscription covers this many children of its payer, those who were linked first."""


@dataclass(frozen=True, slots=True)
class TariffTerms:
    tariff: Tariff
    days: int
    months: int
    price_soums: int

    @property
    def length(self) -> timedelta:
        return timedelta(days=self.days)

    @property
    def discount_percent(self) -> int:
        """What it saves against the monthly price, in whole percent, rounded up as the tariffs are announced."""
        full_price = TARIFFS[Tariff.MONTHLY].price_soums * self.months
        return -((self.price_soums - full_price) * 100 // full_price)


TARIFFS: dict[Tariff, TariffTerms] = {
    Tariff.MONTHLY: TariffTerms(Tariff.MONTHLY, days=30, months=1, price_soums=99_000),
    Tariff.QUARTERLY: TariffTerms(Tariff.QUARTERLY, days=90, months=3, price_soums=249_000),
    Tariff.ANNUAL: TariffTerms(Tariff.ANNUAL, days=365, months=12, price_soums=899_000),
}


class Access(StrEnum):
    """LIMITED: commands, settings, paying, and a report of verdict and win."""

    FULL = "full"
    LIMITED = "limited"


@dataclass(frozen=True, slots=True)
class AccessView:
    """Which of the children asked about are covered at the moment of asking."""

    covered: frozenset[int]

    def of(self, student_id: int) -> Access:
        return Access.FULL if student_id in self.covered else Access.LIMITED

    @property
    def any(self) -> bool:
        return bool(self.covered)


@dataclass(frozen=True, slots=True)
class FamilyAccess:
    """The entitlement of a parent: the children they may view now, and which of them are covered.

    `guardian_names`: what the guardians who were asked about are called on the platform, by id.
    """

    children: tuple[Child, ...]
    access: AccessView
    guardian_names: Mapping[int, str] = field(default_factory=dict, compare=False)

    def child(self, student_id: int) -> Child | None:
        return next((child for child in self.children if child.student_id == student_id), None)

    @property
    def covered(self) -> tuple[Child, ...]:
        return tuple(child for child in self.children if self.access.of(child.student_id) is Access.FULL)


@dataclass(frozen=True, slots=True)
class CurrentSubscription:
    """The subscription a parent has at the moment of asking; past `expires_at` only grace is left of it."""

    tariff: Tariff
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Granted:
    """A subscription stands until `expires_at`; `extended` when one stood already."""

    tariff: Tariff
    expires_at: datetime
    extended: bool
