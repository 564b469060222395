"""What this parent may see at this moment: rights from the platform, access from the subscriptions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.dispatcher.flags import get_flag
from aiogram.types import TelegramObject

from mentorium_core.billing.queries import GetFamilyAccess


class SubscriptionMiddleware(BaseMiddleware):
    """Gives `family` to the handlers that carry the flag NEEDS_FAMILY, which stand behind the gate of registration."""

    def __init__(self, get_family_access: GetFamilyAccess) -> None:
        self._get_family_access = get_family_access

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        if get_flag(data, "needs_family"):
            data["family"] = await self._get_family_access(data["parent"])
        return await handler(event, data)
