"""/language, at any time."""

from __future__ import annotations

from typing import Final

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import Message

from mentorium_bot.chat import Chat
from mentorium_bot.keyboards.registration import language_keyboard
from mentorium_core.i18n import t
from mentorium_domain.enums import Language

language_router: Final = Router(name="language")


@language_router.message(Command("language"))
async def offer_languages(_: Message, chat: Chat, language: Language) -> None:
    await chat.say(t(language, "language-question"), language_keyboard(language))
