"""What no server of Telegram sends goes no further; somebody who may be waiting is asked to write again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiogram import BaseMiddleware, Bot
from aiogram.types import Chat, TelegramObject, Update, User

from mentorium_bot.intake.invalid_update import apologise
from mentorium_observability import get_logger

_LARGEST_ID: Final = 2**52
"""Telegram promises that ids of users and chats stay within 52 bits."""
_WRITTEN: Final = {"message", "edited_message", "callback_query"}

logger = get_logger(__name__)


class SanityCheck(BaseMiddleware):
    """Stands outermost: behind it every id fits the tables, and whatever is written has its writer."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        assert isinstance(event, Update)
        if _is_plausible(event, data.get("event_from_user"), data.get("event_chat")):
            return await handler(event, data)
        logger.warning("update_implausible", update_id=event.update_id, kind=event.event_type)
        bot: Bot = data["bot"]
        await apologise(bot, event.model_dump(by_alias=True, include=_WRITTEN))
        return None


def _is_plausible(update: Update, user: User | None, chat: Chat | None) -> bool:
    if user is None and update.event_type in _WRITTEN:
        return False
    return (
        0 <= update.update_id < _LARGEST_ID
        and (user is None or 0 < user.id < _LARGEST_ID)
        and (chat is None or -_LARGEST_ID < chat.id < _LARGEST_ID)
    )
