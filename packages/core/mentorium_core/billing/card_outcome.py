"""What became of a charge of a saved card: found out, and written down with all that follows from it in one commit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.billing.booking import AnyPayment, PaymentBook
from mentorium_core.billing.card_notices import tell_card_dead, tell_end_of_doubt, tell_last, tell_of_retry
from mentorium_core.billing.card_renewal import PAYME_CANCELLED, TOLD_FOR, forget_card
from mentorium_core.billing.card_renewal_rows import attempt_of, why_not, write
from mentorium_core.billing.card_renewal_rules import ALARM_AFTER, REMOVED, Attempt, Effect, Event, step
from mentorium_core.billing.cards import CardRefused, ReceiptState, SavedCards
from mentorium_core.billing.payme import PERFORMED, PaymeView, PerformPaymeTransaction
from mentorium_core.billing.stars_renewal import show_renewal
from mentorium_db import driver_of, get_session
from mentorium_db import jobs as stored_jobs
from mentorium_db.repositories import (
    OrderRepository,
    ParentRepository,
    PaymentRepository,
    PaymeTransactionRepository,
    RenewalAttemptRepository,
    SavedCardRepository,
)
from mentorium_db.tables.billing import Order
from mentorium_db.tables.renewal import RenewalAttempt, SavedCard
from mentorium_domain.enums import JobKind, OrderStatus, PaymentStatus, RenewalStatus, Severity, Tariff
from mentorium_kit import clock
from mentorium_kit.errors import OutcomeUnknownError, UnavailableError
from mentorium_observability import EventLogService

_BOOKED: Final = frozenset({OrderStatus.PAID, OrderStatus.REFUNDED})
"""Its money came; what was given back since is not charged again for the same cycle."""


@dataclass(frozen=True, slots=True)
class Found:
    """An attempt as it stood when it was looked at, unlocked."""

    attempt_id: int
    parent_id: int
    attempt: Attempt
    tariff: Tariff
    order_id: int | None
    receipt_id: str | None
    told_at: datetime

    def with_receipt(self, receipt_id: str) -> Found:
        return replace(self, receipt_id=receipt_id, attempt=replace(self.attempt, has_receipt=True))


async def find(attempt_id: int) -> Found | None:
    """None where it is gone with its parent."""
    async with get_session() as session:
        row = await RenewalAttemptRepository(session).get(attempt_id)
        card = await SavedCardRepository(session).get(row.card_id) if row is not None else None
        if row is None or card is None:
            return None
        told_at = row.noticed_at or row.created_at
        return Found(row.id, row.parent_id, attempt_of(row), card.tariff, row.order_id, row.receipt_id, told_at)


def _ignored() -> None:
    pass


@dataclass(frozen=True, slots=True)
class CardOutcomes:
    """`on_booked`: called once a payment was booked here, and not by PayMe's own call."""

    cards: SavedCards
    book: PaymentBook
    on_booked: Callable[[], None] = _ignored

    async def find_out(self, found: Found, reason: str | None = None) -> Event | None:
        """What became of a charge that was begun. `reason`: PayMe's no that says nothing of the card."""
        if found.receipt_id is None:  # killed before its receipt was stored: nobody can pay it
            return await self.apply(found, Event.NOT_DONE, "no_receipt")
        if await self._is_booked(found):
            return await self.paid(found)
        try:
            said = await self.cards.check_receipt(found.receipt_id)
            if said is ReceiptState.NOT_PAID:
                said = await self._make_unpayable(found, found.receipt_id)
                reason = reason or "not_sent"
        except (UnavailableError, OutcomeUnknownError) as error:
            return await self.apply(found, Event.PENDING, error.code)
        if said is ReceiptState.PAID:
            return await self.paid(found)
        if said is ReceiptState.NOT_PAID and clock.now() - found.attempt.began_at >= ALARM_AFTER:
            return await self._leave_alone(found, found.receipt_id)
        if said is ReceiptState.CANCELLED:
            return await self.apply(found, Event.NOT_DONE if reason else Event.DECLINED, reason or "cancelled")
        return await self.apply(found, Event.PENDING, str(said.code) if isinstance(said, CardRefused) else said)

    async def paid(self, found: Found) -> Event | None:
        """Access for the money, if PayMe's own call has not given it yet; where there is nobody to give it to, back."""
        event, booked_here = await self._paid(found, clock.now())
        if booked_here:
            self.on_booked()
        return event

    async def _paid(self, found: Found, now: datetime) -> tuple[Event | None, bool]:
        async with get_session() as session:
            order = await OrderRepository(session).lock_by_id(found.order_id) if found.order_id is not None else None
            row = await RenewalAttemptRepository(session).lock(found.attempt_id)
            if row is not None and row.receipt_id != found.receipt_id:  # that charge was looked into before
                return None, False
            open_until_now = order is not None and order.status is OrderStatus.PENDING
            if order is None or not await self._booked(session, order, found, now):
                await self._give_back(session, found)
                if row is not None:
                    after = replace(attempt_of(row), status=RenewalStatus.STOPPED, error="given_back")
                    await write(session, row.id, after)
                    await _tell_end_of_doubt(session, row, after, now, given_back=True)
                return Event.WITHDRAWN, False
            if row is None or row.status is RenewalStatus.PAID:
                return None, open_until_now
            after, _ = step(attempt_of(row), Event.PAID, now)
            await write(session, row.id, after)
            if order.parent_id is not None and await ParentRepository(session).lock_all({order.parent_id}):
                await show_renewal(session, order.parent_id, now)
            await _log(session, "card_renewal_paid", row, order=order.public_id)
            return Event.PAID, open_until_now

    async def apply(self, found: Found, event: Event, error: str | None) -> Event | None:
        """Write down what the rules make of it, with what follows. None: it stands otherwise by now."""
        now = clock.now()
        if await self._is_booked(found):  # PayMe's call came after all
            return await self.paid(found)
        async with get_session() as session:
            order = await OrderRepository(session).lock_by_id(found.order_id) if found.order_id is not None else None
            row = await RenewalAttemptRepository(session).lock(found.attempt_id)
            if row is None or row.order_id != found.order_id or row.receipt_id != found.receipt_id:
                return None
            if order is not None and order.status in _BOOKED:  # at this very moment
                return (await self._paid(found, now))[0]
            because = await why_not(session, row.id)
            after, effects = step(attempt_of(row), event, now, error=because or error, wanted=because is None)
            if Effect.CLOSE_ORDER in effects and order is not None:
                await self.close(session, order, now)
            await write(session, row.id, after)
            await self._follow(session, row, after, effects, now)
            if because == REMOVED and after.is_over and found.receipt_id is not None:
                await _tell_end_of_doubt(session, row, after, now, given_back=False)
            return event

    async def _follow(
        self, session: AsyncSession, row: RenewalAttempt, after: Attempt, effects: frozenset[Effect], now: datetime
    ) -> None:
        card = await SavedCardRepository(session).get(row.card_id)
        if card is None:
            return
        if Effect.ALARM in effects:
            await _log(session, "card_renewal_in_doubt", row, Severity.CRITICAL)
        if after.is_over or after.is_waiting:
            await _log(session, "card_renewal_failed", row, stands=after.status, reason=after.error)
        if Effect.END in effects:
            await forget_card(session, row.parent_id, after.error or "", now)
        await self._tell(session, row, card, after, effects, now)

    async def _tell(
        self,
        session: AsyncSession,
        row: RenewalAttempt,
        card: SavedCard,
        after: Attempt,
        effects: frozenset[Effect],
        now: datetime,
    ) -> None:
        parent = await ParentRepository(session).get(row.parent_id)
        if parent is None:
            return
        to, about = (parent.telegram_id, parent.language, row.id, after), (card.tariff, card.masked_number)
        if Effect.TELL_RETRY in effects:
            await tell_of_retry(
                *to,
                tariff=about[0],
                amount_minor=row.amount_minor,
                masked_number=about[1],
                grace=self.book.grace,
                now=now,
            )
        if Effect.TELL_LAST in effects:
            await tell_last(*to, tariff=about[0], masked_number=about[1], now=now)
        if Effect.TELL_CARD_DEAD in effects:
            await tell_card_dead(*to, tariff=about[0], masked_number=about[1], grace=self.book.grace, now=now)

    async def _make_unpayable(self, found: Found, receipt_id: str) -> ReceiptState | CardRefused:
        """First our order takes no money any more, then PayMe's receipt: whoever is about to pay it comes too late."""
        async with get_session() as session:
            order = await OrderRepository(session).lock_by_id(found.order_id) if found.order_id is not None else None
            if order is not None:
                if await PaymeTransactionRepository(await driver_of(session)).open_of_order(order.id) is not None:
                    return ReceiptState.PENDING  # PayMe has begun, and says so itself in a moment
                await self.close(session, order, clock.now())
        said = await self.cards.cancel_receipt(receipt_id)
        return await self.cards.check_receipt(receipt_id) if isinstance(said, CardRefused) else said

    async def _leave_alone(self, found: Found, receipt_id: str) -> Event | None:
        """Nobody has paid it for a day, its order takes no money, PayMe will not cancel it: a job goes on trying."""
        async with get_session() as session:
            await leave_cancellation(session, receipt_id)
        return await self.apply(found, Event.NOT_DONE, "not_cancelled")

    async def _is_booked(self, found: Found) -> bool:
        async with get_session() as session:
            order = await OrderRepository(session).get_by_id(found.order_id) if found.order_id is not None else None
            return order is not None and order.status in _BOOKED

    async def _booked(self, session: AsyncSession, order: Order, found: Found, now: datetime) -> bool:
        """Whether this order's money has opened what it paid for. The order is locked."""
        if order.status in _BOOKED:
            return True
        if order.status is not OrderStatus.PENDING or order.parent_id is None or found.receipt_id is None:
            return False
        begun = await PaymeTransactionRepository(await driver_of(session)).open_of_order(order.id)
        if begun is not None:
            said = await PerformPaymeTransaction(self.book)(begun.payme_id, now)
            return isinstance(said, PaymeView) and said.state == PERFORMED
        payments = PaymentRepository(session)
        payment: AnyPayment | None = await payments.get_by_transaction_id(found.receipt_id)
        if payment is None:
            payment = await self.book.begin(
                session, order, transaction_id=found.receipt_id, now=now, external_ref=found.receipt_id
            )
        if payment.status is not PaymentStatus.PENDING:
            return payment.status is PaymentStatus.SUCCESS
        await self.book.settle(session, order, await payments.lock(payment.id), now)
        return True

    async def _give_back(self, session: AsyncSession, found: Found) -> None:
        """Money that may open nothing: the job that has PayMe cancel its receipt."""
        if found.receipt_id is not None:
            await leave_cancellation(session, found.receipt_id)

    @staticmethod
    async def close(session: AsyncSession, order: Order, now: datetime) -> None:
        """Of a locked order: from here on nobody can pay it, and what PayMe has begun for it is not performed."""
        await OrderRepository(session).close(order.id, now, PAYME_CANCELLED)

    @staticmethod
    async def token_of(session: AsyncSession, row: RenewalAttempt) -> str | None:
        card = await SavedCardRepository(session).get(row.card_id)
        return card.card_token or None if card is not None and card.removed_at is None else None


async def _tell_end_of_doubt(
    session: AsyncSession, row: RenewalAttempt, after: Attempt, now: datetime, *, given_back: bool
) -> None:
    parent = await ParentRepository(session).get(row.parent_id)
    card = await SavedCardRepository(session).get(row.card_id)
    if parent is not None and card is not None:
        await tell_end_of_doubt(
            parent.telegram_id,
            parent.language,
            row.id,
            after,
            amount_minor=row.amount_minor,
            masked_number=card.masked_number,
            given_back=given_back,
            now=now,
        )


async def leave_cancellation(session: AsyncSession, receipt_id: str) -> None:
    """The job that has PayMe give back, or close, a receipt whose order takes no money here."""
    payload = {"receipt_id": receipt_id, "until": (clock.now() + TOLD_FOR).isoformat()}
    await stored_jobs.enqueue(session, JobKind.CANCEL_RECEIPT, payload, dedup_key=f"cancel_receipt:{receipt_id}")


async def _log(
    session: AsyncSession, name: str, row: RenewalAttempt, severity: Severity = Severity.INFO, **about: str | None
) -> None:
    parent = await ParentRepository(session).get(row.parent_id)
    telegram_id = parent.telegram_id if parent is not None else None
    if severity is Severity.INFO:
        await EventLogService.log_payment(name, telegram_id, attempt=row.id, **about)
    else:
        await EventLogService.log_system(name, telegram_id, severity=severity, attempt=row.id, receipt=row.receipt_id)
