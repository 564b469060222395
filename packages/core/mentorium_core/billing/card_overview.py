"""The renewal by a saved card as a parent sees it, and its switch: the card that stands is the renewal that is on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from mentorium_core.billing.model import PriceList
from mentorium_core.billing.texts import amount_text, tariff_title
from mentorium_core.i18n import format_date_long, t
from mentorium_db import autocommit_session
from mentorium_db.repositories import SavedCardRepository, SubscriptionRepository
from mentorium_domain.enums import Currency, Language, ProviderName, Tariff
from mentorium_kit import clock

FIRST_TRY_BEFORE: Final = timedelta(days=1)
"""So long before the end of what is paid a card is charged first."""


@dataclass(frozen=True, slots=True)
class CardRenewalView:
    """`amount_minor` in tiyin. `next_charge_at`: None where nothing is left to renew."""

    masked_number: str
    tariff: Tariff
    amount_minor: int
    next_charge_at: datetime | None


def next_charge_at(ends_at: datetime, now: datetime) -> datetime:
    """When the card is charged for what follows on this end."""
    return max(now, ends_at - FIRST_TRY_BEFORE)


def shown_number(masked_number: str) -> str:
    """`•••• 6478`: what a parent knows a card by."""
    return f"•••• {masked_number[-4:]}"


def renewal_text(language: Language, key: str, renewal: CardRenewalView) -> str:
    """The text of this key, which may tell card, price, tariff and day."""
    moment = renewal.next_charge_at or clock.now()
    return t(
        language,
        key,
        card=shown_number(renewal.masked_number),
        price=amount_text(language, renewal.amount_minor, Currency.UZS),
        tariff=tariff_title(language, renewal.tariff),
        day=format_date_long(language, clock.local_day(moment)),
    )


async def get_card_renewal(parent_id: int, prices: PriceList | None = None) -> CardRenewalView | None:
    """None where no card is saved. Outside a unit of work."""
    async with autocommit_session() as session:
        card = await SavedCardRepository(session).standing(parent_id)
        if card is None:
            return None
        standing = await SubscriptionRepository(session).active_for_parent(parent_id)
    price = (prices or PriceList()).price(card.tariff, ProviderName.PAYME)
    moment = next_charge_at(standing.expires_at, clock.now()) if standing is not None else None
    return CardRenewalView(card.masked_number, card.tariff, price.amount_minor, moment)
