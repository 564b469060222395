"""What is asked of Click's Merchant API once a fact stands: each a job, and each may be done twice.

A surplus goes back, an attempt that was never completed is asked about, so is a cancellation that Click has told of
after the confirmation, and the fiscal receipt is made. Nothing is asked inside a unit of work.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.billing.booking import PaymentBook
from mentorium_core.billing.click import cancel, confirm, take_surplus
from mentorium_core.billing.providers import MoneyState, ProviderPayment, RefundRefused
from mentorium_db import get_session, jobs
from mentorium_db.models import Payment
from mentorium_db.repositories import ClickTransactionRepository, OrderRepository, PaymentRepository
from mentorium_db.tables.billing import Order
from mentorium_db.tables.payments import ClickTransaction
from mentorium_domain.enums import ClickStatus, JobKind, OrderStatus, PaymentStatus, Severity
from mentorium_kit import clock
from mentorium_kit.errors import UnavailableError
from mentorium_observability import EventLogService

OFTEN_FOR: Final = timedelta(hours=2)
OFTEN: Final = timedelta(minutes=15)
SELDOM: Final = timedelta(hours=2)
ASKED_FOR: Final = timedelta(days=2)
A_BATCH: Final = 100
NOT_SUCCESSFUL: Final = -1
"""What is kept as Click's error where its Merchant API, and no Complete, has said that a payment came to nothing."""


@dataclass(frozen=True, slots=True)
class ClickPaymentFound:
    """`payment_id`: click_paydoc_id of the attempt that it is about."""

    payment_id: int
    state: MoneyState


class ClickMerchant(Protocol):
    """Click's Merchant API. Errors as of `PaymentProvider`."""

    async def refund(self, payment: ProviderPayment) -> RefundRefused | None: ...

    async def status(self, payment: ProviderPayment) -> MoneyState: ...

    async def status_by_order(self, order_public_id: str, day: date) -> ClickPaymentFound | None:
        """The payment of this order that was begun on this day (Tashkent), by merchant_trans_id."""


@dataclass(frozen=True, slots=True)
class QueueClickChecks:
    """A duty of the ticker: what is due is asked about by a job, and is due again later unless that settles it."""

    async def __call__(self, now: datetime, most: int = A_BATCH) -> int:
        """How many jobs it has stored. It joins the open unit of work."""
        async with get_session() as session:
            attempts = ClickTransactionRepository(session)
            due = await attempts.take_due(now, most)
            for attempt in due:
                since = attempt.reversal_reported_at or attempt.prepared_at
                await attempts.change(attempt.id, next_check_at=next_check(since, now))
                await jobs.enqueue(
                    session, JobKind.CLICK_CHECK, {"attempt_id": attempt.id}, dedup_key=f"click_check:{attempt.id}"
                )
            return len(due)


def next_check(since: datetime, now: datetime) -> datetime | None:
    """Every quarter of an hour at first, then every two hours, for two days; then no more."""
    age = now - since
    if age >= ASKED_FOR:
        return None
    return now + (OFTEN if age < OFTEN_FOR else SELDOM)


@dataclass(frozen=True, slots=True)
class ReverseClickSurplus:
    """Give a surplus back. `click`: None where Click is not set up in this process."""

    click: ClickMerchant | None
    book: PaymentBook = field(default_factory=PaymentBook)

    async def __call__(self, attempt_id: int) -> PaymentStatus | None:
        """What the payment has become. UnavailableError, OutcomeUnknownError: to be run again, which asks first."""
        found = await _find(attempt_id)
        if found is None or found.status is not ClickStatus.DUPLICATE or found.paid is not PaymentStatus.SUCCESS:
            return None
        click = _set_up(self.click)
        state = await click.status(found.payment)
        if state is MoneyState.PAID:
            if (refused := await click.refund(found.payment)) is not None:
                await _alert("click_reversal_refused", found, problem=refused.problem)
                return None
        elif state is not MoneyState.RETURNED:
            raise UnavailableError("click_payment_not_settled")
        async with get_session() as session:
            order, _, payment = await _lock(session, found)
            if payment.status is not PaymentStatus.SUCCESS:
                return None
            await self.book.return_surplus(session, order, payment, clock.now())
            return PaymentStatus.REFUNDED


@dataclass(frozen=True, slots=True)
class CheckClickPayment:
    """Where the money of an attempt is: of one that was never completed, or that Click says it has cancelled since."""

    click: ClickMerchant | None
    book: PaymentBook = field(default_factory=PaymentBook)

    async def __call__(self, attempt_id: int) -> PaymentStatus | None:
        """What the payment has become by it. UnavailableError: to be run again."""
        found = await _find(attempt_id)
        if found is None:
            return None
        if found.status is ClickStatus.PREPARED:
            if self.click is None:  # nothing is known to be debited, and there is nobody to ask
                return None
            return await self._settle(found, await self._where(found))
        if found.reversal_reported_at is not None and found.paid is PaymentStatus.SUCCESS:
            return await self._take_back(found, await _set_up(self.click).status(found.payment))
        return None

    async def _where(self, found: _Found) -> MoneyState:
        """By the order, on the day of the attempt or the one before it; by the payment's own number where the order
        has been tried more than once that day.
        """
        click, day = _set_up(self.click), clock.local_day(found.prepared_at)
        for asked in (day, day - timedelta(days=1)):
            known = await click.status_by_order(found.order_public_id, asked)
            if known is not None and known.payment_id == found.paydoc_id:
                return known.state
        return await click.status(found.payment)

    async def _settle(self, found: _Found, state: MoneyState) -> PaymentStatus | None:
        """As Complete would have done it. What is neither successful nor failed may still be completed."""
        if state not in {MoneyState.PAID, MoneyState.RETURNED}:
            return None
        now = clock.now()
        async with get_session() as session:
            order, attempt, _ = await _lock(session, found)
            if attempt.status is not ClickStatus.PREPARED:
                return None
            if state is MoneyState.RETURNED:
                return await cancel(session, self.book, order, attempt, now, error=NOT_SUCCESSFUL)
            await EventLogService.log_system(
                "click_complete_missed", severity=Severity.WARNING, order=order.public_id, attempt=attempt.id
            )
            opens = order.status is OrderStatus.PENDING and order.parent_id is not None
            return await (confirm if opens else take_surplus)(session, self.book, order, attempt, now)

    async def _take_back(self, found: _Found, state: MoneyState) -> PaymentStatus | None:
        """Click may tell of a reversal before it is carried out: it is asked on, and in the end the team looks."""
        now = clock.now()
        if state is not MoneyState.RETURNED:
            if found.next_check_at is None:
                await _alert("click_reversal_unresolved", found)
            elif state is MoneyState.PAID and _is_fresh(found.reversal_reported_at, now):
                await _alert("click_reversal_not_confirmed", found)
            return None
        async with get_session() as session:
            order, attempt, payment = await _lock(session, found)
            if payment.status is not PaymentStatus.SUCCESS:
                return None
            if attempt.status is ClickStatus.DUPLICATE:
                await self.book.return_surplus(session, order, payment, now)
            else:
                await self.book.give_back(session, order, payment, "click_reversal", now)
            await ClickTransactionRepository(session).change(
                attempt.id, status=ClickStatus.CANCELLED, cancelled_at=now, next_check_at=None
            )
            return PaymentStatus.REFUNDED


def _is_fresh(reported_at: datetime | None, now: datetime) -> bool:
    """Whether it is asked about for the first time: of each report the team hears once."""
    return reported_at is not None and now - reported_at < OFTEN


@dataclass(frozen=True, slots=True)
class _Found:
    attempt_id: int
    status: ClickStatus
    paid: PaymentStatus
    order_id: int
    order_public_id: str
    paydoc_id: int
    prepared_at: datetime
    reversal_reported_at: datetime | None
    next_check_at: datetime | None
    payment: ProviderPayment


async def _find(attempt_id: int) -> _Found | None:
    """As stored now, unlocked; None where it is gone with its order."""
    async with get_session() as session:
        attempt = await ClickTransactionRepository(session).get(attempt_id)
        payment = await PaymentRepository(session).get(attempt.payment_id) if attempt is not None else None
        order = await OrderRepository(session).get_by_id(attempt.order_id) if attempt is not None else None
        if attempt is None or payment is None or order is None:
            return None
        known = ProviderPayment(
            payment_id=payment.id,
            transaction_id=payment.transaction_id or "",
            external_ref=str(attempt.click_paydoc_id),
            amount_minor=payment.amount_minor,
            currency=payment.currency,
        )
        return _Found(
            attempt_id=attempt.id,
            status=attempt.status,
            paid=payment.status,
            order_id=order.id,
            order_public_id=order.public_id,
            paydoc_id=attempt.click_paydoc_id,
            prepared_at=attempt.prepared_at,
            reversal_reported_at=attempt.reversal_reported_at,
            next_check_at=attempt.next_check_at,
            payment=known,
        )


async def _lock(session: AsyncSession, found: _Found) -> tuple[Order, ClickTransaction, Payment]:
    """Order, attempt, payment: as stored now, locked in this order."""
    order = await OrderRepository(session).lock_by_id(found.order_id)
    attempt = await ClickTransactionRepository(session).lock(found.attempt_id)
    if order is None or attempt is None:  # kept for as long as the law says, and over
        raise UnavailableError("click_attempt_gone")
    return order, attempt, await PaymentRepository(session).lock(attempt.payment_id)


def _set_up(click: ClickMerchant | None) -> ClickMerchant:
    if click is None:
        raise UnavailableError("click_not_set_up")
    return click


async def _alert(event: str, found: _Found, problem: str = "") -> None:
    """Somebody has to look at Click's cabinet."""
    async with get_session():
        await EventLogService.log_system(
            event,
            severity=Severity.CRITICAL,
            order=found.order_public_id,
            attempt=found.attempt_id,
            paydoc=found.paydoc_id,
            problem=problem,
        )
