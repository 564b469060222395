"""PayMe's Merchant API, as use cases on `payme_transactions` (https://developer.help.paycom.uz, Merchant API).

A transaction is created (1), performed (2), cancelled before it was performed (-1) or after (-2): 1 to 2, 1 to -1 and
2 to -2 are all that happens. PayMe repeats a call until it has an answer, and gets the answer that is stored. Moments
are milliseconds since 1970. A rule that says no is a value, not an error: what it has changed on the way is committed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.billing.booking import PaymentBook
from mentorium_core.billing.card_renewal_rows import may_be_charged, receipt_of
from mentorium_core.billing.model import Obstacle
from mentorium_core.billing.orders import view
from mentorium_core.billing.rules import obstacle
from mentorium_core.billing.sweep import one_by_one
from mentorium_db import driver_of, get_driver, get_session
from mentorium_db.repositories import PaymeTransactionRepository
from mentorium_db.units import Driver
from mentorium_domain.enums import OrderKind, OrderStatus, PaymentStatus, ProviderName
from mentorium_domain.payments import OrderRecord, PaymentRecord, PaymeRecord

CREATED, PERFORMED, CANCELLED, REFUNDED = 1, 2, -1, -2
LIFE_MS: Final = 43_200_000
"""Twelve hours from PayMe's own `time`: then a transaction that was not performed is cancelled."""
TIMED_OUT: Final = 4
"""PayMe's reason for that."""
GIVEN_BACK: Final = 5
"""PayMe's reason for a refund."""


class PaymeRefusal(StrEnum):
    """Why a call is not done."""

    ORDER_UNKNOWN = "order_unknown"
    ORDER_PAID = "order_paid"
    ORDER_BUSY = "order_busy"
    ORDER_CLOSED = "order_closed"
    ORDER_ELSEWHERE = "order_elsewhere"
    WRONG_AMOUNT = "wrong_amount"
    NO_TRANSACTION = "no_transaction"
    DELIVERED = "delivered"
    IMPOSSIBLE = "impossible"


_OF_OBSTACLE: Final = {
    Obstacle.UNKNOWN: PaymeRefusal.ORDER_UNKNOWN,
    Obstacle.OTHER_PROVIDER: PaymeRefusal.ORDER_ELSEWHERE,
    Obstacle.PAID: PaymeRefusal.ORDER_PAID,
    Obstacle.CLOSED: PaymeRefusal.ORDER_CLOSED,
    Obstacle.EXPIRED: PaymeRefusal.ORDER_CLOSED,
    Obstacle.WRONG_AMOUNT: PaymeRefusal.WRONG_AMOUNT,
}


@dataclass(frozen=True, slots=True)
class PaymeCreate:
    """What CreateTransaction says. `account`: as it came; `order_id` is in it, as the payer's link had it."""

    payme_id: str
    payme_time: int
    amount_minor: int
    account: dict[str, Any]

    @property
    def order_id(self) -> str:
        return str(self.account.get("order_id"))


@dataclass(frozen=True, slots=True)
class PaymeView:
    """A transaction as it stands. `became`: what its payment has become by the call that this answers, else None."""

    id: int
    payme_id: str
    order: str
    amount_minor: int
    account: dict[str, Any]
    state: int
    reason: int | None
    payme_time: int
    create_time: int
    perform_time: int
    cancel_time: int
    became: PaymentStatus | None = None


@dataclass(frozen=True, slots=True)
class PaymeRefused:
    """`order`: its public id, where it is known. `became`: as in `PaymeView`: what has timed out has failed."""

    why: PaymeRefusal
    order: str | None = None
    became: PaymentStatus | None = None


@dataclass(frozen=True, slots=True)
class PayableOrder:
    """CheckPerformTransaction's yes."""

    public_id: str
    days: int
    amount_minor: int


def milliseconds(moment: datetime) -> int:
    """Since 1970."""
    return int(moment.timestamp() * 1000)


def is_timed_out(transaction: PaymeRecord, now: datetime) -> bool:
    return transaction.state == CREATED and milliseconds(now) - transaction.payme_time > LIFE_MS


async def check_perform(order_id: str, amount_minor: int, now: datetime) -> PayableOrder | PaymeRefused:
    """Whether CreateTransaction would succeed now. It changes nothing, and joins an open unit."""
    async with get_driver(alone=True) as driver:
        order, standing = await PaymeTransactionRepository(driver).payable(order_id)
    found = obstacle(view(order) if order is not None else None, ProviderName.PAYME, amount_minor, now)
    if order is None or found is not None:
        return _stopped_by(found or Obstacle.UNKNOWN, order)
    if standing is not None and not is_timed_out(standing, now):
        return PaymeRefused(PaymeRefusal.ORDER_BUSY, order.public_id)
    return PayableOrder(order.public_id, order.days, order.amount_minor)


async def check_transaction(payme_id: str) -> PaymeView | PaymeRefused:
    """How it stands. It changes nothing, and joins an open unit."""
    async with get_driver(alone=True) as driver:
        found = await PaymeTransactionRepository(driver).get(payme_id)
    return _view(found) if found is not None else PaymeRefused(PaymeRefusal.NO_TRANSACTION)


async def list_transactions(since: int, until: int) -> list[PaymeView]:
    """What PayMe began in this time by its own `time`, both ends included, in whatever state. It joins an open unit."""
    async with get_driver(alone=True) as driver:
        return [_view(one) for one in await PaymeTransactionRepository(driver).list_between(since, until)]


@dataclass(frozen=True, slots=True)
class CreatePaymeTransaction:
    """CreateTransaction: PayMe is about to debit the payer."""

    book: PaymentBook = field(default_factory=PaymentBook)

    async def __call__(self, create: PaymeCreate, now: datetime) -> PaymeView | PaymeRefused:
        """It joins an open unit. IntegrityError where the same id was created for another order at this very moment:
        whoever asks again is told what stands.
        """
        async with get_driver() as driver:
            transactions = PaymeTransactionRepository(driver)
            order = await transactions.lock_order(create.order_id)
            if order is None:
                known = await transactions.get(create.payme_id)
                return (
                    _stopped_by(Obstacle.UNKNOWN, None)
                    if known is None
                    else await self._repeated(driver, known, create, now)
                )
            standing = await transactions.lock_in_the_way(order.id, create.payme_id)
            if (same := next((one for one in standing if one.payme_id == create.payme_id), None)) is not None:
                return await self._repeated(driver, same, create, now)
            found = obstacle(view(order), ProviderName.PAYME, create.amount_minor, now)
            if found is not None:
                return _stopped_by(found, order)
            if order.kind is OrderKind.CARD_RENEWAL and not await _may_be_charged(order):
                return _stopped_by(Obstacle.CLOSED, order)
            if abs(milliseconds(now) - create.payme_time) > LIFE_MS:  # one of another day would never time out
                return PaymeRefused(PaymeRefusal.IMPOSSIBLE, order.public_id)
            became = None
            for other in standing:
                if not is_timed_out(other, now):
                    return PaymeRefused(PaymeRefusal.ORDER_BUSY, order.public_id)
                became = await _time_out(driver, self.book, other.payme_id, now)
            return await self._begin(driver, order, create, now, became)

    async def _begin(
        self, driver: Driver, order: OrderRecord, create: PaymeCreate, now: datetime, became: PaymentStatus | None
    ) -> PaymeView:
        receipt = await _receipt_of(order) if order.kind is OrderKind.CARD_RENEWAL else None
        payment = await self.book.begin(driver, order, transaction_id=create.payme_id, now=now, external_ref=receipt)
        transaction = await PaymeTransactionRepository(driver).add(
            create.payme_id,
            order_id=order.id,
            payment_id=payment.id,
            amount_minor=create.amount_minor,
            account=create.account,
            payme_time=create.payme_time,
            create_time=milliseconds(now),
        )
        return _view(transaction, became)

    async def _repeated(
        self, driver: Driver, known: PaymeRecord, create: PaymeCreate, now: datetime
    ) -> PaymeView | PaymeRefused:
        """The stored answer; another body under the same id is refused."""
        order_id = _order_id(known)
        if (order_id, known.amount_minor) != (create.order_id, create.amount_minor) or known.state != CREATED:
            return PaymeRefused(PaymeRefusal.IMPOSSIBLE, order_id)
        if not is_timed_out(known, now):
            return _view(known)
        became = await _time_out(driver, self.book, known.payme_id, now)
        return PaymeRefused(PaymeRefusal.IMPOSSIBLE, order_id, became)


@dataclass(frozen=True, slots=True)
class PerformPaymeTransaction:
    """PerformTransaction: the payer has been debited, what was bought is given."""

    book: PaymentBook = field(default_factory=PaymentBook)

    async def __call__(self, payme_id: str, now: datetime) -> PaymeView | PaymeRefused:
        """Once, however often it is asked for. It joins an open unit."""
        async with get_driver() as driver:
            held = await _lock(driver, payme_id)
            if held is None:
                return PaymeRefused(PaymeRefusal.NO_TRANSACTION)
            order, transaction = held.order, held.transaction
            if transaction.state == PERFORMED:
                return _view(transaction)
            if transaction.state != CREATED:
                return PaymeRefused(PaymeRefusal.IMPOSSIBLE, order.public_id)
            if is_timed_out(transaction, now):
                _, became = await _cancel(driver, self.book, held, TIMED_OUT, now)
                return PaymeRefused(PaymeRefusal.IMPOSSIBLE, order.public_id, became)
            if order.status is not OrderStatus.PENDING or order.parent_id is None:
                # nobody is there to give to (any more): PayMe cancels what it cannot perform, the payer keeps the money
                return PaymeRefused(PaymeRefusal.IMPOSSIBLE, order.public_id)
            performed = await PaymeTransactionRepository(driver).perform(transaction.id, milliseconds(now))
            await self.book.settle(driver, order, held.payment, now)
            return _view(performed, PaymentStatus.SUCCESS)


@dataclass(frozen=True, slots=True)
class CancelPaymeTransaction:
    """CancelTransaction: PayMe gave up before the debit, or the merchant gave the money back in PayMe's cabinet."""

    book: PaymentBook = field(default_factory=PaymentBook)

    async def __call__(self, payme_id: str, reason: int | None, now: datetime) -> PaymeView | PaymeRefused:
        """Once; reason and moment of the first time stand. It joins an open unit.

        DELIVERED where the team has said that this order is not to be given back.
        """
        async with get_driver() as driver:
            held = await _lock(driver, payme_id)
            if held is None:
                return PaymeRefused(PaymeRefusal.NO_TRANSACTION)
            if held.transaction.state < 0:
                return _view(held.transaction)
            if held.transaction.state == PERFORMED and not held.order.refundable:
                return PaymeRefused(PaymeRefusal.DELIVERED, held.order.public_id)
            return _view(*await _cancel(driver, self.book, held, reason, now))


@dataclass(frozen=True, slots=True)
class ExpirePaymeTransactions:
    """A duty of the ticker: what PayMe has neither performed nor cancelled within twelve hours releases its order."""

    book: PaymentBook = field(default_factory=PaymentBook)
    ended: Callable[[], None] = lambda: None

    async def __call__(self, now: datetime, most: int = 500) -> int:
        """How many it has cancelled, up to so many: each is a payment that failed, and `ended` is called of it.

        Each in a commit of its own, so not inside a unit of work.
        """
        async with get_driver() as driver:
            due = await PaymeTransactionRepository(driver).list_created_before(milliseconds(now) - LIFE_MS, most)

        async def end(payme_id: str) -> bool:
            async with get_driver() as driver:
                became = await _time_out(driver, self.book, payme_id, now)
            if became is None:
                return False
            self.ended()
            return True

        return await one_by_one(due, end, "payme_expiry_failed")


async def note_given_back(session: AsyncSession, order_id: int, now: datetime) -> None:
    """PayMe has cancelled a receipt that was paid: its transaction says so too, if it has any. The order is locked."""
    transactions = PaymeTransactionRepository(await driver_of(session))
    standing = await transactions.open_of_order(order_id)
    if standing is not None and standing.state == PERFORMED:
        await transactions.cancel(standing.id, state=REFUNDED, reason=GIVEN_BACK, cancel_time=milliseconds(now))


async def _may_be_charged(order: OrderRecord) -> bool:
    async with get_session() as session:
        return await may_be_charged(session, order.id)


async def _receipt_of(order: OrderRecord) -> str | None:
    async with get_session() as session:
        return await receipt_of(session, order.id)


@dataclass(frozen=True, slots=True)
class _Held:
    """All three locked, as they stood then."""

    order: OrderRecord
    transaction: PaymeRecord
    payment: PaymentRecord


async def _lock(driver: Driver, payme_id: str) -> _Held | None:
    """The order first, as everywhere; then the transaction with its payment, as they stand by now."""
    transactions = PaymeTransactionRepository(driver)
    order = await transactions.lock_order_of(payme_id)
    return _Held(order, *await transactions.lock(payme_id)) if order is not None else None


async def _time_out(driver: Driver, book: PaymentBook, payme_id: str, now: datetime) -> PaymentStatus | None:
    """Nothing where it stands otherwise by now."""
    held = await _lock(driver, payme_id)
    if held is None or not is_timed_out(held.transaction, now):
        return None
    _, became = await _cancel(driver, book, held, TIMED_OUT, now)
    return became


async def _cancel(
    driver: Driver, book: PaymentBook, held: _Held, reason: int | None, now: datetime
) -> tuple[PaymeRecord, PaymentStatus]:
    """From 1 to -1, or from 2 to -2."""
    state = REFUNDED if held.transaction.state == PERFORMED else CANCELLED
    cancelled = await PaymeTransactionRepository(driver).cancel(
        held.transaction.id, state=state, reason=reason, cancel_time=milliseconds(now)
    )
    because = f"payme_{reason}"
    async with get_session() as session:
        if state == REFUNDED:
            await book.give_back(session, held.order, held.payment, because, now)
            return cancelled, PaymentStatus.REFUNDED
        await book.fail(session, held.order, held.payment, because)
        return cancelled, PaymentStatus.FAILED


def _stopped_by(found: Obstacle, order: OrderRecord | None) -> PaymeRefused:
    return PaymeRefused(_OF_OBSTACLE[found], order.public_id if order is not None else None)


def _order_id(transaction: PaymeRecord) -> str:
    return str(transaction.account.get("order_id"))


def _view(transaction: PaymeRecord, became: PaymentStatus | None = None) -> PaymeView:
    return PaymeView(
        id=transaction.id,
        payme_id=transaction.payme_id,
        order=_order_id(transaction),
        amount_minor=transaction.amount_minor,
        account=transaction.account,
        state=transaction.state,
        reason=transaction.reason,
        payme_time=transaction.payme_time,
        create_time=transaction.create_time,
        perform_time=transaction.perform_time,
        cancel_time=transaction.cancel_time,
        became=became,
    )
