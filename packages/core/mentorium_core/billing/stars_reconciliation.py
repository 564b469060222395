"""Daily reconciliation with Telegram: what its list of transactions says and our books do not, is booked.

So a payment whose update was lost opens its access a day late at most. Whatever disagreed is an event and a metric:
Telegram's updates are not to be lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Protocol

from mentorium_core.billing.stars import Booked, BookStarsCharge, BookStarsRefund, StarsCharge, StarsRefund
from mentorium_core.billing.stars_balance import NOTED_AS, StarsBalance, StarsBalances, lines_known, missing, to_note
from mentorium_core.billing.stars_return import leave_return_job
from mentorium_db import autocommit_session, get_session
from mentorium_db import jobs as stored_jobs
from mentorium_db.repositories import (
    EventLogRepository,
    OrderRepository,
    PaidBroadcastRepository,
    PaymentRepository,
    StarsSubscriptionRepository,
)
from mentorium_domain.enums import Currency, JobKind, PaymentStatus, ProviderName, Severity
from mentorium_kit import clock
from mentorium_observability import EventLogService
from mentorium_observability.metrics import stars_disagreements

RECONCILED: Final = "stars_reconciled"
LOOKS_BACK: Final = timedelta(days=8)
"""As far as one missed for a week; what is older was seen by those before."""
ON_ITS_WAY: Final = timedelta(minutes=15)
"""An update may take so long: what is younger is left to it."""
_EVERY: Final = timedelta(hours=23, minutes=30)
_ORDERS_LIVE: Final = timedelta(days=40)


@dataclass(frozen=True, slots=True)
class StarsTransaction:
    """A line of Telegram's list: an invoice that was paid (`incoming`), or what was given back of it.

    `amount`: whole Stars. `period`: of a subscription.
    """

    charge_id: str
    incoming: bool
    amount: int
    moment: datetime
    payer_id: int
    payload: str
    period: timedelta | None = None


class StarsTransactions(StarsBalances, Protocol):
    """Telegram's list of what came in and went out, and what it holds."""

    async def transactions(self, since: datetime) -> Sequence[StarsTransaction]:
        """Of invoices only, oldest first. UnavailableError: to be asked again."""


async def request_reconciliation() -> bool:
    """A duty of the ticker: have it done if it was not for a day, and there is something that could disagree.

    Joins the open unit of work.
    """
    now = clock.now()
    async with get_session() as session:
        if await EventLogRepository(session).happened_since(RECONCILED, now - _EVERY):
            return False
        ordered = await OrderRepository(session).exists_since(ProviderName.TELEGRAM_STARS, now - _ORDERS_LIVE)
        paid_for = await PaidBroadcastRepository(session).taken_since(now - LOOKS_BACK)
        if not ordered and not paid_for and not await StarsSubscriptionRepository(session).exists_any():
            return False
        return await stored_jobs.enqueue(session, JobKind.RECONCILE_STARS, {}, dedup_key="reconcile_stars")


@dataclass(frozen=True, slots=True)
class Reconciled:
    """How many lines were looked at, and what had to be done: payments and refunds of which no update had told.

    `missing`: so many Stars went from Telegram's balance without a line of its list since the last time.
    """

    lines: int
    booked: int
    taken_back: int
    returns: int
    missing: Decimal = Decimal(0)

    @property
    def agrees(self) -> bool:
        return not (self.booked or self.taken_back or self.returns or self.missing)


@dataclass(frozen=True, slots=True)
class ReconcileStars:
    telegram: StarsTransactions
    book_charge: BookStarsCharge
    book_refund: BookStarsRefund

    async def __call__(self) -> Reconciled:
        """Harmless twice: what is booked meanwhile by its update is known then. UnavailableError: to be done again."""
        now = clock.now()
        listed = await self.telegram.transactions(now - LOOKS_BACK)
        lines = [line for line in listed if line.moment <= now - ON_ITS_WAY]
        async with autocommit_session() as session:
            known = await PaymentRepository(session).statuses({line.charge_id for line in lines})
        returned = {line.charge_id for line in lines if not line.incoming}
        unheard = (line for line in lines if line.incoming and line.charge_id not in known)
        booked = await self._book(line for line in unheard if line.charge_id not in returned)
        taken_back = await self._take_back(
            line for line in lines if not line.incoming and known.get(line.charge_id) is not PaymentStatus.REFUNDED
        )
        waiting = [
            line
            for line in lines
            if line.incoming
            and line.charge_id not in returned
            and known.get(line.charge_id) in {PaymentStatus.PENDING, PaymentStatus.FAILED}
        ]
        returns = await _return(waiting, now)
        balance, gone = await self._compare_balance(now)
        found = Reconciled(len(lines), booked, taken_back, returns, gone)
        await _tell(found, to_note(balance) if balance is not None else {})
        return found

    async def _compare_balance(self, now: datetime) -> tuple[StarsBalance | None, Decimal]:
        async with autocommit_session() as session:
            noted = await EventLogRepository(session).last_details(RECONCILED, NOTED_AS, now - LOOKS_BACK)
        balance = await self.telegram.balance(lines_known(noted))
        return balance, missing(noted, balance) if balance is not None else Decimal(0)

    async def _book(self, lines: Iterable[StarsTransaction]) -> int:
        booked = 0
        for line in lines:
            charge = StarsCharge(
                charge_id=line.charge_id,
                payer_id=line.payer_id,
                payload=line.payload,
                amount=line.amount,
                currency=Currency.XTR,
                period_ends_at=line.moment + line.period if line.period is not None else None,
            )
            booked += await self.book_charge(charge, is_news=False) is not Booked.KNOWN
        return booked

    async def _take_back(self, lines: Iterable[StarsTransaction]) -> int:
        taken_back = 0
        for line in lines:
            refund = StarsRefund(line.charge_id, line.payer_id, line.payload, line.amount, Currency.XTR)
            taken_back += await self.book_refund(refund, "reconciliation") is not Booked.KNOWN
        return taken_back


async def _return(lines: Sequence[StarsTransaction], now: datetime) -> int:
    """What gave nothing and is still with us: its job is left once more."""
    if lines:
        async with get_session() as session:
            for line in lines:
                await leave_return_job(session, line.charge_id, line.payer_id, now)
    return len(lines)


async def _tell(found: Reconciled, noted: Mapping[str, Any]) -> None:
    told = {"booked": found.booked, "taken_back": found.taken_back, "returns": found.returns}
    async with get_session():
        await EventLogService.log_system(RECONCILED, lines=found.lines, **noted)
        if found.missing:
            await EventLogService.log_system(
                "stars_balance_disagrees", severity=Severity.CRITICAL, missing=f"{found.missing.normalize():f}"
            )
        if any(told.values()):
            await EventLogService.log_system(
                "stars_disagree",
                severity=Severity.CRITICAL,
                booked=found.booked,
                taken_back=found.taken_back,
                returns=found.returns,
            )
    for what, count in {**told, "balance": bool(found.missing)}.items():
        stars_disagreements.labels(found=what).inc(count)
