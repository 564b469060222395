"""Stars that can open nothing go back: recorded as a payment that is PENDING until Telegram has returned it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.billing.booking import PaymentBook
from mentorium_core.billing.providers import PaymentProvider, ProviderPayment
from mentorium_core.i18n import t
from mentorium_core.notifications.commands import notify
from mentorium_db import autocommit_session, get_session
from mentorium_db import jobs as stored_jobs
from mentorium_db.models import Payment
from mentorium_db.repositories import (
    LedgerRepository,
    OrderRepository,
    ParentRepository,
    PaymentRepository,
    RefundRepository,
)
from mentorium_db.tables.billing import Order
from mentorium_domain import enums
from mentorium_domain.enums import (
    Currency,
    JobKind,
    LedgerEvent,
    NotificationType,
    PaymentStatus,
    RefundStatus,
    Severity,
)
from mentorium_domain.outbox import OutboxMessage
from mentorium_kit import clock
from mentorium_observability import EventLogService

if TYPE_CHECKING:
    from mentorium_core.billing.stars import StarsCharge

TRIED_FOR: Final = timedelta(days=7)
"""The job holds a Telegram id for no longer."""


async def leave_return(
    session: AsyncSession, order: Order | None, charge: StarsCharge, because: str, first: str | None, now: datetime
) -> None:
    """Record the charge and leave the job that gives it back, in the open unit. `first`: the renewal to end with it."""
    await PaymentRepository(session).add(
        None,
        transaction_id=charge.charge_id,
        amount_minor=charge.amount,
        currency=Currency.XTR,
        provider=enums.ProviderName.TELEGRAM_STARS,
        now=now,
        external_ref=first,
        order_id=order.id if order is not None else None,
    )
    await leave_return_job(session, charge.charge_id, charge.payer_id, now)
    await EventLogService.log_payment(
        "stars_not_ours", None, because=because, order=order.public_id if order is not None else None
    )


async def leave_return_job(session: AsyncSession, charge_id: str, payer_id: int, now: datetime) -> None:
    await stored_jobs.enqueue(
        session,
        JobKind.RETURN_STARS,
        {"charge_id": charge_id, "telegram_id": payer_id, "until": (now + TRIED_FOR).isoformat()},
        dedup_key=f"return_stars:{charge_id}",
    )


async def note_returned(session: AsyncSession, payment: Payment, payer_id: int, because: str, now: datetime) -> None:
    """What gave nothing has gone back: both bookings at once. The payment is locked; who is still known is told."""
    ledger, payments = LedgerRepository(session), PaymentRepository(session)
    events = [LedgerEvent.REFUND] if payment.status is PaymentStatus.SUCCESS else list(LedgerEvent)
    for event in events:
        await ledger.book(
            payment.id,
            event,
            provider=payment.provider,
            amount_minor=payment.amount_minor,
            currency=payment.currency,
            now=now,
        )
    await payments.mark(payment.id, PaymentStatus.REFUNDED, refunded_at=now)
    await EventLogService.log_payment("payment_refunded", None, provider=payment.provider, reason=because, gave=False)
    parent = await ParentRepository(session).get_by_telegram_id(payer_id)
    if parent is not None:
        message = OutboxMessage(
            telegram_id=payer_id,
            kind=NotificationType.PAYMENT,
            message=t(parent.language, "stars-returned", stars=payment.amount_minor),
            dedup_key=f"payment:refunded:{payment.id}",
            send_at=now,
        )
        await notify([message])


@dataclass(frozen=True, slots=True)
class ReturnStars:
    """The job's part: Telegram gives back a charge that gave nothing, and ends what it would renew. So it does with one
    that the team was giving back when its payer had everything deleted.
    """

    stars: PaymentProvider
    book: PaymentBook = field(default_factory=PaymentBook)

    async def __call__(self, charge_id: str, payer_id: int, until: datetime) -> bool:
        """Whether it was given back just now. UnavailableError, OutcomeUnknownError: to be done again.

        What had been given back before counts as done, so it is asked for again and nothing is asked first.
        """
        async with autocommit_session() as session:
            payment = await PaymentRepository(session).get_by_transaction_id(charge_id)
            promised = await _is_promised(session, payment) if payment is not None else False
        if payment is None or payment.status is PaymentStatus.REFUNDED:
            return False
        if payment.status is PaymentStatus.SUCCESS and not promised:
            return False
        if clock.now() > until:
            await self._tell_team(payment.id, "not_in_time")
            return False
        refused = await self.stars.refund(
            ProviderPayment(
                payment_id=payment.id,
                transaction_id=charge_id,
                external_ref=payment.external_ref,
                amount_minor=payment.amount_minor,
                currency=payment.currency,
                payer_id=payer_id,
            )
        )
        if refused is not None:
            await self._tell_team(payment.id, refused.problem)
            return False
        async with get_session() as session:
            order = await OrderRepository(session).lock_by_id(payment.order_id) if payment.order_id else None
            locked = await PaymentRepository(session).lock(payment.id)
            returned = locked.status is not PaymentStatus.REFUNDED  # else Telegram's update was here before
            if returned and promised and order is not None:
                await self.book.give_back(session, order, locked, "refund", clock.now())
            elif returned:
                await note_returned(session, locked, payer_id, "stars_not_ours", clock.now())
            if promised:
                await _keep_promise(session, locked)
        return returned

    async def _tell_team(self, payment_id: int, problem: str) -> None:
        """The daily reconciliation leaves the job once more, as long as Telegram's list shows the money with us."""
        await EventLogService.log_system(
            "stars_not_returned", severity=Severity.CRITICAL, payment=payment_id, problem=problem[:200]
        )


async def _is_promised(session: AsyncSession, payment: Payment) -> bool:
    """Whether the team was giving it back, and its payer is known to nobody but the job."""
    return payment.parent_id is None and await RefundRepository(session).of_payment(payment.id) is not None


async def _keep_promise(session: AsyncSession, payment: Payment) -> None:
    refunds = RefundRepository(session)
    if (refund := await refunds.of_payment(payment.id)) is not None:
        await refunds.mark(refund.id, RefundStatus.DONE, done_at=clock.now())
