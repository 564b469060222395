"""Only buttons in private chats do something."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.types import Chat, TelegramObject

from mentorium_bot.stale_button import say_stale


class PrivateButtons(BaseMiddleware):
    """Stands behind aiogram's CallbackAnswerMiddleware and before every handler of callback queries."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        chat: Chat | None = data.get("event_chat")
        if chat is not None and chat.type == "private":
            return await handler(event, data)
        say_stale(data["callback_answer"], data["language"])
        return UNHANDLED
