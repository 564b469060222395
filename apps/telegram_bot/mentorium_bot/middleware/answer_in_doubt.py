"""An update that may have been answered is not answered again: the parent is told, and asks once more if need be."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import Chat as TelegramChat
from aiogram.types import TelegramObject, Update

from mentorium_bot.chat import Chat
from mentorium_bot.middleware.update_context import OUTCOME
from mentorium_core.i18n import t
from mentorium_domain.inbox import TakenUpdate
from mentorium_gateways.telegram import TelegramError
from mentorium_observability import get_logger
from mentorium_observability.metrics import inbox_updates

logger = get_logger(__name__)


class AnswerInDoubt(BaseMiddleware):
    """Stands behind whatever knows the language. Whoever was killed while it answered had marked the update."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        assert isinstance(event, Update)
        taken: TakenUpdate | None = data.get("taken")
        if taken is None or not taken.answer_in_doubt:
            return await handler(event, data)
        logger.warning("answer_in_doubt", update_id=event.update_id, tries=taken.tries)
        inbox_updates.labels(status="in_doubt").inc()
        data[OUTCOME] = "in_doubt"
        if event.callback_query is not None:
            with suppress(TelegramError):
                await event.callback_query.answer()
        where: TelegramChat | None = data.get("event_chat")
        chat: Chat | None = data.get("chat")
        if chat is not None and where is not None and where.type == "private":
            await chat.say(t(data["language"], "inbox-answer-in-doubt"))
        return None
