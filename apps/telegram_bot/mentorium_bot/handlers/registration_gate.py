"""Whoever is not registered yet: whatever they send or press, the open question of registration is asked again."""

from __future__ import annotations

from aiogram import Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from mentorium_bot.chat import Chat
from mentorium_bot.filters import SENT_BY_PEOPLE, not_registered
from mentorium_bot.router_order import IndexedRouter
from mentorium_bot.services.registration import RegistrationSteps
from mentorium_core.identity.model import ParentView
from mentorium_domain.enums import Language


def router() -> Router:
    routes = IndexedRouter(name="registration_gate")
    for observer in (routes.message, routes.edited_message, routes.callback_query):
        observer.filter(not_registered)
    routes.message.register(ask_again, SENT_BY_PEOPLE)
    routes.edited_message.register(ask_again)
    routes.callback_query.register(ask_again)
    return routes


async def ask_again(
    event: Message | CallbackQuery,
    chat: Chat,
    state: FSMContext,
    language: Language,
    registration: RegistrationSteps,
    parent: ParentView | None,
) -> None:
    if event.from_user is not None:
        await registration.ask_next_step(chat, state, event.from_user, language, parent)
