"""/subscribe: the three tariffs."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from mentorium_bot.chat import Chat
from mentorium_bot.filters import command
from mentorium_bot.keyboards.billing import tariff_keyboard, tariff_text
from mentorium_bot.keyboards.callback_data import ChooseTariff
from mentorium_core.billing.model import TARIFFS
from mentorium_core.billing.queries import GetCurrentSubscription
from mentorium_core.i18n import format_date_long, t
from mentorium_core.identity.model import ParentView
from mentorium_domain.enums import Language
from mentorium_kit import clock


def router() -> Router:
    routes = Router(name="billing")
    routes.message.register(offer_tariffs, command("subscribe"))
    routes.callback_query.register(choose_tariff, ChooseTariff.filter())
    return routes


async def offer_tariffs(
    _: Message, chat: Chat, parent: ParentView, language: Language, get_current_subscription: GetCurrentSubscription
) -> None:
    standing = await get_current_subscription(parent, clock.now())
    if standing is None:
        text = t(language, "subscribe-offer")
    else:
        text = t(language, "subscribe-standing", until=format_date_long(language, clock.local_day(standing.expires_at)))
    await chat.say(text, tariff_keyboard(language))


async def choose_tariff(_: CallbackQuery, callback_data: ChooseTariff, chat: Chat, language: Language) -> None:
    terms = TARIFFS[callback_data.tariff]
    await chat.say(t(language, "subscribe-soon", tariff=tariff_text(language, terms)))
