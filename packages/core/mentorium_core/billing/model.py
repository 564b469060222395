"""Tariffs, orders, grants and access: plain data. Lengths are days of 24 hours, times are aware.

Prices are whole soums; what is paid is counted in minor units (tiyin, whole Stars).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from mentorium_core.identity.model import Child
from mentorium_domain.enums import Currency, OrderKind, OrderStatus, ProviderName, Tariff
from mentorium_domain.money import tiyin

GRACE = timedelta(days=3)
"""How long access outlives what was paid for, unless `GRACE_DAYS` says otherwise."""
CHILDREN_COVERED = 3
"""A subscription covers this many children of its payer, those who were linked first."""
ORDER_LIFE = timedelta(hours=24)
"""So long an order may be begun to be paid; what a provider has begun by then is finished."""


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
        return discount_percent(self.price_soums, TARIFFS[Tariff.MONTHLY].price_soums * self.months)


def discount_percent(price: int, full_price: int) -> int:
    """In whole percent, rounded up."""
    return -((price - full_price) * 100 // full_price)


TARIFFS: dict[Tariff, TariffTerms] = {
    Tariff.MONTHLY: TariffTerms(Tariff.MONTHLY, days=30, months=1, price_soums=99_000),
    Tariff.QUARTERLY: TariffTerms(Tariff.QUARTERLY, days=90, months=3, price_soums=249_000),
    Tariff.ANNUAL: TariffTerms(Tariff.ANNUAL, days=365, months=12, price_soums=899_000),
}


STARS_PRICES: Mapping[Tariff, int] = {Tariff.MONTHLY: 990, Tariff.QUARTERLY: 2_490, Tariff.ANNUAL: 8_990}
"""Whole Stars, unless the settings say otherwise: an integer a tariff, never a rate."""


@dataclass(frozen=True, slots=True)
class Price:
    """`amount_minor`: tiyin or whole Stars."""

    amount_minor: int
    currency: Currency


@dataclass(frozen=True, slots=True)
class PriceList:
    """What each tariff costs; the same soums whatever the way of payment (ZRU-746), and its own number of Stars."""

    stars: Mapping[Tariff, int] = field(default_factory=lambda: STARS_PRICES)
    named_in_stars: bool = False
    """Nothing is offered that takes soums: a tariff is named at the price at which it can be paid."""

    def price(self, tariff: Tariff, provider: ProviderName) -> Price:
        if provider is ProviderName.TELEGRAM_STARS:
            return self._in_stars(tariff)
        return self._in_soums(tariff)

    def named(self, tariff: Tariff) -> Price:
        """What stands beside the tariff before a way of payment is chosen."""
        return self._in_stars(tariff) if self.named_in_stars else self._in_soums(tariff)

    def saves_percent(self, tariff: Tariff) -> int:
        """Of the named prices, against paying by the month."""
        full_price = self.named(Tariff.MONTHLY).amount_minor * TARIFFS[tariff].months
        return max(discount_percent(self.named(tariff).amount_minor, full_price), 0)

    def _in_stars(self, tariff: Tariff) -> Price:
        return Price(self.stars[tariff], Currency.XTR)

    def _in_soums(self, tariff: Tariff) -> Price:
        return Price(tiyin(TARIFFS[tariff].price_soums), Currency.UZS)


@dataclass(frozen=True, slots=True)
class FiscalTerms:
    """What a fiscal receipt says of what we sell (tasnif.soliq.uz): 17 digits of IKPU, the package's code, VAT."""

    ikpu: str
    package_code: str
    vat_percent: int


@dataclass(frozen=True, slots=True)
class OrderView:
    """What a checkout needs of an order. `parent_id` is None once its parent has had everything deleted."""

    id: int
    public_id: str
    parent_id: int | None
    provider: ProviderName
    kind: OrderKind
    tariff: Tariff
    days: int
    amount_minor: int
    currency: Currency
    status: OrderStatus
    expires_at: datetime


class Obstacle(StrEnum):
    """Why an order cannot be paid; the first that holds is told."""

    UNKNOWN = "unknown"
    OTHER_PROVIDER = "other_provider"
    PAID = "paid"
    CLOSED = "closed"
    EXPIRED = "expired"
    WRONG_AMOUNT = "wrong_amount"


@dataclass(frozen=True, slots=True)
class GivenDays:
    """A grant that stands. `until`: access lasts at least so long. `amount_minor` is 0 for a gift."""

    grant_id: int
    given_at: datetime
    tariff: Tariff
    days: int
    until: datetime | None
    amount_minor: int
    currency: Currency


@dataclass(frozen=True, slots=True)
class Stretch:
    """When a grant runs: from `start` up to but not including `end`."""

    grant: GivenDays
    start: datetime
    end: datetime


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
class Taste:
    """What a new parent is given before any payment: so many answers, and so many full reports."""

    answers: int = 0
    reports: int = 0

    def __bool__(self) -> bool:
        return bool(self.answers or self.reports)


@dataclass(frozen=True, slots=True)
class TasteLeft:
    """`questions`: so many more may be asked now; `answers`: so many more may be delivered, those that are being
    written among them. `had`: full reports that were delivered, by student and period: they may be read again.
    """

    questions: int = 0
    answers: int = 0
    reports: int = 0
    had: frozenset[tuple[int, str]] = frozenset()


TASTE_DAYS = timedelta(days=90)
"""So long a parent counts as new: what was delivered is kept for as long (docs/PRIVACY.md, dialogs)."""


@dataclass(frozen=True, slots=True)
class FamilyAccess:
    """The entitlement of a parent: the children they may view now, and which of them are covered.

    `guardian_names`: what the guardians who were asked about are called on the platform, by id. `taste`: what is left
    to those who have bought nothing.
    """

    children: tuple[Child, ...]
    access: AccessView
    guardian_names: Mapping[int, str] = field(default_factory=dict, compare=False)
    taste: TasteLeft = field(default_factory=TasteLeft)

    @property
    def may_ask(self) -> bool:
        return bool(self.children) and (self.access.any or self.taste.questions > 0)

    def for_answer(self) -> FamilyAccess:
        """As the mentor sees it: where nothing is covered and an answer is left, the children a subscription would."""
        if self.access.any or self.taste.answers <= 0:
            return self
        tasting = frozenset(child.student_id for child in self.children[:CHILDREN_COVERED])
        return replace(self, access=AccessView(tasting))

    def report_access(self, student_id: int, period: str) -> Access:
        """Of a report on this child and period; FULL where one is left, or this one was had before."""
        tasting = not self.access.any and (self.taste.reports > 0 or (student_id, period) in self.taste.had)
        return Access.FULL if tasting else self.access.of(student_id)

    def child(self, student_id: int) -> Child | None:
        return next((child for child in self.children if child.student_id == student_id), None)

    @property
    def covered(self) -> tuple[Child, ...]:
        return tuple(child for child in self.children if self.access.of(child.student_id) is Access.FULL)


@dataclass(frozen=True, slots=True)
class CurrentSubscription:
    """The subscription a parent has at the moment of asking; past `expires_at` only its grace is left."""

    tariff: Tariff
    expires_at: datetime
    open_until: datetime


@dataclass(frozen=True, slots=True)
class Granted:
    """A subscription stands until `expires_at`; `extended` when one stood already."""

    tariff: Tariff
    expires_at: datetime
    extended: bool
