"""/terms and /privacy, at any time."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import Message

from mentorium_bot.chat import Chat
from mentorium_bot.filters import command
from mentorium_bot.handlers.paysupport import StaffReads
from mentorium_bot.router_order import IndexedRouter
from mentorium_core.billing.model import CHILDREN_COVERED, TARIFFS, PriceList
from mentorium_core.billing.texts import tariff_text
from mentorium_core.i18n import t
from mentorium_domain.enums import Language


def router() -> Router:
    routes = IndexedRouter(name="legal")
    routes.message.register(show_terms, command("terms"))
    routes.message.register(show_privacy, command("privacy"))
    return routes


async def show_terms(_: Message, chat: Chat, language: Language, prices: PriceList, staff_reads: StaffReads) -> None:
    tariffs = "\n".join(f"• {tariff_text(language, tariff, prices)}" for tariff in TARIFFS)
    await chat.say(t(language, "terms-text", tariffs=tariffs, children=CHILDREN_COVERED, contact=staff_reads.contact))


async def show_privacy(_: Message, chat: Chat, language: Language, staff_reads: StaffReads) -> None:
    await chat.say(t(language, "privacy-text", contact=staff_reads.contact))
