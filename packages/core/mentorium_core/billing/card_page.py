"""The page on which a parent gives a card to PayMe: a one-time link, its page, and the card that is saved at its end.

The card's number goes from the parent's browser to PayMe alone; what comes to us is PayMe's token of it.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.billing.card_renewal import CardRenewalView, end_card_renewal, keep_card
from mentorium_core.billing.card_renewal_rules import first_try_at
from mentorium_core.billing.card_texts import renewal_text
from mentorium_core.billing.cards import CardChecks, CardFault, CardFound
from mentorium_core.billing.model import GRACE, PriceList
from mentorium_core.billing.rules import stands
from mentorium_core.billing.stars_renewal import is_renewing
from mentorium_core.i18n import t
from mentorium_core.notifications.commands import notify
from mentorium_db import get_session
from mentorium_db.models import Parent
from mentorium_db.repositories import (
    CardPageLinkRepository,
    ParentRepository,
    SavedCardRepository,
    StarsSubscriptionRepository,
    SubscriptionRepository,
)
from mentorium_db.tables.renewal import CardPageLink
from mentorium_domain.enums import Language, NotificationType, ProviderName, Tariff
from mentorium_domain.outbox import MessageButton, OutboxMessage
from mentorium_kit import clock
from mentorium_kit.errors import NotFoundError, RefusedError, UnavailableError

LINK_LIFE: Final = timedelta(minutes=15)
"""So long a link may be opened, and so long an open page may save a card."""
MOST_LINKS: Final = 10
"""In an hour, of one parent."""
CONSENT_VERSION: Final = "2026-11"
CONSENT_KEY: Final = "card-page-consent"
"""The catalogue key of the text beside the checkbox; its words change only with the version."""
_TOKEN_BYTES: Final = 32
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_CARD_TOKEN: Final = re.compile(r"[!-~]{20,512}")


class TooManyLinksError(RefusedError):
    """This parent has asked for more links within the hour than anybody needs."""


class CardSaved(StrEnum):
    """What came of giving a card; all but SAVED are told on the page."""

    SAVED = "saved"
    LINK_OVER = "link_over"
    CARD_REFUSED = "card_refused"
    NO_SUBSCRIPTION = "no_subscription"
    CONSENT_MISSING = "consent_missing"
    TRY_AGAIN = "try_again"


@dataclass(frozen=True, slots=True)
class CardPage:
    """What an open page shows. `save_token` is what it comes back with; the link itself is worth nothing any more."""

    save_token: str = field(repr=False)
    language: Language
    tariff: Tariff
    amount_minor: int
    next_charge_at: datetime


async def make_card_link(parent_id: int, tariff: Tariff) -> str:
    """The token of a link that opens the page once, within a quarter of an hour; older ones open nothing any more.

    TooManyLinksError after ten within an hour. NotFoundError for a parent who is gone.
    """
    now, token = clock.now(), secrets.token_urlsafe(_TOKEN_BYTES)
    async with get_session() as session:
        await ParentRepository(session).lock(parent_id)
        links = CardPageLinkRepository(session)
        if await links.made_since(parent_id, now - timedelta(hours=1)) >= MOST_LINKS:
            raise TooManyLinksError("too_many_card_links")
        await links.end_unused(parent_id, now, opened_too=False)
        await links.add(parent_id, tariff, token_hash=_hash(token), now=now, expires_at=now + LINK_LIFE)
    return token


@dataclass(frozen=True, slots=True)
class OpenCardPage:
    """Somebody has followed a link. `grace`: how long access outlives what was paid for."""

    grace: timedelta = GRACE
    prices: PriceList = field(default_factory=PriceList)

    async def __call__(self, token: str) -> CardPage | None:
        """The page, once a link; None for one that is over, opened, unknown, or of a parent without paid days."""
        if not _TOKEN.fullmatch(token):
            return None
        now, save_token = clock.now(), secrets.token_urlsafe(_TOKEN_BYTES)
        async with get_session() as session:
            link = await CardPageLinkRepository(session).open(
                _hash(token), page_hash=_hash(save_token), now=now, expires_at=now + LINK_LIFE
            )
            parent = await ParentRepository(session).get(link.parent_id) if link is not None else None
            if (
                link is None
                or parent is None
                or (ends_at := await _renewable_end(session, parent.id, self.grace, now)) is None
            ):
                return None
            price = self.prices.price(link.tariff, ProviderName.PAYME)
            return CardPage(save_token, parent.language, link.tariff, price.amount_minor, first_try_at(ends_at, now))


@dataclass(frozen=True, slots=True)
class SaveCard:
    """The page has come back with PayMe's token: asked about at PayMe, then saved with the consent to charge it."""

    cards: CardChecks
    grace: timedelta = GRACE
    prices: PriceList = field(default_factory=PriceList)

    async def __call__(self, save_token: str, card_token: str, consent_version: str | None) -> CardSaved:
        """Once a page; repeated with the same card, and no other, it answers SAVED again. Outside a unit of work."""
        if not _TOKEN.fullmatch(save_token):
            return CardSaved.LINK_OVER
        if consent_version != CONSENT_VERSION:
            return CardSaved.CONSENT_MISSING
        if not _CARD_TOKEN.fullmatch(card_token):
            return CardSaved.CARD_REFUSED
        link = await self._open_link(save_token)
        if link is None:
            return CardSaved.LINK_OVER
        if link.used_at is not None:
            return await self._saved_before(link, card_token)
        try:
            card = await self.cards.check_card(card_token)
        except UnavailableError:
            return CardSaved.TRY_AGAIN
        if not isinstance(card, CardFound):
            return CardSaved.TRY_AGAIN if card.fault is not CardFault.FATAL else CardSaved.CARD_REFUSED
        if not card.may_be_charged or not _CARD_TOKEN.fullmatch(card.token):
            return CardSaved.CARD_REFUSED
        return await self._save(link, card)

    async def _open_link(self, save_token: str) -> CardPageLink | None:
        async with get_session() as session:
            return await CardPageLinkRepository(session).opened(_hash(save_token), clock.now())

    async def _saved_before(self, link: CardPageLink, card_token: str) -> CardSaved:
        """The answer was lost on its way, or the button pressed twice: SAVED while that card, and no other, stands."""
        async with get_session() as session:
            standing = await SavedCardRepository(session).standing(link.parent_id)
        if standing is None or standing.consented_at != link.used_at:
            return CardSaved.LINK_OVER
        if standing.card_token == card_token:
            return CardSaved.SAVED
        try:
            card = await self.cards.check_card(card_token)
        except UnavailableError:
            return CardSaved.TRY_AGAIN
        same = isinstance(card, CardFound) and card.token == standing.card_token  # PayMe had renewed the token
        return CardSaved.SAVED if same else CardSaved.LINK_OVER

    async def _save(self, link: CardPageLink, card: CardFound) -> CardSaved:
        try:
            async with get_session() as session:
                return await self._save_in(session, link, card)
        except (NotFoundError, _LinkUsedError):
            return CardSaved.LINK_OVER

    async def _save_in(self, session: AsyncSession, link: CardPageLink, card: CardFound) -> CardSaved:
        """The link is locked last, as everywhere: of two calls at once the later one undoes all it did."""
        now = clock.now()
        if await _renewable_end(session, link.parent_id, self.grace, now) is None:
            return CardSaved.NO_SUBSCRIPTION
        kept = replace(card, masked_number=last_four(card.masked_number))
        charged_at = await keep_card(link.parent_id, kept, link.tariff, CONSENT_VERSION)
        saved = await SavedCardRepository(session).standing(link.parent_id)
        # the same moment in both rows is what a repeated call is known by
        if saved is None or not await CardPageLinkRepository(session).use(link.id, saved.consented_at):
            raise _LinkUsedError
        parent = await ParentRepository(session).lock(link.parent_id)
        price = self.prices.price(link.tariff, ProviderName.PAYME)
        view = CardRenewalView(kept.masked_number, link.tariff, price.amount_minor, charged_at)
        await notify([_saved_message(parent, link.id, view, now)])
        return CardSaved.SAVED


async def remove_card(parent_id: int) -> bool:
    """The parent wants no more charges: whether a card stood. Nor does a page save one that is open. Harmless twice."""
    async with get_session() as session:
        removed = await end_card_renewal(parent_id)
        await CardPageLinkRepository(session).end_unused(parent_id, clock.now())
        return removed


def last_four(number: str) -> str:
    """`******6478`: what is kept of a card's number, however much of it PayMe shows."""
    return f"******{re.sub(r'[^0-9]', '', number)[-4:]}"


class _LinkUsedError(Exception):
    """Another call has used this link up: what this one did is undone."""


async def _renewable_end(session: AsyncSession, parent_id: int, grace: timedelta, now: datetime) -> datetime | None:
    """Until when it is paid; None where there is nothing to renew, or where Telegram renews it."""
    standing = await SubscriptionRepository(session).active_for_parent(parent_id)
    if standing is None or not stands(standing.expires_at, now, grace):
        return None
    if any(map(is_renewing, await StarsSubscriptionRepository(session).list_of(parent_id, now))):
        return None
    return standing.expires_at


def _saved_message(parent: Parent, link_id: int, view: CardRenewalView, now: datetime) -> OutboxMessage:
    language = parent.language
    return OutboxMessage(
        telegram_id=parent.telegram_id,
        kind=NotificationType.SUBSCRIPTION,
        message=renewal_text(language, "card-saved", view),
        dedup_key=f"card:saved:{link_id}",
        send_at=now,
        buttons=((MessageButton(t(language, "renewal-off-button"), data="renew:off"),),),
    )


def _hash(token: str) -> str:
    """What is kept of a token of 256 random bits: nobody finds it by trying."""
    return hashlib.sha256(token.encode()).hexdigest()
