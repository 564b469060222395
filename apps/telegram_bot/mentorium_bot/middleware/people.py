"""Who writes, and in which language they read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.fsm.context import FSMContext
from aiogram.types import TelegramObject, User

from mentorium_bot.states.registration import LANGUAGE
from mentorium_core.identity.model import Language
from mentorium_core.identity.service import FindParent


class People(BaseMiddleware):
    """Gives handlers `parent` (None before consent) and `language`."""

    def __init__(self, find_parent: FindParent) -> None:
        self._find_parent = find_parent

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        user: User | None = data.get("event_from_user")
        parent = await self._find_parent(user.id) if user is not None else None
        data["parent"] = parent
        if parent is not None:
            data["language"] = parent.language
        elif isinstance(state := data.get("state"), FSMContext) and (chosen := await state.get_value(LANGUAGE)):
            data["language"] = Language(chosen)
        return await handler(event, data)
