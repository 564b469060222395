"""Renewal by a saved card, as its payer switches it: a card is kept with a consent, and ends with it.

Locks, beside those of the house: the parent's renewals (`lock_renewals`), orders, attempts, parent, card.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.billing.card_renewal_rows import attempt_of, write
from mentorium_core.billing.card_renewal_rules import REMOVED, Effect, Event, first_try_at, step
from mentorium_core.billing.cards import CardFound
from mentorium_core.billing.model import PriceList
from mentorium_core.billing.stars_renewal import show_renewal
from mentorium_db import autocommit_session, get_session
from mentorium_db import jobs as stored_jobs
from mentorium_db.repositories import (
    OrderRepository,
    ParentRepository,
    RenewalAttemptRepository,
    SavedCardRepository,
    SubscriptionRepository,
)
from mentorium_domain.enums import JobKind, ProviderName, Tariff
from mentorium_kit import clock
from mentorium_kit.errors import NotFoundError, RefusedError
from mentorium_observability import EventLogService

TOLD_FOR: Final = timedelta(days=7)
"""So long PayMe is told to forget a card; the job holds its token for no longer."""
PAYME_CANCELLED: Final = 10
"""PayMe's reason `unknown`: it has none for a payer who has changed their mind."""
_REPLACED: Final = "replaced"


@dataclass(frozen=True, slots=True)
class CardRenewalView:
    """What is charged next, and when; `next_charge_at` is None while there is no access to renew.

    `in_doubt`: a charge was sent, and what became of it is being asked.
    """

    masked_number: str
    tariff: Tariff
    amount_minor: int
    next_charge_at: datetime | None
    in_doubt: bool = False


async def get_card_renewal(parent_id: int, prices: PriceList | None = None) -> CardRenewalView | None:
    """None: no card is kept. UnitOfWorkError inside a unit of work."""
    now = clock.now()
    async with autocommit_session() as session:
        card = await SavedCardRepository(session).standing(parent_id)
        if card is None:
            return None
        attempt = await RenewalAttemptRepository(session).next_of(parent_id)
        access = await SubscriptionRepository(session).active_for_parent(parent_id)
    amount_minor = (prices or PriceList()).price(card.tariff, ProviderName.PAYME).amount_minor
    if attempt is not None and attempt.card_id == card.id:  # else it is of the card before
        known = attempt_of(attempt)
        in_doubt = known.has_receipt  # without one nothing has been sent
        at = None if in_doubt else attempt.due_at
        return CardRenewalView(card.masked_number, card.tariff, attempt.amount_minor, at, in_doubt)
    at = first_try_at(access.expires_at, now) if access is not None else None
    return CardRenewalView(card.masked_number, card.tariff, amount_minor, at)


async def keep_card(parent_id: int, card: CardFound, tariff: Tariff, consent_version: str) -> datetime | None:
    """A verified card, with its owner's consent of this moment: when it is charged first; None while there is no
    access to renew. It takes the place of the one that stood.

    RefusedError for a card that may not be charged without its owner; NotFoundError for a parent who is gone.
    """
    if not card.may_be_charged:
        raise RefusedError("card_not_verified")
    async with get_session() as session:
        await lock_renewals(session, parent_id)
        await OrderRepository(session).lock_all_of(parent_id)
        now = clock.now()  # when it takes effect: what was being paid meanwhile is paid
        await _stop_attempts(session, parent_id, _REPLACED, now)
        if not await ParentRepository(session).lock_all({parent_id}):
            raise NotFoundError("parent_unknown")
        cards = SavedCardRepository(session)
        replaced = await cards.remove(parent_id, _REPLACED, now)
        if replaced is not None and replaced != card.token:
            await leave_removal(session, replaced, now)
        await cards.add(
            parent_id,
            card_token=card.token,
            masked_number=card.masked_number,
            tariff=tariff,
            consent_version=consent_version,
            consented_at=now,
        )
        await show_renewal(session, parent_id, now)
        parent = await ParentRepository(session).get(parent_id)
        assert parent is not None
        await EventLogService.log_payment("card_saved", parent.telegram_id, tariff=tariff, consent=consent_version)
        access = await SubscriptionRepository(session).active_for_parent(parent_id)
        return first_try_at(access.expires_at, now) if access is not None else None


async def end_card_renewal(parent_id: int, because: str = REMOVED) -> bool:
    """The card is removed: nothing is charged any more, also where a charge has just been sent and PayMe has not
    debited yet. Whether one stood. Harmless twice. It joins an open unit of work that holds no lock of money.
    """
    async with get_session() as session:
        await lock_renewals(session, parent_id)
        await OrderRepository(session).lock_all_of(parent_id)
        now = clock.now()  # when it takes effect: what was being paid meanwhile is paid
        await _stop_attempts(session, parent_id, because, now)
        return await forget_card(session, parent_id, because, now)


async def lock_renewals(session: AsyncSession, parent_id: int) -> None:
    """Nobody else begins, or ends, a renewal by card of this parent until the unit ends. Before all other locks."""
    await SubscriptionRepository(session).lock_request(f"card_renewal:{parent_id}")


async def forget_card(session: AsyncSession, parent_id: int, because: str, now: datetime) -> bool:
    """The card that stands is removed, here at once and at PayMe by a job. Attempts are locked or over."""
    parents = await ParentRepository(session).lock_all({parent_id})
    token = await SavedCardRepository(session).remove(parent_id, because, now)
    if token is None:
        return False
    await leave_removal(session, token, now)
    await show_renewal(session, parent_id, now)
    if (parent := parents.get(parent_id)) is not None:
        await EventLogService.log_payment("card_removed", parent.telegram_id, reason=because)
    return True


async def leave_removal(session: AsyncSession, token: str, now: datetime) -> None:
    """The job that has PayMe forget a card."""
    payload = {"token": token, "until": (now + TOLD_FOR).isoformat()}
    await stored_jobs.enqueue(session, JobKind.REMOVE_CARD, payload, dedup_key=f"remove_card:{hash_of(token)}")


def hash_of(token: str) -> str:
    """What a token may be known by where it is not to be kept."""
    return sha256(token.encode()).hexdigest()[:32]


async def _stop_attempts(session: AsyncSession, parent_id: int, because: str, now: datetime) -> None:
    """Of locked orders. What may have been charged is looked into first, and takes no money from here on."""
    attempts = RenewalAttemptRepository(session)
    for row in await attempts.lock_open_of(parent_id):
        after, effects = step(attempt_of(row), Event.WITHDRAWN, now, error=because)
        if Effect.CLOSE_ORDER in effects and row.order_id is not None:
            await OrderRepository(session).close(row.order_id, now, PAYME_CANCELLED)
        await write(session, row.id, after)
