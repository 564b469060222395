"""The Stop button under a draft ends the answer that is being written."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import MessageGenerationStopped

from mentorium_bot.router_order import IndexedRouter
from mentorium_bot.services.ai_dialog_service import AIDialogService


def router() -> Router:
    routes = IndexedRouter(name="stop_answer")
    routes.stopped_message_generation.register(stop_answer)
    return routes


async def stop_answer(event: MessageGenerationStopped, dialogs: AIDialogService) -> None:
    dialogs.stop(event.chat.id)
