"""Booking: what a payment changes, in one commit with the provider's own row. Every provider comes through here.

Locks are taken in one order in the whole house: order, the provider's transaction (with its payment), parent,
subscription. Whoever calls these functions holds the first two.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.billing.entitlement import Gift, give, take_back
from mentorium_core.billing.failures import failure_of
from mentorium_core.billing.model import GRACE, ORDER_LIFE, Granted
from mentorium_core.billing.stars_renewal import renews, show_renewal
from mentorium_core.billing.texts import tariff_title
from mentorium_core.i18n import format_date_long, t
from mentorium_core.notifications.commands import notify
from mentorium_db import jobs
from mentorium_db.models import Parent, Payment
from mentorium_db.repositories import (
    LedgerRepository,
    OrderRepository,
    ParentRepository,
    PaymentRepository,
    SavedCardRepository,
)
from mentorium_db.repositories.subscription import SubscriptionRepository
from mentorium_db.tables.billing import Order
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
from mentorium_kit import clock
from mentorium_kit.errors import RefusedError
from mentorium_observability import EventLogService


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
        session: AsyncSession,
        order: Order,
        *,
        transaction_id: str,
        now: datetime,
        external_ref: str | None = None,
    ) -> Payment:
        """A PENDING payment of a locked order. `transaction_id`: the provider's own, unique among all."""
        return await PaymentRepository(session).add(
            order.parent_id,
            transaction_id=transaction_id,
            amount_minor=order.amount_minor,
            currency=order.currency,
            provider=order.provider,
            now=now,
            external_ref=external_ref,
            order_id=order.id,
        )

    async def settle(
        self, session: AsyncSession, order: Order, payment: Payment, now: datetime, *, until: datetime | None = None
    ) -> Granted:
        """The money is there: access, books, the parent's notice and an event, with the order paid. Once a payment.

        `until`: the provider's own end of the paid period. OrderWithoutOwnerError where there is nobody to give to.
        """
        if order.parent_id is None:
            raise OrderWithoutOwnerError("order_without_owner", order=order.public_id)
        parent = await ParentRepository(session).lock(order.parent_id)
        gift = Gift(
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
        text = await _thanks(session, order, parent.id, now)
        subscription_id, granted = await give(session, parent.id, gift, now, self.grace)
        if not granted.extended:
            await show_renewal(session, parent.id, now)
        await PaymentRepository(session).mark(
            payment.id, PaymentStatus.SUCCESS, paid_at=now, subscription_id=subscription_id
        )
        if order.status is OrderStatus.PENDING:
            await OrderRepository(session).set_status(order.id, OrderStatus.PAID, paid_at=now)
        await self._book(session, payment, LedgerEvent.PAYMENT, now)
        await _tell(
            parent,
            text,
            f"payment:received:{payment.id}",
            granted.expires_at,
            buttons=await self._card_button(session, order, parent, now),
            what=tariff_title(parent.language, order.tariff),
        )
        await EventLogService.log_payment(
            "payment_success",
            parent.telegram_id,
            provider=order.provider,
            order=order.public_id,
            amount_minor=payment.amount_minor,
            currency=payment.currency,
        )
        return granted

    async def _card_button(self, session: AsyncSession, order: Order, parent: Parent, now: datetime) -> Buttons:
        if not self.offers_card or order.provider is not ProviderName.PAYME or await renews(session, parent.id, now):
            return ()
        return ((MessageButton(t(parent.language, "card-on-button"), data=f"renew:on:{order.tariff}"),),)

    async def fail(self, session: AsyncSession, order: Order, payment: Payment, because: str) -> None:
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
                await _tell(parent, failure_of(because), f"payment:failed:{payment.id}", None, buttons=((way_on,),))
        await EventLogService.log_payment(
            "payment_failed", telegram_id, provider=order.provider, order=order.public_id, reason=because
        )

    async def give_back(
        self, session: AsyncSession, order: Order, payment: Payment, because: str, now: datetime
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

    async def take_surplus(self, session: AsyncSession, order: Order, payment: Payment, now: datetime) -> None:
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

    async def return_surplus(self, session: AsyncSession, order: Order, payment: Payment, now: datetime) -> None:
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

    async def _is_surplus(self, session: AsyncSession, order: Order, payment: Payment) -> bool:
        """Whether it opened nothing, and the order is paid by another one."""
        if await SubscriptionRepository(session).grant_of_payment(payment.id) is not None:
            return False
        of_order = await PaymentRepository(session).list_of_order(order.id)
        return any(one.id != payment.id and one.status is PaymentStatus.SUCCESS for one in of_order)

    async def _book(self, session: AsyncSession, payment: Payment, event: LedgerEvent, now: datetime) -> None:
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


async def _thanks(session: AsyncSession, order: Order, parent_id: int, now: datetime) -> str:
    """The sentence for money that has come; before it is booked."""
    if await _paid_lately(session, parent_id, now):
        return "payment-received-again"
    return "payment-renewed" if order.kind is OrderKind.CARD_RENEWAL else "payment-received"


async def leave_end_of_card_renewal(session: AsyncSession, parent_id: int) -> None:
    """Who has their money back is charged no more: the job that removes the card, where one stands."""
    if (card := await SavedCardRepository(session).standing(parent_id)) is not None:
        await jobs.enqueue(
            session, JobKind.END_CARD_RENEWAL, {"card_id": card.id}, dedup_key=f"end_card_renewal:{card.id}"
        )


async def _paid_lately(session: AsyncSession, parent_id: int, now: datetime) -> bool:
    """Whether another payment has come so shortly before that this one may be a mistake."""
    paid = await PaymentRepository(session).list_for_parent(parent_id)
    lately = (one for one in paid if one.paid_at is not None and now - one.paid_at < ORDER_LIFE)
    return any(one.status is PaymentStatus.SUCCESS for one in lately)


async def _tell(
    parent: Parent, text_key: str, dedup_key: str, until: datetime | None, *, what: str = "", buttons: Buttons = ()
) -> None:
    said = {"until": format_date_long(parent.language, clock.local_day(until))} if until is not None else {}
    if what:
        said["what"] = what
    await notify(
        [
            OutboxMessage(
                telegram_id=parent.telegram_id,
                kind=NotificationType.PAYMENT,
                message=t(parent.language, text_key, **said),
                dedup_key=dedup_key,
                send_at=clock.now(),
                buttons=buttons,
            )
        ]
    )
