"""Words of despair, whoever writes them and whatever they were asked for: a fixed answer, before all else."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import Message

from mentorium_bot.chat import Chat
from mentorium_bot.filters import not_registered, written
from mentorium_bot.router_order import IndexedRouter
from mentorium_bot.services.crisis_answers import CrisisAnswers
from mentorium_core.identity.model import ParentView
from mentorium_core.mentor.crisis.model import CrisisSign
from mentorium_core.mentor.crisis.rules import find_crisis
from mentorium_core.mentor.rules import reply_language
from mentorium_domain.enums import Language


def router() -> Router:
    routes = IndexedRouter(name="crisis")
    routes.message.register(answer_crisis, speaks_of_crisis)
    routes.edited_message.register(answer_crisis, speaks_of_crisis)
    return routes


async def speaks_of_crisis(message: Message) -> bool | dict[str, CrisisSign]:
    """Gives `sign` where the lexicon finds one."""
    sign = find_crisis(written(message))
    return {"sign": sign} if sign is not None else False


async def answer_crisis(
    message: Message,
    sign: CrisisSign,
    chat: Chat,
    language: Language,
    crisis_answers: CrisisAnswers,
    parent: ParentView | None,
) -> None:
    """Of who is not registered nothing is kept: nobody has agreed to it."""
    known = parent is not None and not await not_registered(message, parent)
    await crisis_answers.answer(sign, reply_language(written(message), language), chat.say, chat.id if known else None)
