"""Where the steps of a conversation are kept: Redis, asked only by who takes a step, and with a circuit breaker."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeVar

from aiogram import BaseMiddleware
from aiogram.fsm.middleware import FSMContextMiddleware
from aiogram.fsm.storage.base import DefaultKeyBuilder, StateType, StorageKey
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.types import TelegramObject
from redis.asyncio import Redis
from redis.exceptions import RedisError

from mentorium_bot.states.registration import STATE_TTL_S
from mentorium_kit.errors import UnavailableError
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error

_ANSWER_TIMEOUT_S: Final = 1.0
_OPEN_FOR_S: Final = 5.0

logger = get_logger(__name__)
Result = TypeVar("Result")


class StepsUnavailableError(UnavailableError):
    """Redis does not answer: no step of a conversation can be remembered or recalled."""

    message_key = "error-steps-unavailable"


class FsmStorage(RedisStorage):
    """Raises StepsUnavailableError while Redis is away, for some seconds without asking it again."""

    def __init__(self, redis: Redis) -> None:
        keys = DefaultKeyBuilder(prefix="mentorium", with_bot_id=True)
        super().__init__(redis, key_builder=keys, state_ttl=STATE_TTL_S, data_ttl=STATE_TTL_S)
        self._open_until = 0.0

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        await self._guarded(super().set_state, key, state)

    async def get_state(self, key: StorageKey) -> str | None:
        return await self._guarded(super().get_state, key)

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        await self._guarded(super().set_data, key, data)

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        return await self._guarded(super().get_data, key)

    async def _guarded(self, call: Callable[..., Awaitable[Result]], *arguments: object) -> Result:
        now = asyncio.get_running_loop().time()
        if now < self._open_until:
            raise StepsUnavailableError("redis_unavailable")
        try:
            async with asyncio.timeout(_ANSWER_TIMEOUT_S):
                return await call(*arguments)
        except (RedisError, TimeoutError) as error:
            self._open_until = now + _OPEN_FOR_S
            count_error(error)
            logger.warning("steps_unavailable", reason=type(error).__name__)
            raise StepsUnavailableError("redis_unavailable") from error


class LazyState(BaseMiddleware):
    """Gives handlers `state` without a look into it: aiogram's own middleware reads Redis for each update."""

    def __init__(self, fsm: FSMContextMiddleware) -> None:
        self._fsm = fsm

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        data["fsm_storage"] = self._fsm.storage
        if (state := self._fsm.resolve_event_context(data["bot"], data)) is not None:
            data["state"] = state
        return await handler(event, data)
