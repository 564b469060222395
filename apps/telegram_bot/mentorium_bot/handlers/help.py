"""/help, at any time."""

from __future__ import annotations

from typing import Final

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import Message

from mentorium_bot.chat import Chat
from mentorium_core.i18n import t
from mentorium_domain.enums import Language

help_router: Final = Router(name="help")


@help_router.message(Command("help"))
async def give_help(_: Message, chat: Chat, language: Language) -> None:
    await chat.say(t(language, "help-text"))
