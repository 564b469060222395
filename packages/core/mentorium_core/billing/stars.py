"""Telegram Stars: what Telegram asks before a payment, and tells of charges, refunds and renewals, booked.

A charge is known by Telegram's id of it, never by its payload: renewals repeat that. Updates come at least once, and
what none has brought is found by the daily reconciliation (`stars_reconciliation.py`): so each of these is harmless
twice. Locks: the charge, then those of the house (order, subscription at Telegram, payment, parent, subscription).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, StrEnum, auto
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.billing.booking import PaymentBook
from mentorium_core.billing.model import Obstacle
from mentorium_core.billing.orders import is_public_id, view
from mentorium_core.billing.rules import obstacle
from mentorium_core.billing.stars_renewal import end_renewal_of, is_renewing, show_renewal
from mentorium_core.billing.stars_return import leave_return, note_returned
from mentorium_core.i18n import t
from mentorium_core.notifications.commands import notify
from mentorium_core.notifications.quiet_hours import in_the_day
from mentorium_db import autocommit_session, get_session
from mentorium_db.models import Parent
from mentorium_db.repositories import (
    OrderRepository,
    ParentRepository,
    PaymentRepository,
    StarsSubscriptionRepository,
    SubscriptionRepository,
)
from mentorium_db.tables.billing import Order
from mentorium_db.tables.payments import StarsSubscription
from mentorium_domain.enums import (
    Currency,
    NotificationType,
    OrderKind,
    OrderStatus,
    PaymentStatus,
    ProviderName,
    Severity,
    StarsRenewal,
)
from mentorium_domain.outbox import OutboxMessage
from mentorium_kit import clock
from mentorium_kit.errors import RefusedError
from mentorium_observability import EventLogService

RENEWED_LATE: Final = timedelta(days=1)
"""A renewal may come so long after its period: until then the subscription is one that stands."""


class CheckoutRefusal(StrEnum):
    """Why a payment is turned down before it is made; each is a sentence, `stars-refused-<value>`."""

    UNKNOWN = "unknown"
    NOT_OWNER = "not-owner"
    PAID = "paid"
    EXPIRED = "expired"
    WRONG_AMOUNT = "wrong-amount"
    RENEWS_ALREADY = "renews-already"


_REFUSALS: Final = {
    Obstacle.UNKNOWN: CheckoutRefusal.UNKNOWN,
    Obstacle.OTHER_PROVIDER: CheckoutRefusal.UNKNOWN,
    Obstacle.PAID: CheckoutRefusal.PAID,
    Obstacle.CLOSED: CheckoutRefusal.EXPIRED,
    Obstacle.EXPIRED: CheckoutRefusal.EXPIRED,
    Obstacle.WRONG_AMOUNT: CheckoutRefusal.WRONG_AMOUNT,
}


@dataclass(frozen=True, slots=True)
class StarsCheckout:
    """What somebody is about to pay, as Telegram says it. `amount`: whole units of `currency`."""

    payer_id: int
    payload: str
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class StarsCharge:
    """What somebody has paid. `period_ends_at`: of a subscription, when Telegram charges again."""

    charge_id: str
    payer_id: int
    payload: str
    amount: int
    currency: str
    period_ends_at: datetime | None = None
    begins_subscription: bool = False


@dataclass(frozen=True, slots=True)
class StarsRefund:
    """What Telegram has given back."""

    charge_id: str
    payer_id: int
    payload: str
    amount: int
    currency: str


class Booked(Enum):
    """What has become of something that Telegram told: KNOWN, it had been told before; RETURNING, it goes back."""

    GIVEN = auto()
    RETURNING = auto()
    RETURNED = auto()
    KNOWN = auto()


async def check_checkout(asked: StarsCheckout) -> CheckoutRefusal | None:
    """Whether this may be paid now; None: it may. The bot's own database is all that it asks."""
    now = clock.now()
    async with autocommit_session() as session:
        order = await OrderRepository(session).get(asked.payload) if is_public_id(asked.payload) else None
        amount = asked.amount if asked.currency == Currency.XTR else -1
        seen = view(order) if order is not None else None
        if seen is None or seen.parent_id is None:
            return CheckoutRefusal.UNKNOWN if seen is None else CheckoutRefusal.EXPIRED
        owner = await ParentRepository(session).get(seen.parent_id)
        if owner is None or owner.telegram_id != asked.payer_id:
            return CheckoutRefusal.NOT_OWNER
        if (found := obstacle(seen, ProviderName.TELEGRAM_STARS, amount, now)) is not None:
            return _REFUSALS[found]
        if seen.kind is not OrderKind.STARS_SUBSCRIPTION:
            return None
        standing = await StarsSubscriptionRepository(session).list_of(seen.parent_id, now - RENEWED_LATE)
        return CheckoutRefusal.RENEWS_ALREADY if any(map(is_renewing, standing)) else None


@dataclass(frozen=True, slots=True)
class BookStarsCharge:
    """Money has come: access for the order's owner; where there is none to give it to, it goes back."""

    book: PaymentBook = field(default_factory=PaymentBook)

    async def __call__(self, charge: StarsCharge, *, is_news: bool = True) -> Booked:
        """`is_news`: Telegram tells of it now, so a subscription renews; what is found later says nothing of that.

        RefusedError for what is not paid in Stars: it is for a person to look at.
        """
        if charge.currency != Currency.XTR:
            raise RefusedError("charge_in_another_currency", currency=charge.currency)
        now = clock.now()
        async with get_session() as session:
            order = await _lock(session, charge.charge_id, charge.payload)
            if await PaymentRepository(session).get_by_transaction_id(charge.charge_id) is not None:
                return Booked.KNOWN
            at_telegram = (
                await StarsSubscriptionRepository(session).lock_of_order(order.id) if order is not None else None
            )
            because = await _why_returned(session, order, at_telegram, charge)
            if order is None or because is not None:
                first = await _charge_to_end(session, order, at_telegram, charge)
                await leave_return(session, order, charge, because or "order_unknown", first, now)
                return Booked.RETURNING
            await self._give(session, order, at_telegram, charge, now, is_news=is_news)
            return Booked.GIVEN

    async def _give(
        self,
        session: AsyncSession,
        order: Order,
        at_telegram: StarsSubscription | None,
        charge: StarsCharge,
        now: datetime,
        *,
        is_news: bool,
    ) -> None:
        renews = order.kind is OrderKind.STARS_SUBSCRIPTION and charge.period_ends_at is not None
        first = at_telegram.first_charge_id if at_telegram is not None else charge.charge_id
        payment = await self.book.begin(
            session,
            order,
            transaction_id=charge.charge_id,
            now=now,
            external_ref=first if order.kind is OrderKind.STARS_SUBSCRIPTION else None,
        )
        until = charge.period_ends_at if renews else None
        renewal = renews and at_telegram is not None
        await self.book.settle(session, order, payment, now, until=until, renewal=renewal)
        if renews:
            await _keep_subscription(session, order, at_telegram, charge, now, is_news=is_news)


@dataclass(frozen=True, slots=True)
class BookStarsRefund:
    """Money has gone back: exactly what that charge gave is taken back, and Telegram renews it no more."""

    book: PaymentBook = field(default_factory=PaymentBook)

    async def __call__(self, refund: StarsRefund, because: str = "refund") -> Booked:
        """A charge that no update has told of is recorded as one that was given back."""
        now = clock.now()
        async with get_session() as session:
            order = await _lock(session, refund.charge_id, refund.payload)
            payments = PaymentRepository(session)
            payment = await payments.get_by_transaction_id(refund.charge_id)
            if payment is None:
                payment = await payments.add(
                    None,
                    transaction_id=refund.charge_id,
                    amount_minor=refund.amount,
                    currency=Currency.XTR,
                    provider=ProviderName.TELEGRAM_STARS,
                    now=now,
                    order_id=order.id if order is not None else None,
                )
            elif payment.order_id is not None and (order is None or order.id != payment.order_id):
                order = await OrderRepository(session).lock_by_id(payment.order_id)
            payment = await payments.lock(payment.id)
            if payment.status is PaymentStatus.REFUNDED:
                return Booked.KNOWN
            if payment.status is not PaymentStatus.SUCCESS or order is None:
                await note_returned(session, payment, refund.payer_id, because, now)
                return Booked.RETURNED
            at_telegram = await StarsSubscriptionRepository(session).lock_of_order(order.id)
            await self.book.give_back(session, order, payment, because, now)
            if at_telegram is not None and at_telegram.period_ends_at > now - RENEWED_LATE:
                await end_renewal_of(session, at_telegram, refund.payer_id, now)
            return Booked.RETURNED


_RENEWALS: Final = {
    "canceled": StarsRenewal.CANCELLED,
    "active": StarsRenewal.ACTIVE,
    "failed": StarsRenewal.FAILED,
}


async def note_subscription_update(payer_id: int, payload: str, state: str) -> StarsRenewal | None:
    """A payer has stopped or resumed a renewal in Telegram, or it has failed; None for what we do not know.

    Access stays as it is paid for.
    """
    renewal, now = _RENEWALS.get(state), clock.now()
    if renewal is None or not is_public_id(payload):
        await EventLogService.log_system(
            "stars_subscription_unknown", severity=Severity.WARNING, known=renewal is not None
        )
        return None
    async with get_session() as session:
        order = await OrderRepository(session).lock(payload)
        found = await StarsSubscriptionRepository(session).lock_of_order(order.id) if order is not None else None
        if found is None:
            return None
        parent = await ParentRepository(session).lock(found.parent_id)
        if parent.telegram_id != payer_id:
            return None
        await StarsSubscriptionRepository(session).set_renewal(found.id, renewal, now)
        await show_renewal(session, found.parent_id, now)
        await EventLogService.log_payment("stars_renewal", payer_id, order=payload, renewal=renewal)
        if renewal is StarsRenewal.FAILED:
            await _tell_of_failure(parent, found, now)
        return renewal


async def _tell_of_failure(parent: Parent, subscription: StarsSubscription, now: datetime) -> None:
    message = OutboxMessage(
        telegram_id=parent.telegram_id,
        kind=NotificationType.PAYMENT,
        message=t(parent.language, "stars-renewal-failed"),
        dedup_key=f"payment:renewal-failed:{subscription.id}:{subscription.period_ends_at:%Y%m%d}",
        send_at=in_the_day(now),
    )
    await notify([message])


async def _lock(session: AsyncSession, charge_id: str, payload: str) -> Order | None:
    """Nobody else books this charge until the unit ends; its order, locked, if there is one."""
    await SubscriptionRepository(session).lock_request(f"stars:{charge_id}")
    return await OrderRepository(session).lock(payload) if is_public_id(payload) else None


async def _why_returned(
    session: AsyncSession, order: Order | None, at_telegram: StarsSubscription | None, charge: StarsCharge
) -> str | None:
    """Why this money can open nothing; None: it can."""
    if order is None:
        return "order_unknown"
    owner = await ParentRepository(session).get(order.parent_id) if order.parent_id is not None else None
    if owner is None:
        return "owner_erased"
    if owner.telegram_id != charge.payer_id:
        return "payer_not_owner"
    if (order.provider, order.amount_minor) != (ProviderName.TELEGRAM_STARS, charge.amount):
        return "other_amount"
    if order.kind is OrderKind.STARS_SUBSCRIPTION:
        twice = charge.begins_subscription and at_telegram is not None
        return "order_paid_already" if twice else None
    return None if order.status is OrderStatus.PENDING else "order_paid_already"


async def _charge_to_end(
    session: AsyncSession, order: Order | None, at_telegram: StarsSubscription | None, charge: StarsCharge
) -> str | None:
    """The first charge of a subscription that goes with the money; None where Telegram renews nothing."""
    if charge.period_ends_at is None:
        return None
    if charge.begins_subscription or order is None:
        return charge.charge_id
    if at_telegram is not None:
        return at_telegram.first_charge_id
    payments = await PaymentRepository(session).list_of_order(order.id)
    return next((one.external_ref for one in payments if one.external_ref is not None), charge.charge_id)


async def _keep_subscription(
    session: AsyncSession,
    order: Order,
    at_telegram: StarsSubscription | None,
    charge: StarsCharge,
    now: datetime,
    *,
    is_news: bool,
) -> None:
    assert order.parent_id is not None
    assert charge.period_ends_at is not None
    subscriptions = StarsSubscriptionRepository(session)
    if at_telegram is None:
        others = await subscriptions.list_of(order.parent_id, now - RENEWED_LATE)
        added = await subscriptions.add(
            order.id,
            order.parent_id,
            first_charge_id=charge.charge_id,
            renewal=StarsRenewal.ACTIVE,
            period_ends_at=charge.period_ends_at,
            now=now,
        )
        if any(map(is_renewing, others)):  # both were asked about before either was paid
            await end_renewal_of(session, added, charge.payer_id, now)
            await EventLogService.log_payment("stars_second_subscription", charge.payer_id, order=order.public_id)
    else:
        came_late = at_telegram.renewal is StarsRenewal.FAILED and charge.period_ends_at > at_telegram.period_ends_at
        await subscriptions.set_period(at_telegram.id, max(at_telegram.period_ends_at, charge.period_ends_at), now)
        if is_news or came_late:  # it was taken for one that would not come (`stars_missing`)
            await subscriptions.set_renewal(at_telegram.id, StarsRenewal.ACTIVE, now)
    await show_renewal(session, order.parent_id, now)
