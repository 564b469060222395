"""What no other handler knows: one clear answer to each."""

from __future__ import annotations

from typing import Final

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from mentorium_bot.chat import Chat
from mentorium_bot.middleware.callbacks import Toast
from mentorium_core.i18n import t
from mentorium_domain.enums import Language

fallback_router: Final = Router(name="fallback")


@fallback_router.message(F.text)
async def unknown_command(_: Message, chat: Chat, language: Language) -> None:
    await chat.say(t(language, "fallback-command"))


@fallback_router.message()
async def not_text(_: Message, chat: Chat, language: Language) -> None:
    await chat.say(t(language, "fallback-not-text"))


@fallback_router.edited_message()
async def edited(_: Message, chat: Chat, language: Language) -> None:
    await chat.say(t(language, "fallback-edited"))


@fallback_router.callback_query()
async def unknown_button(_: CallbackQuery, language: Language, toast: Toast) -> None:
    say_stale(toast, language)


def say_stale(toast: Toast, language: Language) -> None:
    """The button is not, or no longer, one of ours."""
    toast.text = t(language, "fallback-button")
