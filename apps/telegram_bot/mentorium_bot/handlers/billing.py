"""/subscribe: the three tariffs, the ways to pay one, and the checkout. Each press of a way to pay is one order."""

from __future__ import annotations

from typing import Final

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from mentorium_bot.chat import Chat
from mentorium_bot.filters import command
from mentorium_bot.keyboards.billing import checkout_keyboard, provider_keyboard, tariff_keyboard
from mentorium_bot.keyboards.callback_data import (
    ChooseProvider,
    ChooseProviderAlone,
    ChooseTariff,
    PayButton,
    RenewWithStars,
)
from mentorium_bot.router_order import IndexedRouter
from mentorium_bot.services.billing_service import (
    RENEWED_BY_STARS,
    BillingService,
    OpenedCheckout,
    terms_of,
)
from mentorium_core.billing.family import PayingFamily, get_cover, get_paying_family
from mentorium_core.billing.model import PriceList
from mentorium_core.billing.providers import InvoiceCheckout, LinkCheckout
from mentorium_core.billing.queries import GetCurrentSubscription, is_renewed
from mentorium_core.billing.texts import amount_text, tariff_title
from mentorium_core.i18n import format_date_long, t
from mentorium_core.identity.model import ParentView
from mentorium_domain.enums import Language, OrderKind, Tariff
from mentorium_kit import clock
from mentorium_kit.deadline import deadline
from mentorium_kit.errors import UnavailableError
from mentorium_observability import get_logger

_COVER_PATIENCE_S: Final = 3.0
logger = get_logger(__name__)


def router() -> Router:
    routes = IndexedRouter(name="billing")
    routes.message.register(offer_tariffs, command("subscribe"))
    routes.callback_query.register(choose_tariff, ChooseTariff.filter())
    routes.callback_query.register(renew_with_stars, RenewWithStars.filter())
    routes.callback_query.register(choose_provider, ChooseProvider.filter())
    routes.callback_query.register(choose_provider_of_the_message, ChooseProviderAlone.filter())
    return routes


async def offer_tariffs(
    _: Message,
    chat: Chat,
    parent: ParentView,
    language: Language,
    get_current_subscription: GetCurrentSubscription,
    prices: PriceList,
) -> None:
    now = clock.now()
    standing = await get_current_subscription(parent, now)
    if standing is None:
        text = t(language, "subscribe-offer")
    else:
        until = format_date_long(language, clock.local_day(standing.expires_at))
        open_until = format_date_long(language, clock.local_day(standing.open_until))
        if standing.expires_at <= now:
            text = t(language, "subscribe-in-grace", until=until, open_until=open_until)
        else:
            text = t(language, "subscribe-standing", until=until)
    await chat.say(text, tariff_keyboard(language, prices))


async def choose_tariff(
    _: CallbackQuery,
    callback_data: ChooseTariff,
    chat: Chat,
    parent: ParentView,
    language: Language,
    billing: BillingService,
) -> None:
    tariff = callback_data.tariff
    family = await get_paying_family(parent, clock.now())
    offers = await billing.offers(tariff, is_renewed=family.renews)
    if not offers:
        await chat.say(t(language, "pay-none-offered", tariff=tariff_title(language, tariff)))
        return
    text = t(language, "pay-choose", tariff=tariff_title(language, tariff))
    if (note := await _before_paying(family, language)) is not None:
        text = f"{note}\n\n{text}"
    await chat.say(text, provider_keyboard(language, tariff, offers))


async def choose_provider(
    query: CallbackQuery,
    callback_data: ChooseProvider,
    chat: Chat,
    parent: ParentView,
    language: Language,
    billing: BillingService,
) -> None:
    opened = await billing.check_out(parent, callback_data.tariff, callback_data.provider, query.id)
    await _show(chat, parent, language, billing, opened, callback_data.provider, callback_data.tariff)


async def renew_with_stars(
    query: CallbackQuery,
    callback_data: RenewWithStars,
    chat: Chat,
    parent: ParentView,
    language: Language,
    billing: BillingService,
) -> None:
    if await is_renewed(parent):
        await chat.say(t(language, "renewal-is-on-already"))
        return
    opened = await billing.check_out(parent, RENEWED_BY_STARS, callback_data.provider, query.id, renews=True)
    await _show(chat, parent, language, billing, opened, callback_data.provider, RENEWED_BY_STARS)


async def choose_provider_of_the_message(
    query: CallbackQuery,
    callback_data: ChooseProviderAlone,
    chat: Chat,
    parent: ParentView,
    language: Language,
    billing: BillingService,
    prices: PriceList,
) -> None:
    tariff = _offered_tariff(query)
    if tariff is None:
        await chat.say(t(language, "subscribe-offer"), tariff_keyboard(language, prices))
        return
    opened = await billing.check_out(parent, tariff, callback_data.provider, query.id)
    await _show(chat, parent, language, billing, opened, callback_data.provider, tariff)


async def _show(
    chat: Chat,
    parent: ParentView,
    language: Language,
    billing: BillingService,
    opened: OpenedCheckout | None,
    provider: PayButton,
    tariff: Tariff,
) -> None:
    if opened is None:
        offers = await billing.offers(tariff, is_renewed=await is_renewed(parent))
        key = "pay-not-offered" if offers else "pay-not-offered-nor-others"
        logger.info("refused", code="checkout_refused", reason="provider_not_offered", provider=provider)
        text = t(language, key, provider=terms_of(provider).title)
        await chat.say(text, provider_keyboard(language, tariff, offers) if offers else None)
        return
    order = opened.order
    logger.info("checkout_opened", order=order.public_id, provider=order.provider, tariff=order.tariff)
    match opened.checkout:
        case InvoiceCheckout(payload, stars):
            title = t(language, f"invoice-title-{order.tariff}")
            await chat.send_stars_invoice(title, t(language, "invoice-description"), payload, stars)
        case LinkCheckout(url):
            text = t(
                language,
                "pay-renewal-checkout" if _renews(opened) else "pay-checkout",
                order=order.public_id,
                tariff=tariff_title(language, order.tariff),
                price=amount_text(language, order.amount_minor, order.currency),
            )
            await chat.say(text, checkout_keyboard(language, opened.terms.title, url))


def _renews(opened: OpenedCheckout) -> bool:
    return opened.order.kind is OrderKind.STARS_SUBSCRIPTION


def _offered_tariff(query: CallbackQuery) -> Tariff | None:
    """Of the ways to pay on the message whose button was pressed."""
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    for each in (each for row in (markup.inline_keyboard if markup else []) for each in row):
        try:
            return ChooseProvider.unpack(each.callback_data or "").tariff
        except (TypeError, ValueError):  # another button
            continue
    return None


async def _before_paying(family: PayingFamily, language: Language) -> str | None:
    """What makes paying needless now; None also while the platform is away or hangs: paying does not wait for it."""
    try:
        async with deadline(_COVER_PATIENCE_S):
            cover = await get_cover(family, clock.now())
        if cover.by_others_until is not None:
            day = format_date_long(language, clock.local_day(cover.by_others_until))
            return t(language, "pay-covered-already", until=day)
        return None if cover.has_child else t(language, "pay-no-child")
    except UnavailableError as error:
        logger.info("cover_not_known", code=error.code)
        return None
