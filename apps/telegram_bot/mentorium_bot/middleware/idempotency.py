"""Idempotency: Telegram delivers at least once, an update is handled once; its id is the idempotency key.

Redis remembers for 25 hours, longer than Telegram repeats, that an update was handled. One that was only begun belongs
to a process that died: it is handled again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiogram import BaseMiddleware, Bot
from aiogram.types import TelegramObject, Update
from redis.asyncio import Redis
from redis.exceptions import RedisError

from mentorium_observability import get_logger

_BEGUN: Final = b"p"
_HANDLED: Final = b"d"
_BEGUN_FOR_S: Final = 90
_HANDLED_FOR_S: Final = 90_000

logger = get_logger(__name__)


class IdempotencyMiddleware(BaseMiddleware):
    """Without Redis every update is handled: better twice than never."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        assert isinstance(event, Update)
        bot: Bot = data["bot"]
        key = f"mentorium:update:{bot.id}:{event.update_id}"
        if await self._was_handled(key):
            logger.info("update_repeated", update_id=event.update_id)
            return None
        result = await handler(event, data)
        await self._remember(key)
        return result

    async def _was_handled(self, key: str) -> bool:
        try:
            return bool(await self._redis.set(key, _BEGUN, nx=True, get=True, ex=_BEGUN_FOR_S) == _HANDLED)
        except RedisError as error:
            logger.warning("dedup_unavailable", reason=type(error).__name__)
            return False

    async def _remember(self, key: str) -> None:
        try:
            await self._redis.set(key, _HANDLED, ex=_HANDLED_FOR_S)
        except RedisError as error:
            logger.warning("dedup_unavailable", reason=type(error).__name__)
