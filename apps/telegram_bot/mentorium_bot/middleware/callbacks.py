"""Every pressed button is answered, so that none keeps spinning; only those in private chats do something."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import CallbackQuery, Chat, TelegramObject

from mentorium_core.i18n import t
from mentorium_observability import get_logger

logger = get_logger(__name__)


class CallbackAnswers(BaseMiddleware):
    """Stands before every handler and answers after it, with the text that it left in `toast`, if any."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        assert isinstance(event, CallbackQuery)
        toast = data["toast"] = Toast()
        chat: Chat | None = data.get("event_chat")
        if chat is None or chat.type != "private":
            toast.text = t(data["language"], "fallback-button")
        try:
            return await handler(event, data)
        finally:
            await _answer(event, toast.text)


class Toast:
    """What is shown over the chat when the button has been dealt with; nothing by default."""

    def __init__(self) -> None:
        self.text: str | None = None


async def _answer(query: CallbackQuery, text: str | None) -> None:
    try:
        await query.answer(text, show_alert=text is not None)
    except TelegramBadRequest:
        logger.info("callback_too_old")
