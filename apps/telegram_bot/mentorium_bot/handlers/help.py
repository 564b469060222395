"""/help, at any time."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import Message

from mentorium_bot.chat import Chat
from mentorium_bot.filters import command
from mentorium_bot.router_order import IndexedRouter
from mentorium_bot.services.voice_offer import VoiceOffer
from mentorium_core.i18n import t
from mentorium_domain.enums import Language


def router() -> Router:
    routes = IndexedRouter(name="help")
    routes.message.register(give_help, command("help"))
    return routes


async def give_help(_: Message, chat: Chat, language: Language, voice_offer: VoiceOffer) -> None:
    spoken = f"\n\n{t(language, 'spoken-help')}" if voice_offer.takes_spoken else ""
    await chat.say(f"{t(language, 'help-text')}{spoken}")
