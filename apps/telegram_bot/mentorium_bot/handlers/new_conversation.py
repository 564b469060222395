"""/new: the mentor forgets what was said."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import Message

from mentorium_bot.chat import Chat
from mentorium_bot.filters import command
from mentorium_bot.router_order import IndexedRouter
from mentorium_core.i18n import t
from mentorium_core.identity.model import ParentView
from mentorium_core.mentor.commands import forget_conversation
from mentorium_domain.enums import Language


def router() -> Router:
    routes = IndexedRouter(name="new_conversation")
    routes.message.register(forget, command("new"))
    return routes


async def forget(_: Message, chat: Chat, parent: ParentView, language: Language) -> None:
    await forget_conversation(parent)
    await chat.say(t(language, "new-done"))
