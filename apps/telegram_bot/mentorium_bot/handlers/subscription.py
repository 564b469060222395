"""/subscription: what stands until when, what is charged next, what was paid; and the switch of the renewal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from aiogram import Router
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from mentorium_bot.chat import Chat
from mentorium_bot.filters import command
from mentorium_bot.keyboards.billing import (
    card_page_keyboard,
    card_row,
    card_switch_row,
    renewal_keyboard,
    tariff_keyboard,
)
from mentorium_bot.keyboards.callback_data import RenewByCard, Switch, SwitchRenewal
from mentorium_bot.router_order import IndexedRouter
from mentorium_bot.services.billing_service import switch_renewal
from mentorium_bot.services.card_links import CardLinks
from mentorium_core.billing.card_notices import last_digits
from mentorium_core.billing.card_page import TooManyLinksError, remove_card
from mentorium_core.billing.card_renewal import CardRenewalView
from mentorium_core.billing.card_texts import next_charge_text, renewal_text
from mentorium_core.billing.model import PriceList
from mentorium_core.billing.overview import GetSubscriptionOverview, PaidView, SubscriptionOverview
from mentorium_core.billing.providers import TERMS
from mentorium_core.billing.stars_renewal import StarsRenewalView
from mentorium_core.billing.texts import amount_text, tariff_title
from mentorium_core.i18n import format_date_long, t
from mentorium_core.identity.model import ParentView
from mentorium_domain.enums import Currency, Language, StarsRenewal, Tariff
from mentorium_kit import clock
from mentorium_observability import get_logger

logger = get_logger(__name__)


def router() -> Router:
    routes = IndexedRouter(name="subscription")
    routes.message.register(show_subscription, command("subscription"))
    routes.callback_query.register(switch, SwitchRenewal.filter())
    routes.callback_query.register(renew_by_card, RenewByCard.filter())
    return routes


async def show_subscription(
    _: Message,
    chat: Chat,
    parent: ParentView,
    language: Language,
    get_subscription_overview: GetSubscriptionOverview,
    prices: PriceList,
    card_links: CardLinks,
) -> None:
    overview = await get_subscription_overview(parent, clock.now())
    await chat.say("\n".join(_lines(language, overview)), _keyboard(language, overview, prices, card_links))


async def switch(
    _: CallbackQuery,
    callback_data: SwitchRenewal,
    chat: Chat,
    parent: ParentView,
    language: Language,
    get_subscription_overview: GetSubscriptionOverview,
    card_links: CardLinks,
) -> None:
    overview = await get_subscription_overview(parent, clock.now())
    is_on = callback_data.switch is Switch.ON
    if not is_on and overview.card is not None:
        await _remove_card(chat, parent, language, card_links, overview.card, overview)
        return
    if is_on and overview.card is not None:  # it is on: whoever presses an old button may want another card
        await _offer_card(chat, parent, language, card_links, overview, overview.card.tariff)
        return
    moment = await switch_renewal(parent, is_on=is_on)
    if moment is None and is_on and overview.subscription is not None and card_links.may_offer(overview):
        await _offer_card(chat, parent, language, card_links, overview, overview.subscription.tariff)
        return
    if moment is None:
        await chat.say(t(language, "renewal-none"))
        return
    day = format_date_long(language, clock.local_day(moment))
    key = "renewal-is-on-now" if is_on else "renewal-is-off-now"
    await chat.say(t(language, key, day=day), renewal_keyboard(language, is_on=is_on))


async def renew_by_card(
    _: CallbackQuery,
    callback_data: RenewByCard,
    chat: Chat,
    parent: ParentView,
    language: Language,
    get_subscription_overview: GetSubscriptionOverview,
    card_links: CardLinks,
) -> None:
    overview = await get_subscription_overview(parent, clock.now())
    await _offer_card(chat, parent, language, card_links, overview, callback_data.tariff)


async def _offer_card(
    chat: Chat,
    parent: ParentView,
    language: Language,
    card_links: CardLinks,
    overview: SubscriptionOverview,
    tariff: Tariff,
) -> None:
    try:
        offer = await card_links.offer(parent, overview, tariff)
    except TooManyLinksError as error:
        logger.info("refused", code=error.code)
        await chat.say(t(language, "card-too-many-links"))
        return
    if offer is None:
        renews = overview.renewal is not None and overview.renewal.renews
        await chat.say(t(language, "renewal-is-on-already" if renews else "renewal-none"))
        return
    text = renewal_text(language, "card-offer", offer.renewal)
    if overview.card is not None:
        text = renewal_text(language, "card-change-offer", offer.renewal)
    await chat.say(text, card_page_keyboard(language, offer.url))


async def _remove_card(
    chat: Chat,
    parent: ParentView,
    language: Language,
    card_links: CardLinks,
    card: CardRenewalView,
    overview: SubscriptionOverview,
) -> None:
    """By one press: nothing is charged any more, whoever else would have renewed it."""
    await remove_card(parent.parent_id)
    await switch_renewal(parent, is_on=False)
    if card.in_doubt:  # it may have been debited before the press
        await chat.say(renewal_text(language, "card-is-off-in-doubt", card))
        return
    shown = last_digits(card.masked_number)
    if overview.subscription is None:
        await chat.say(t(language, "card-is-off-now-without-days", card=shown))
        return
    day = format_date_long(language, clock.local_day(overview.subscription.expires_at))
    on_again = renewal_keyboard(language, is_on=False) if card_links.may_offer(overview) else None
    await chat.say(t(language, "card-is-off-now", card=shown, day=day), on_again)


def _lines(language: Language, overview: SubscriptionOverview) -> Iterator[str]:
    current = overview.subscription
    if current is None:
        yield t(language, "subscription-none")
    else:
        tariff, until = tariff_title(language, current.tariff), _day(language, current.expires_at)
        if overview.in_grace:
            open_until = _day(language, current.open_until)
            yield t(language, "subscription-in-grace", tariff=tariff, until=until, open_until=open_until)
        else:
            yield t(language, "subscription-stands", tariff=tariff, until=until)
    if overview.card is not None:
        yield next_charge_text(language, overview.card)
    if overview.renewal is not None and (overview.renewal.renews or overview.card is None):
        yield _next_charge(language, overview.renewal)
    elif current is not None and overview.card is None:
        yield t(language, "subscription-no-renewal")
    if overview.payments:
        yield ""
        yield t(language, "subscription-history")
        yield from (_paid(language, one) for one in overview.payments)
    yield ""
    yield t(language, "subscription-ways")


def _day(language: Language, moment: datetime) -> str:
    return format_date_long(language, clock.local_day(moment))


def _next_charge(language: Language, renewal: StarsRenewalView) -> str:
    """Of a renewal that is off no day is said: what is paid may end before its period, by a refund, or after it."""
    if renewal.renews:
        price = amount_text(language, renewal.stars, Currency.XTR)
        return t(language, "subscription-next-charge", day=_day(language, renewal.period_ends_at), price=price)
    return t(language, f"subscription-renewal-{'failed' if renewal.renewal is StarsRenewal.FAILED else 'off'}")


def _paid(language: Language, one: PaidView) -> str:
    line = t(
        language,
        "subscription-payment-returned" if one.returned else "subscription-payment",
        day=format_date_long(language, clock.local_day(one.at)),
        what=tariff_title(language, one.tariff) if one.tariff is not None else "Mentorium",
        price=amount_text(language, one.amount_minor, one.currency),
        provider=TERMS[one.provider].title,
    )
    return f"{line}\n  {t(language, 'subscription-receipt', url=one.receipt_url)}" if one.receipt_url else line


def _keyboard(
    language: Language, overview: SubscriptionOverview, prices: PriceList, card_links: CardLinks
) -> InlineKeyboardMarkup:
    """The switch of a renewal that can be switched; the tariffs where nothing renews, and a card where it may be."""
    current, renewal = overview.subscription, overview.renewal
    by_card = current is not None and card_links.may_offer(overview)
    if overview.card is not None:
        rows = renewal_keyboard(language, is_on=True).inline_keyboard
        more = [card_row(language, overview.card.tariff, is_saved=True)] if by_card else []
    elif renewal is not None and (renewal.renews or renewal.may_resume):
        tariffs = [] if renewal.renews else tariff_keyboard(language, prices).inline_keyboard
        rows = [*renewal_keyboard(language, is_on=renewal.renews).inline_keyboard, *tariffs]
        more = [card_row(language, current.tariff, is_saved=False)] if current is not None and by_card else []
    else:
        rows = tariff_keyboard(language, prices).inline_keyboard
        more = [card_switch_row(language)] if by_card else []
    return InlineKeyboardMarkup(inline_keyboard=[*rows, *more])
