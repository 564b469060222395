"""/settings: what can be chosen so far, and the way to the rest."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import Message

from mentorium_bot.chat import Chat
from mentorium_bot.filters import command
from mentorium_bot.handlers.email_channel import EmailOffer
from mentorium_bot.keyboards.settings import settings_keyboard
from mentorium_core.i18n import t
from mentorium_domain.enums import Language
from mentorium_domain.language import LANGUAGES


def router() -> Router:
    routes = Router(name="settings")
    routes.message.register(show_settings, command("settings"))
    return routes


async def show_settings(_: Message, chat: Chat, language: Language, email_offer: EmailOffer) -> None:
    text = t(language, "settings-text", current=LANGUAGES[language].native_name)
    await chat.say(text, settings_keyboard(language, by_email=email_offer.is_offered))
