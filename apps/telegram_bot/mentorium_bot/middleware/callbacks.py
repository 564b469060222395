"""Every pressed button is answered, so that none keeps spinning."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import CallbackQuery, TelegramObject

from mentorium_observability import get_logger

logger = get_logger(__name__)


class CallbackAnswers(BaseMiddleware):
    """Answers after the handler, with the text the handler left in `toast`, if any."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        assert isinstance(event, CallbackQuery)
        toast = data["toast"] = Toast()
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
