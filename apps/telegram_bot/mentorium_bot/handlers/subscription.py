"""/subscription: what stands until when, what is charged next, what was paid; and the switch of the renewal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from aiogram import Router
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from mentorium_bot.chat import Chat
from mentorium_bot.filters import command
from mentorium_bot.keyboards.billing import renewal_keyboard, tariff_keyboard
from mentorium_bot.keyboards.callback_data import Switch, SwitchRenewal
from mentorium_bot.services.billing_service import switch_renewal
from mentorium_core.billing.model import PriceList
from mentorium_core.billing.overview import GetSubscriptionOverview, PaidView, SubscriptionOverview
from mentorium_core.billing.providers import TERMS
from mentorium_core.billing.stars_renewal import StarsRenewalView
from mentorium_core.billing.texts import amount_text, tariff_title
from mentorium_core.i18n import format_date_long, t
from mentorium_core.identity.model import ParentView
from mentorium_domain.enums import Currency, Language, StarsRenewal
from mentorium_kit import clock


def router() -> Router:
    routes = Router(name="subscription")
    routes.message.register(show_subscription, command("subscription"))
    routes.callback_query.register(switch, SwitchRenewal.filter())
    return routes


async def show_subscription(
    _: Message,
    chat: Chat,
    parent: ParentView,
    language: Language,
    get_subscription_overview: GetSubscriptionOverview,
    prices: PriceList,
) -> None:
    overview = await get_subscription_overview(parent, clock.now())
    await chat.say("\n".join(_lines(language, overview)), _keyboard(language, overview, prices))


async def switch(
    _: CallbackQuery, callback_data: SwitchRenewal, chat: Chat, parent: ParentView, language: Language
) -> None:
    is_on = callback_data.switch is Switch.ON
    moment = await switch_renewal(parent, is_on=is_on)
    if moment is None:
        await chat.say(t(language, "renewal-none"))
        return
    day = format_date_long(language, clock.local_day(moment))
    key = "renewal-is-on-now" if is_on else "renewal-is-off-now"
    await chat.say(t(language, key, day=day), renewal_keyboard(language, is_on=is_on))


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
    if overview.renewal is not None:
        yield _next_charge(language, overview.renewal)
    elif current is not None:
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


def _keyboard(language: Language, overview: SubscriptionOverview, prices: PriceList) -> InlineKeyboardMarkup:
    """The switch of a renewal that can be switched; the tariffs where nothing renews."""
    renewal = overview.renewal
    switch = (
        renewal_keyboard(language, is_on=renewal.renews).inline_keyboard
        if renewal is not None and renewal.renewal is not StarsRenewal.FAILED
        else []
    )
    if renewal is not None and renewal.renews:
        return InlineKeyboardMarkup(inline_keyboard=switch)
    return InlineKeyboardMarkup(inline_keyboard=[*switch, *tariff_keyboard(language, prices).inline_keyboard])
