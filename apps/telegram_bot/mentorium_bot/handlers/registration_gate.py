"""Whoever is not registered yet: whatever they send or press, the open question of registration is asked again."""

from __future__ import annotations

from typing import Final

from aiogram import Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from mentorium_bot.chat import Chat
from mentorium_bot.filters import not_registered
from mentorium_bot.services.registration_steps import RegistrationSteps
from mentorium_core.identity.model import ParentView
from mentorium_domain.enums import Language

gate_router: Final = Router(name="gate")
for observer in (gate_router.message, gate_router.edited_message, gate_router.callback_query):
    observer.filter(not_registered)


@gate_router.message()
@gate_router.edited_message()
@gate_router.callback_query()
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
