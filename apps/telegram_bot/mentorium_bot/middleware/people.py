"""Who writes, in which language they read, and whether they can be reached."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.fsm.context import FSMContext
from aiogram.types import TelegramObject, Update, User

from mentorium_bot.states.registration import LANGUAGE
from mentorium_core.identity.model import Language
from mentorium_core.identity.service import FindParent
from mentorium_core.notifications.service import ReopenChat


class People(BaseMiddleware):
    """Gives handlers `parent` (None before consent) and `language`."""

    def __init__(self, find_parent: FindParent, reopen_chat: ReopenChat) -> None:
        self._find_parent = find_parent
        self._reopen_chat = reopen_chat

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        user: User | None = data.get("event_from_user")
        parent = await self._find_parent(user.id) if user is not None else None
        data["parent"] = parent
        if parent is not None and not parent.reachable and _writes(event):
            await self._reopen_chat(parent.telegram_id)
        if parent is not None:
            data["language"] = parent.language
        elif isinstance(state := data.get("state"), FSMContext) and (chosen := await state.get_value(LANGUAGE)):
            data["language"] = Language(chosen)
        return await handler(event, data)


def _writes(event: TelegramObject) -> bool:
    """Whether somebody used the chat: who has blocked the bot cannot. That they block it is an update, too."""
    return isinstance(event, Update) and (event.message is not None or event.callback_query is not None)
