"""What no other handler knows: one clear answer to each."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message
from aiogram.utils.callback_answer import CallbackAnswer

from mentorium_bot.chat import Chat
from mentorium_bot.filters import SENT_BY_PEOPLE
from mentorium_bot.router_order import CatchAllRouter
from mentorium_bot.services.voice_offer import VoiceOffer
from mentorium_bot.stale_button import say_stale
from mentorium_core.i18n import t
from mentorium_domain.enums import Language


def router() -> Router:
    routes = CatchAllRouter(name="fallback")
    routes.message.register(unknown_command, F.text | F.caption)
    routes.message.register(not_text, SENT_BY_PEOPLE)
    routes.edited_message.register(edited)
    routes.callback_query.register(unknown_button)
    return routes


async def unknown_command(_: Message, chat: Chat, language: Language) -> None:
    await chat.say(t(language, "fallback-command"))


async def not_text(_: Message, chat: Chat, language: Language, voice_offer: VoiceOffer) -> None:
    await chat.say(t(language, "spoken-not-text" if voice_offer.takes_spoken else "fallback-not-text"))


async def edited(_: Message, chat: Chat, language: Language) -> None:
    await chat.say(t(language, "fallback-edited"))


async def unknown_button(_: CallbackQuery, language: Language, callback_answer: CallbackAnswer) -> None:
    say_stale(callback_answer, language)
