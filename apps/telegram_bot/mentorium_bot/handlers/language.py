"""/language, at any time."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import Message

from mentorium_bot.chat import Chat
from mentorium_bot.filters import command
from mentorium_bot.keyboards.registration import language_keyboard
from mentorium_bot.router_order import IndexedRouter
from mentorium_core.i18n import t
from mentorium_domain.enums import Language


def router() -> Router:
    routes = IndexedRouter(name="language")
    routes.message.register(offer_languages, command("language"))
    return routes


async def offer_languages(_: Message, chat: Chat, language: Language) -> None:
    await chat.say(t(language, "language-question"), language_keyboard(language))
