"""Click's SHOP-API: what Prepare and Complete do, each in the caller's unit of work, under the order's lock.

Locks: order, attempt with its payment, parent, subscription. What is asked of Click itself is `click_jobs`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.billing.booking import PaymentBook
from mentorium_core.billing.click_rules import (
    NO_COMMISSION,
    ClickAttempt,
    ClickCall,
    ClickCode,
    ClickOutcome,
    ClickStep,
    complete_step,
    prepare_code,
)
from mentorium_core.billing.orders import view
from mentorium_db import get_session, jobs
from mentorium_db.repositories import ClickTransactionRepository, OrderRepository, PaymentRepository
from mentorium_db.tables.billing import Order
from mentorium_db.tables.payments import ClickTransaction
from mentorium_domain.enums import ClickStatus, JobKind, OrderStatus, PaymentStatus
from mentorium_kit import clock
from mentorium_kit.errors import ConflictError
from mentorium_observability import EventLogService, get_logger

ASKED_AFTER: Final = timedelta(minutes=15)
"""An attempt that is prepared and not completed by then is asked about at Click."""

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PrepareClickPayment:
    """May this order be debited? One that may has a PREPARED attempt and a PENDING payment after it.

    `commission_percent`: what Click may add to the price, on the payer's side; the books know the price alone.
    """

    book: PaymentBook = field(default_factory=PaymentBook)
    commission_percent: Decimal = NO_COMMISSION

    async def __call__(self, call: ClickCall, now: datetime | None = None) -> ClickOutcome:
        """Repeated, it is the attempt that was prepared before. It joins the open unit of work.

        ConflictError where another order is being prepared under the same click_trans_id: repeated, it is refused.
        """
        moment = now or clock.now()
        async with get_session() as session:
            order = await OrderRepository(session).lock(call.order_public_id)
            attempts = ClickTransactionRepository(session)
            stored = await attempts.lock_by_trans_id(call.service_id, call.click_trans_id) if order else None
            code = prepare_code(
                view(order) if order else None,
                seen(stored) if stored is not None else None,
                call,
                moment,
                commission_percent=self.commission_percent,
            )
            if code is not ClickCode.SUCCESS or order is None:
                return ClickOutcome(code)
            if stored is None:
                try:
                    stored = await self._begin(session, order, call, moment)
                except IntegrityError as error:  # another order is being prepared under this click_trans_id
                    raise ConflictError("click_attempt_known") from error
            return ClickOutcome(code, stored.id)

    async def _begin(self, session: AsyncSession, order: Order, call: ClickCall, now: datetime) -> ClickTransaction:
        payment = await self.book.begin(
            session,
            order,
            transaction_id=f"click:{call.service_id}:{call.click_trans_id}",
            now=now,
            external_ref=str(call.click_paydoc_id),
        )
        return await ClickTransactionRepository(session).add(
            service_id=call.service_id,
            click_trans_id=call.click_trans_id,
            click_paydoc_id=call.click_paydoc_id,
            order_id=order.id,
            payment_id=payment.id,
            amount_minor=call.amount_minor,
            now=now,
            next_check_at=now + ASKED_AFTER,
        )


@dataclass(frozen=True, slots=True)
class CompleteClickPayment:
    """Click has debited, or given up. `strict`: Complete has to name the click_trans_id of its Prepare."""

    book: PaymentBook = field(default_factory=PaymentBook)
    strict: bool = False

    async def __call__(self, call: ClickCall, now: datetime | None = None) -> ClickOutcome:
        """Repeated, nothing is given again. It joins the open unit of work."""
        moment = now or clock.now()
        async with get_session() as session:
            order = await OrderRepository(session).lock(call.order_public_id)
            stored = await ClickTransactionRepository(session).lock(call.prepare_id or 0) if order else None
            code, step = complete_step(
                view(order) if order else None,
                seen(stored) if stored is not None else None,
                call,
                strict=self.strict,
            )
            if step is ClickStep.NOTHING or order is None or stored is None:
                confirmed = stored is not None and code is ClickCode.ALREADY_PAID
                return ClickOutcome(code, stored.id if stored is not None and confirmed else None)
            became = await self._do(session, step, order, stored, call, moment)
            return ClickOutcome(code, stored.id if code is ClickCode.SUCCESS else None, became)

    async def _do(
        self,
        session: AsyncSession,
        step: ClickStep,
        order: Order,
        attempt: ClickTransaction,
        call: ClickCall,
        now: datetime,
    ) -> PaymentStatus | None:
        _note_other_attempt(attempt, call)
        if step is ClickStep.CONFIRM:
            return await confirm(session, self.book, order, attempt, now, complete_trans_id=call.click_trans_id)
        if step is ClickStep.SURPLUS:
            return await take_surplus(session, self.book, order, attempt, now, complete_trans_id=call.click_trans_id)
        if step is ClickStep.CANCEL:
            return await cancel(session, self.book, order, attempt, now, error=call.error)
        if attempt.reversal_reported_at is None:
            await ClickTransactionRepository(session).change(
                attempt.id, reversal_reported_at=now, error=call.error, next_check_at=now
            )
            await EventLogService.log_payment(
                "click_reversal_reported", None, order=order.public_id, attempt=attempt.id, error=call.error
            )
        return None


async def confirm(
    session: AsyncSession,
    book: PaymentBook,
    order: Order,
    attempt: ClickTransaction,
    now: datetime,
    *,
    complete_trans_id: int | None = None,
) -> PaymentStatus:
    """The money of a PREPARED attempt is there, and opens what was bought. Order and attempt are locked."""
    payment = await PaymentRepository(session).lock(attempt.payment_id)
    await book.settle(session, order, payment, now)
    return await _debited(session, attempt, ClickStatus.CONFIRMED, JobKind.CLICK_RECEIPT, complete_trans_id, now)


async def take_surplus(
    session: AsyncSession,
    book: PaymentBook,
    order: Order,
    attempt: ClickTransaction,
    now: datetime,
    *,
    complete_trans_id: int | None = None,
) -> PaymentStatus:
    """The money of a PREPARED attempt is there and opens nothing, so it goes back. Order and attempt are locked."""
    payment = await PaymentRepository(session).lock(attempt.payment_id)
    await book.take_surplus(session, order, payment, now)
    return await _debited(session, attempt, ClickStatus.DUPLICATE, JobKind.CLICK_REVERSAL, complete_trans_id, now)


async def _debited(
    session: AsyncSession,
    attempt: ClickTransaction,
    status: ClickStatus,
    then: JobKind,
    complete_trans_id: int | None,
    now: datetime,
) -> PaymentStatus:
    """Write down what a debited attempt is, and leave the job that follows from it."""
    await ClickTransactionRepository(session).change(
        attempt.id,
        status=status,
        confirmed_at=now,
        complete_trans_id=complete_trans_id if complete_trans_id != attempt.click_trans_id else None,
        next_check_at=None,
    )
    await jobs.enqueue(session, then, {"attempt_id": attempt.id}, dedup_key=f"{then}:{attempt.id}")
    return PaymentStatus.SUCCESS


async def cancel(
    session: AsyncSession, book: PaymentBook, order: Order, attempt: ClickTransaction, now: datetime, *, error: int
) -> PaymentStatus:
    """A PREPARED attempt that Click has given up: the order may be paid anew. Order and attempt are locked.

    Where the order has been paid by another attempt meanwhile, nobody is told that it was not.
    """
    payment = await PaymentRepository(session).lock(attempt.payment_id)
    if order.status is OrderStatus.PENDING:
        await book.fail(session, order, payment, f"click {error}")
    else:
        await PaymentRepository(session).mark(payment.id, PaymentStatus.FAILED)
    await ClickTransactionRepository(session).change(
        attempt.id, status=ClickStatus.CANCELLED, cancelled_at=now, error=error, next_check_at=None
    )
    return PaymentStatus.FAILED


def seen(attempt: ClickTransaction) -> ClickAttempt:
    return ClickAttempt(attempt.id, attempt.order_id, attempt.click_trans_id, attempt.amount_minor, attempt.status)


def _note_other_attempt(attempt: ClickTransaction, call: ClickCall) -> None:
    """Click itself keeps to one number from Prepare to Complete; its tools for testing do not."""
    if attempt.click_trans_id != call.click_trans_id or attempt.click_paydoc_id != call.click_paydoc_id:
        logger.warning(
            "click_names_another_attempt",
            attempt=attempt.id,
            prepared=attempt.click_trans_id,
            completed=call.click_trans_id,
            paydoc_prepared=attempt.click_paydoc_id,
            paydoc_completed=call.click_paydoc_id,
        )
