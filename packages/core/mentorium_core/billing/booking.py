"""Booking: what a payment changes, in one commit with the provider's own row. Every provider comes through here.

Locks are taken in one order in the whole house: order, the provider's transaction (with its payment), parent,
subscription. Whoever calls these functions holds the first two.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.billing.entitlement import Gift, give, take_back
from mentorium_core.billing.failures import Failure, failure_of
from mentorium_core.billing.model import GRACE, ORDER_LIFE, Granted
from mentorium_core.billing.stars_renewal import renews, show_renewal
from mentorium_core.billing.texts import amount_text, tariff_title
from mentorium_core.i18n import format_date_long, t
from mentorium_core.notifications.commands import notify
from mentorium_core.notifications.quiet_hours import in_the_day
from mentorium_db import driver_of, get_session, jobs
from mentorium_db.models import Parent, Payment
from mentorium_db.repositories import (
    LedgerRepository,
    OrderRepository,
    ParentRepository,
    PaymentRepository,
    SavedCardRepository,
)
from mentorium_db.repositories.settlement import SettlementRepository
from mentorium_db.repositories.subscription import SubscriptionRepository
from mentorium_db.tables.billing import Order
from mentorium_db.units import Driver
from mentorium_domain.enums import (
    JobKind,
    LedgerEvent,
    NotificationType,
    OrderKind,
    OrderStatus,
    PaymentStatus,
    ProviderName,
    Severity,
)
from mentorium_domain.outbox import Buttons, MessageButton, OutboxMessage
from mentorium_domain.payments import OrderRecord, PayerRecord, PaymentRecord
from mentorium_kit import clock
from mentorium_kit.errors import RefusedError
from mentorium_observability import EventLogService

AnyOrder: TypeAlias = Order | OrderRecord
AnyPayment: TypeAlias = Payment | PaymentRecord
AnyParent: TypeAlias = Parent | PayerRecord


class OrderWithoutOwnerError(RefusedError):
    """The parent has had everything deleted: money for this order can open nothing, and goes back."""


@dataclass(frozen=True, slots=True)
class PaymentBook:
    """`grace`: how long access outlives what was paid for. `offers_card`: who has paid at PayMe, and is charged by
    nobody again, is asked whether a card may renew it.
    """

    grace: timedelta = GRACE
    offers_card: bool = False

    async def begin(
        self,
        session: AsyncSession | Driver,
        order: AnyOrder,
        *,
        transaction_id: str,
        now: datetime,
        external_ref: str | None = None,
    ) -> PaymentRecord:
        """A PENDING payment of a locked order. `transaction_id`: the provider's own, unique among all."""
        return await SettlementRepository(await driver_of(session)).begin(
            parent_id=order.parent_id,
            order_id=order.id,
            transaction_id=transaction_id,
            amount_minor=order.amount_minor,
            currency=order.currency,
            provider=order.provider,
            external_ref=external_ref,
            now=now,
        )

    async def settle(
        self,
        session: AsyncSession | Driver,
        order: AnyOrder,
        payment: AnyPayment,
        now: datetime,
        *,
        until: datetime | None = None,
        renewal: bool = False,
    ) -> Granted:
        """The money is there: access, books, the parent's notice and an event, with the order paid. Once a payment.

        `until`: the provider's own end of the period. `renewal`: nobody pressed a button. OrderWithoutOwnerError:
        nobody is there to give to. What a session has read of order, payment and subscription before is not told of it.
        """
        if order.parent_id is None:
            raise OrderWithoutOwnerError("order_without_owner", order=order.public_id)
        driver = await driver_of(session)
        settlement = SettlementRepository(driver)
        parent = await settlement.lock_parent(order.parent_id)
        subscription_id, granted = await give(driver, parent.id, _gift(order, payment, until), now, self.grace)
        again = await settlement.settle(
            payment,
            order_id=order.id,
            parent_id=parent.id,
            subscription_id=subscription_id,
            now=now,
            since=now - ORDER_LIFE,
        )
        by_itself = renewal or order.kind is OrderKind.CARD_RENEWAL
        if (charged_again := await renews(driver, parent.id, now)) and not granted.extended:
            await self._show_renewal(parent.id, now)
        await _tell(
            parent,
            _thanks(again=again, renewal=by_itself),
            f"payment:received:{payment.id}",
            granted.expires_at,
            by_day=by_itself,
            buttons=self._card_button(order, parent, charged_again=charged_again),
            what=tariff_title(parent.language, order.tariff),
            amount=amount_text(parent.language, payment.amount_minor, payment.currency),
        )
        await _log_success(parent.telegram_id, order, payment)
        return granted

    async def _show_renewal(self, parent_id: int, now: datetime) -> None:
        async with get_session() as session:
            await show_renewal(session, parent_id, now)

    def _card_button(self, order: AnyOrder, parent: AnyParent, *, charged_again: bool) -> Buttons:
        if not self.offers_card or order.provider is not ProviderName.PAYME or charged_again:
            return ()
        return ((MessageButton(t(parent.language, "card-on-button"), data=f"renew:on:{order.tariff}"),),)

    async def fail(self, session: AsyncSession, order: AnyOrder, payment: AnyPayment, because: str) -> None:
        """The provider gave up before any money moved: the order may be paid anew, while it lives.

        Whoever has paid another one since it was begun is not told that they have not, nor sent to pay again.
        """
        await PaymentRepository(session).mark(payment.id, PaymentStatus.FAILED)
        telegram_id = None
        if order.parent_id is not None and (parent := await ParentRepository(session).get(order.parent_id)) is not None:
            telegram_id = parent.telegram_id
            renewal = order.kind is OrderKind.CARD_RENEWAL  # of that they hear when it is tried next (`card_notices`)
            if not renewal and not await _has_paid_since(session, parent.id, payment.created_at):
                way_on = MessageButton(t(parent.language, "payment-way-on-button"), data=f"tariff:{order.tariff}")
                failure, key = failure_of(because), f"payment:failed:{payment.id}"
                # that nothing came of it in time nobody has caused just now
                by_day = failure is Failure.TOO_LATE
                await _tell(parent, failure, key, None, by_day=by_day, buttons=((way_on,),))
        await EventLogService.log_payment(
            "payment_failed", telegram_id, provider=order.provider, order=order.public_id, reason=because
        )

    async def give_back(
        self,
        session: AsyncSession,
        order: AnyOrder,
        payment: AnyPayment,
        because: str,
        now: datetime,
    ) -> None:
        """The money has gone back: exactly what this payment gave is taken back, and the books say so. Harmless twice.

        One that gave nothing beside one that did (a surplus) leaves the order paid. Where its parent has had everything
        deleted there is no access to take back, and nobody to tell.
        """
        if payment.status is PaymentStatus.REFUNDED:
            return
        if await self._is_surplus(session, order, payment):
            await self.return_surplus(session, order, payment, now)
            return
        parent = await ParentRepository(session).lock(order.parent_id) if order.parent_id is not None else None
        await PaymentRepository(session).mark(payment.id, PaymentStatus.REFUNDED, refunded_at=now)
        await self._book(session, payment, LedgerEvent.REFUND, now)
        await OrderRepository(session).set_status(order.id, OrderStatus.REFUNDED)
        if parent is None:
            await EventLogService.log_payment(
                "payment_refunded", None, provider=order.provider, order=order.public_id, reason=because, owner="erased"
            )
            return
        grant = await SubscriptionRepository(session).grant_of_payment(payment.id)
        if grant is not None:
            await take_back(session, grant, because, now)
        await leave_end_of_card_renewal(session, parent.id)
        until = await _open_until(session, parent.id, now)
        key = "payment-refunded-some-left" if until is not None else "payment-refunded"
        await _tell(parent, key, f"payment:refunded:{payment.id}", until)
        await EventLogService.log_payment(
            "payment_refunded", parent.telegram_id, provider=order.provider, order=order.public_id, reason=because
        )

    async def take_surplus(self, session: AsyncSession, order: AnyOrder, payment: AnyPayment, now: datetime) -> None:
        """Money that was debited and can open nothing: the order is paid already, or nobody is left to give to.

        It is booked as received, gives no day, and stands out in the nightly check until it has gone back.
        """
        await PaymentRepository(session).mark(payment.id, PaymentStatus.SUCCESS, paid_at=now)
        await self._book(session, payment, LedgerEvent.PAYMENT, now)
        parent = await ParentRepository(session).get(order.parent_id) if order.parent_id is not None else None
        if parent is not None:
            await _tell(parent, "payment-twice", f"payment:twice:{payment.id}", None)
        await EventLogService.log_system(
            "duplicate_payment",
            parent.telegram_id if parent is not None else None,
            severity=Severity.WARNING,
            provider=order.provider,
            order=order.public_id,
            payment=payment.id,
            amount_minor=payment.amount_minor,
        )

    async def return_surplus(self, session: AsyncSession, order: AnyOrder, payment: AnyPayment, now: datetime) -> None:
        """What `take_surplus` took has gone back; the order stays as it is. Harmless twice."""
        if payment.status is PaymentStatus.REFUNDED:
            return
        await PaymentRepository(session).mark(payment.id, PaymentStatus.REFUNDED, refunded_at=now)
        await self._book(session, payment, LedgerEvent.REFUND, now)
        parent = await ParentRepository(session).get(order.parent_id) if order.parent_id is not None else None
        if parent is not None:
            await _tell(parent, "payment-twice-returned", f"payment:refunded:{payment.id}", None)
        await EventLogService.log_payment(
            "payment_refunded",
            parent.telegram_id if parent is not None else None,
            provider=order.provider,
            order=order.public_id,
            reason="duplicate",
        )

    async def _is_surplus(self, session: AsyncSession, order: AnyOrder, payment: AnyPayment) -> bool:
        """Whether it opened nothing, and the order is paid by another one."""
        if await SubscriptionRepository(session).grant_of_payment(payment.id) is not None:
            return False
        of_order = await PaymentRepository(session).list_of_order(order.id)
        return any(one.id != payment.id and one.status is PaymentStatus.SUCCESS for one in of_order)

    async def _book(self, session: AsyncSession, payment: AnyPayment, event: LedgerEvent, now: datetime) -> None:
        await LedgerRepository(session).book(
            payment.id,
            event,
            provider=payment.provider,
            amount_minor=payment.amount_minor,
            currency=payment.currency,
            now=now,
        )


async def _open_until(session: AsyncSession, parent_id: int, now: datetime) -> datetime | None:
    """Until when what else the parent has paid for, or was given, stays open; None: nothing does."""
    standing = await SubscriptionRepository(session).active_for_parent(parent_id)
    return standing.expires_at if standing is not None and standing.expires_at > now else None


async def _has_paid_since(session: AsyncSession, parent_id: int, moment: datetime) -> bool:
    paid = await PaymentRepository(session).list_for_parent(parent_id)
    return any(
        one.status is PaymentStatus.SUCCESS and one.paid_at is not None and one.paid_at >= moment for one in paid
    )


def _thanks(*, again: bool, renewal: bool) -> str:
    """The sentence for money that has come; `again`: so shortly after another payment that it may be a mistake."""
    return f"payment-{'renewed' if renewal else 'received'}{'-again' if again else ''}"


async def leave_end_of_card_renewal(session: AsyncSession, parent_id: int) -> None:
    """Who has their money back is charged no more: the job that removes the card, where one stands."""
    if (card := await SavedCardRepository(session).standing(parent_id)) is not None:
        await jobs.enqueue(
            session, JobKind.END_CARD_RENEWAL, {"card_id": card.id}, dedup_key=f"end_card_renewal:{card.id}"
        )


def _gift(order: AnyOrder, payment: AnyPayment, until: datetime | None) -> Gift:
    return Gift(
        tariff=order.tariff,
        days=order.days,
        reason="payment",
        granted_by=order.provider,
        request_key=f"payment:{payment.id}",
        payment_id=payment.id,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        until=until,
    )


async def _log_success(telegram_id: int, order: AnyOrder, payment: AnyPayment) -> None:
    await EventLogService.log_payment(
        "payment_success",
        telegram_id,
        provider=order.provider,
        order=order.public_id,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
    )


async def _tell(
    parent: AnyParent,
    text_key: str,
    dedup_key: str,
    until: datetime | None,
    *,
    by_day: bool = False,
    buttons: Buttons = (),
    **said: str,
) -> None:
    if until is not None:
        said["until"] = format_date_long(parent.language, clock.local_day(until))
    await notify(
        [
            OutboxMessage(
                telegram_id=parent.telegram_id,
                kind=NotificationType.PAYMENT,
                message=t(parent.language, text_key, **said),
                dedup_key=dedup_key,
                send_at=in_the_day(clock.now()) if by_day else clock.now(),
                buttons=buttons,
            )
        ]
    )
