"""Charging a saved card, step by step: an order, a receipt, the charge. Each step is committed before the next call.

Killed anywhere, it goes on from what stands: a receipt that may have been paid is asked about, and made unpayable
before there is another. So a cycle is charged at most once. Nothing is asked inside a unit of work. Locks: the
parent's renewals, order, attempt, payment, parent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.billing.booking import PaymentBook
from mentorium_core.billing.card_notices import tell_no_child
from mentorium_core.billing.card_outcome import CardOutcomes, Found, find
from mentorium_core.billing.card_plan import LOOKED_AT_AGAIN
from mentorium_core.billing.card_renewal import end_card_renewal, lock_renewals
from mentorium_core.billing.card_renewal_rows import attempt_of, why_not, write
from mentorium_core.billing.card_renewal_rules import Effect, Event, is_too_late, step
from mentorium_core.billing.cards import CardFault, CardRefused, ReceiptState, SavedCards
from mentorium_core.billing.model import ORDER_LIFE, TARIFFS, FiscalTerms, OrderView
from mentorium_core.billing.orders import new_public_id, view
from mentorium_core.billing.texts import tariff_title
from mentorium_core.identity.queries import list_viewable_children
from mentorium_db import get_session
from mentorium_db.repositories import (
    LearnerRepository,
    OrderRepository,
    ParentRepository,
    RenewalAttemptRepository,
)
from mentorium_db.tables.renewal import RenewalAttempt
from mentorium_domain.enums import Currency, Language, OrderKind, ProviderName, RenewalStatus
from mentorium_kit import clock
from mentorium_kit.errors import OutcomeUnknownError, UnavailableError

NO_CHILD: Final = "no_child"


@dataclass(frozen=True, slots=True)
class ChargeCard:
    """The job. `cards`: None where PayMe is not set up in this process: then nothing is begun, nor found out.

    `on_booked`: called once a payment was booked here, and not by PayMe's own call.
    """

    cards: SavedCards | None
    book: PaymentBook = field(default_factory=PaymentBook)
    fiscal: FiscalTerms | None = None
    on_booked: Callable[[], None] = lambda: None

    async def __call__(self, attempt_id: int, tries: int) -> Event | None:
        """What became of it; None: there was nothing to do. `tries`: how often it had been begun when the job was left,
        so that one that is run once more begins nothing.
        """
        found = await find(attempt_id)
        if self.cards is None or found is None or found.attempt.is_over:
            return None
        outcomes = CardOutcomes(self.cards, self.book, self.on_booked)
        if not found.attempt.is_waiting:
            return await outcomes.find_out(found)
        if found.attempt.tries != tries or found.attempt.due_at > clock.now() + LOOKED_AT_AGAIN:
            return None  # that job was done, or what it was left for was planned anew since
        if is_too_late(found.attempt, found.told_at, clock.now()):
            return await outcomes.apply(found, Event.NOT_DONE, "too_late")
        return await self._charge(found, self.cards, outcomes)

    async def _charge(self, found: Found, cards: SavedCards, outcomes: CardOutcomes) -> Event | None:
        try:
            if not await self._has_child(found):
                return None
        except UnavailableError as error:  # the platform is away: nobody is charged unseen
            return await outcomes.apply(found, Event.NOT_DONE, error.code)
        order = await self._begin(found)
        if order is None:
            return None
        begun = await find(found.attempt_id)
        if begun is None or begun.order_id != order.id:
            return None
        try:
            made = await cards.create_receipt(order, tariff_title(Language.UZ, order.tariff), self.fiscal)
        except UnavailableError as error:
            return await outcomes.apply(begun, Event.NOT_DONE, error.code)
        if isinstance(made, CardRefused):
            return await outcomes.apply(begun, Event.NOT_DONE, str(made.code))
        token = await self._keep_receipt(begun, made)
        return await self._pay(begun.with_receipt(made), cards, outcomes, token) if token is not None else None

    async def _pay(self, found: Found, cards: SavedCards, outcomes: CardOutcomes, token: str) -> Event | None:
        assert found.receipt_id is not None
        try:
            said = await cards.pay_receipt(found.receipt_id, token)
        except UnavailableError as error:
            return await outcomes.find_out(found, reason=error.code)
        except OutcomeUnknownError as error:
            return await outcomes.apply(found, Event.LOST, error.code)
        if isinstance(said, CardRefused):
            if said.fault is CardFault.UNKNOWN:  # it says nothing of the card: was anything debited?
                return await outcomes.find_out(found, reason=str(said.code))
            dead = said.fault is CardFault.FATAL
            return await outcomes.apply(found, Event.CARD_DEAD if dead else Event.DECLINED, str(said.code))
        if said is ReceiptState.PAID:
            return await outcomes.paid(found)
        return await outcomes.apply(found, Event.LOST, said)

    async def _has_child(self, found: Found) -> bool:
        """Whether its payer has a child who may be viewed now; else the renewal is switched off, and they hear why."""
        async with get_session() as session:
            links = await LearnerRepository(session).links_of({found.parent_id})
        viewable = await list_viewable_children({guardian_id for _, guardian_id, _ in links})
        seen = {(child.guardian_id, child.student_id) for child in viewable}
        if any((guardian_id, student_id) in seen for _, guardian_id, student_id in links):
            return True
        async with get_session() as session:
            if await end_card_renewal(found.parent_id, NO_CHILD):
                parent = await ParentRepository(session).get(found.parent_id)
                if parent is not None:
                    ends_at = found.attempt.cycle_ends_at
                    await tell_no_child(parent.telegram_id, parent.language, found.attempt_id, ends_at, clock.now())
        return False

    async def _begin(self, found: Found) -> OrderView | None:
        """An order of its own for each try; None where it is not to be charged (any more)."""
        now = clock.now()
        async with get_session() as session:
            await lock_renewals(session, found.parent_id)
            row = await RenewalAttemptRepository(session).lock(found.attempt_id)
            if row is None or attempt_of(row) != found.attempt:
                return None
            if (because := await why_not(session, row.id)) is not None:
                await write(session, row.id, step(attempt_of(row), Event.WITHDRAWN, now, error=because)[0])
                return None
            after, effects = step(attempt_of(row), Event.BEGUN, now)
            if Effect.NEW_ORDER not in effects or not await ParentRepository(session).lock_all({row.parent_id}):
                return None
            order = await self._new_order(session, row, found, after.tries, now)
            await RenewalAttemptRepository(session).change(row.id, order_id=order.id)
            await write(session, row.id, after)
            return order

    async def _new_order(
        self, session: AsyncSession, row: RenewalAttempt, found: Found, tries: int, now: datetime
    ) -> OrderView:
        order = await OrderRepository(session).add(
            row.parent_id,
            public_id=new_public_id(),
            provider=ProviderName.PAYME,
            kind=OrderKind.CARD_RENEWAL,
            tariff=found.tariff,
            days=TARIFFS[found.tariff].days,
            amount_minor=row.amount_minor,
            currency=Currency.UZS,
            request_key=f"card_renewal:{row.id}:{tries}",
            now=now,
            expires_at=now + ORDER_LIFE,
        )
        return view(order)

    async def _keep_receipt(self, found: Found, receipt_id: str) -> str | None:
        """Stored before it is paid, and judged once more: the token to pay it with, or None.

        None: the card was removed meanwhile, or whatever else stands in the way; or somebody else has this attempt.
        """
        now = clock.now()
        async with get_session() as session:
            order = await OrderRepository(session).lock_by_id(found.order_id) if found.order_id is not None else None
            row = await RenewalAttemptRepository(session).lock(found.attempt_id)
            if row is None or order is None or attempt_of(row) != found.attempt or row.order_id != order.id:
                return None
            because = await why_not(session, row.id)
            token = await CardOutcomes.token_of(session, row) if because is None else None
            if token is None:
                after, effects = step(attempt_of(row), Event.WITHDRAWN, now, error=because)
                if Effect.CLOSE_ORDER in effects:
                    await CardOutcomes.close(session, order, now)
                await write(session, row.id, after)
                return None
            assert row.status is RenewalStatus.CHARGING
            await RenewalAttemptRepository(session).change(row.id, receipt_id=receipt_id)
            return token
