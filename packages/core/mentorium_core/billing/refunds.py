"""Refunds by the team: asked for in one commit, told to the provider by a job, done only when the provider says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.billing.booking import PaymentBook
from mentorium_core.billing.orders import as_public_id
from mentorium_core.billing.payme import note_given_back
from mentorium_core.billing.providers import (
    MoneyState,
    PaymentProvider,
    ProviderPayment,
    ProviderRegistry,
    RefundRefused,
)
from mentorium_core.billing.stars import RENEWED_LATE
from mentorium_core.billing.stars_renewal import end_renewal_of
from mentorium_db import get_session, jobs
from mentorium_db.models import Payment
from mentorium_db.repositories import (
    OrderRepository,
    ParentRepository,
    PaymentRepository,
    RefundRepository,
    StarsSubscriptionRepository,
)
from mentorium_db.repositories.refund import UNDER_WAY
from mentorium_db.tables.billing import Order, Refund
from mentorium_domain.enums import JobKind, PaymentStatus, RefundStatus, Severity
from mentorium_kit import clock
from mentorium_kit.errors import NotFoundError, OutcomeUnknownError, RefusedError, UnavailableError
from mentorium_observability import EventLogService


class NoPaymentError(NotFoundError):
    """There is no payment with this transaction id, or it has no order."""


class DoubleBenefitError(RefusedError):
    """Days or money were given for it already: money and days are not both given for one trouble."""


@dataclass(frozen=True, slots=True)
class RefundView:
    refund_id: int
    status: RefundStatus
    problem: str | None


async def request_refund(
    transaction_id: str,
    reason: str,
    operator: str,
    now: datetime | None = None,
    *,
    despite_extension: bool = False,
    again: bool = False,
) -> RefundView:
    """Ask for the whole payment back. Repeated, it is the refund that stands; one that failed is tried `again`.

    `transaction_id`: or the id of its order, as a person types it. NoPaymentError; RefusedError for a payment that did
    not succeed, for an order that is not to be given back (`keep_money`), and without reason or operator; DoubleBenefitError
    where its parent was given days without payment since, unless `despite_extension`.
    """
    if not reason.strip() or not operator.strip():
        raise RefusedError("refund_without_reason")
    moment = now or clock.now()
    async with get_session() as session:
        order, payment = await _lock(session, transaction_id)
        refunds = RefundRepository(session)
        if payment.status is not PaymentStatus.REFUNDED:
            if not order.refundable:
                raise RefusedError("order_not_refundable", order=order.public_id)
            if payment.status is not PaymentStatus.SUCCESS:
                raise RefusedError("payment_not_made", status=payment.status)
            if payment.parent_id is not None and not despite_extension:
                await ParentRepository(session).lock(payment.parent_id)
                if await refunds.was_extended_after(payment.parent_id, payment.paid_at or payment.created_at):
                    raise DoubleBenefitError("extended_already")
        who = operator.strip()[:100]
        refund = await refunds.ask(payment.id, reason=reason.strip(), requested_by=who, now=moment, again=again)
        if payment.status is PaymentStatus.REFUNDED:  # the provider has told of it before
            await refunds.mark(refund.id, RefundStatus.DONE, done_at=moment)
            return RefundView(refund.id, RefundStatus.DONE, None)
        if refund.status in UNDER_WAY:  # also where its job was given up while nobody knew what had become of it
            await jobs.enqueue(
                session, JobKind.REFUND_PAYMENT, {"refund_id": refund.id}, dedup_key=f"refund:{refund.id}"
            )
        if refund.status is RefundStatus.REQUESTED:
            await EventLogService.log_payment(
                "refund_requested", None, order=order.public_id, provider=order.provider, operator=refund.requested_by
            )
        return RefundView(refund.id, refund.status, refund.problem)


async def keep_money(named: str, reason: str, operator: str, *, is_kept: bool) -> str:
    """The team has settled an order otherwise: its money stays, whoever asks for it back. Or, again, it may go.

    `named`: an order's id or a transaction; the order's id. PayMe then hears -31007 from its own refund button; Stars
    and Click, which ask nobody, are not kept from giving back what they like. NoPaymentError.
    """
    if not reason.strip() or not operator.strip():
        raise RefusedError("refund_without_reason")
    async with get_session() as session:
        order = await _lock_order(session, named)
        await OrderRepository(session).set_refundable(order.id, refundable=not is_kept)
        await EventLogService.log_payment(
            "order_not_refundable" if is_kept else "order_refundable",
            None,
            order=order.public_id,
            provider=order.provider,
            operator=operator.strip()[:100],
            reason=reason.strip(),
        )
        return order.public_id


@dataclass(frozen=True, slots=True)
class RefundAtProvider:
    """The job that gives a payment back. Run twice, or after a lost answer, it gives nothing back twice."""

    providers: ProviderRegistry
    book: PaymentBook = field(default_factory=PaymentBook)

    async def __call__(self, refund_id: int) -> RefundStatus:
        """How it stands now. UnavailableError, OutcomeUnknownError: to be run again."""
        async with get_session() as session:
            asked = await self._asked(session, refund_id)
        if asked is None:
            return RefundStatus.DONE
        refund, payment, stands, provider = asked
        if stands is PaymentStatus.REFUNDED:  # the provider's own call was here before
            return await self._done(refund_id)
        if provider is None:
            return await self._failed(refund_id, "provider_not_offered")
        if refund.status is RefundStatus.UNKNOWN and provider.terms.tells_status:
            where = await provider.status(payment)
            if where is MoneyState.RETURNED:
                return await self._done(refund_id)
            if where is MoneyState.UNKNOWN:
                raise UnavailableError("refund_state_unknown")
        async with get_session() as session:  # before the call: whoever is killed in it is asked about it
            await RefundRepository(session).mark(refund_id, RefundStatus.UNKNOWN)
        try:
            refused: RefundRefused | None = await provider.refund(payment)
        except OutcomeUnknownError:
            raise
        except UnavailableError:
            async with get_session() as session:
                await RefundRepository(session).mark(refund_id, RefundStatus.REQUESTED)
            raise
        if refused is not None:
            return await self._failed(refund_id, refused.problem)
        return await self._done(refund_id)

    async def _asked(
        self, session: AsyncSession, refund_id: int
    ) -> tuple[Refund, ProviderPayment, PaymentStatus, PaymentProvider | None] | None:
        refund = await RefundRepository(session).get(refund_id)
        if refund is None or refund.status in {RefundStatus.DONE, RefundStatus.FAILED}:
            return None
        payment = await PaymentRepository(session).get(refund.payment_id)
        if payment is None:
            return None
        parent = await ParentRepository(session).get(payment.parent_id) if payment.parent_id is not None else None
        known = ProviderPayment(
            payment_id=payment.id,
            transaction_id=payment.transaction_id or "",
            external_ref=payment.external_ref,
            amount_minor=payment.amount_minor,
            currency=payment.currency,
            payer_id=parent.telegram_id if parent is not None else None,
        )
        return refund, known, payment.status, self.providers.get(payment.provider)

    async def _done(self, refund_id: int) -> RefundStatus:
        now = clock.now()
        async with get_session() as session:
            refund = await RefundRepository(session).get(refund_id)
            assert refund is not None
            payment = await PaymentRepository(session).get(refund.payment_id)
            assert payment is not None
            order, locked = await _lock(session, payment.transaction_id or "")
            await self.book.give_back(session, order, locked, "refund", now)
            await self._end_renewal(session, order, now)
            await note_given_back(session, order.id, now)
            await RefundRepository(session).mark(refund_id, RefundStatus.DONE, done_at=now)
        return RefundStatus.DONE

    async def _end_renewal(self, session: AsyncSession, order: Order, now: datetime) -> None:
        """What Telegram would renew has ended with the money, here as there; its update may come later, or never."""
        at_telegram = await StarsSubscriptionRepository(session).lock_of_order(order.id)
        if at_telegram is not None and at_telegram.period_ends_at > now - RENEWED_LATE:
            parent = await ParentRepository(session).lock(at_telegram.parent_id)
            await end_renewal_of(session, at_telegram, parent.telegram_id, now)

    async def _failed(self, refund_id: int, problem: str) -> RefundStatus:
        async with get_session() as session:
            await RefundRepository(session).mark(refund_id, RefundStatus.FAILED, problem=problem[:200])
            await EventLogService.log_system(
                "refund_failed", severity=Severity.ERROR, refund=refund_id, problem=problem[:200]
            )
        return RefundStatus.FAILED


async def _lock_order(session: AsyncSession, named: str) -> Order:
    """By a payment's transaction id, or the order's own as a person types it."""
    orders = OrderRepository(session)
    found = await PaymentRepository(session).get_by_transaction_id(named)
    if found is not None:
        order = await orders.lock_by_id(found.order_id) if found.order_id is not None else None
    else:
        public_id = as_public_id(named)
        order = await orders.lock(public_id) if public_id is not None else None
    if order is None:
        raise NoPaymentError("payment_unknown")
    return order


async def _lock(session: AsyncSession, named: str) -> tuple[Order, Payment]:
    """The order, then the payment, locked. Of an order that was tried more than once, what succeeded, or the last."""
    order, payments = await _lock_order(session, named), PaymentRepository(session)
    found = await payments.get_by_transaction_id(named)
    if found is None:
        tried = await payments.list_of_order(order.id)
        found = max(tried, key=lambda one: (one.status is PaymentStatus.SUCCESS, one.id), default=None)
    if found is None:
        raise NoPaymentError("payment_unknown")
    return order, await payments.lock(found.id)
