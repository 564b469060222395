"""/settings: what can be chosen so far, and the way to the rest."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import Message

from mentorium_bot.chat import Chat
from mentorium_bot.filters import command
from mentorium_bot.keyboards.settings import settings_keyboard
from mentorium_bot.keyboards.voice import voice_row
from mentorium_bot.services.voice_offer import VoiceOffer
from mentorium_core.i18n import t
from mentorium_core.identity.model import ParentView
from mentorium_core.notifications.preferences import read_preferences
from mentorium_domain.enums import Language
from mentorium_domain.language import LANGUAGES


def router() -> Router:
    routes = Router(name="settings")
    routes.message.register(show_settings, command("settings"))
    return routes


async def show_settings(
    _: Message, chat: Chat, language: Language, parent: ParentView, voice_offer: VoiceOffer
) -> None:
    text, rows = t(language, "settings-text", current=LANGUAGES[language].native_name), []
    if voice_offer.is_offered:
        rows.append(voice_row(language, on=(await read_preferences(parent.parent_id)).report_voice))
    await chat.say(text, settings_keyboard(language, *rows))
