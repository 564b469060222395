"""Retry policy: how the bot behaves when Telegram says "too many requests" (rate limit) or does not answer.

A message that somebody waits for is worth waiting; a preview of it is not. What may be done twice is repeated after any
failure, what may not (a message would arrive twice) only if it certainly never reached the server.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, cast

from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.methods import SendChatAction, SendMessageDraft, TelegramMethod
from aiogram.methods.base import Response, TelegramType

from mentorium_domain.outbox import Lane
from mentorium_gateways.telegram.errors import (
    AnswerLostError,
    ChatClosedError,
    TelegramError,
    TelegramRateLimitError,
    TelegramUnavailableError,
)
from mentorium_gateways.telegram.rate_limiter import SharedRateLimiter
from mentorium_gateways.telegram.updates import GetRawUpdates
from mentorium_kit.backoff import backoff_s
from mentorium_kit.errors import UnavailableError
from mentorium_kit.unit_of_work import refuse_inside
from mentorium_observability.metrics import count_error

if TYPE_CHECKING:
    from aiogram import Bot

LONGEST_WAIT_S: Final = 60.0
MOST_TRIES: Final = 4
_JITTER_S: Final = 0.3
_FIRST_PAUSE_S: Final = 0.5
_ONCE_ONLY: Final = ("send", "forward", "copy", "refund", "create")
_COUNTED: Final = ("send", "edit", "copy", "forward", "delete")
_PREVIEWS: Final = (SendMessageDraft, SendChatAction)


class RetryMiddleware(BaseRequestMiddleware):
    """Session middleware: waits out limits for messages, drops previews during them, repeats what is safe to repeat."""

    def __init__(
        self, limiter: SharedRateLimiter | None = None, on_blocked: Callable[[int], Awaitable[None]] | None = None
    ) -> None:
        self._limiter = limiter
        self._on_blocked = on_blocked
        self._quiet_until: dict[int | str, float] = {}

    async def __call__(
        self, make_request: NextRequestMiddlewareType[TelegramType], bot: Bot, method: TelegramMethod[TelegramType]
    ) -> Response[TelegramType]:
        refuse_inside("telegram")
        if method.__api_method__ == GetRawUpdates.__api_method__:
            return await make_request(bot, method)
        carry = self._preview if isinstance(method, _PREVIEWS) else self._deliver
        try:
            if self._limiter is None or not _is_counted(method):
                return await carry(make_request, bot, method)
            # an answer takes its permit in any case, and so does not wait for it
            answer, permit = await asyncio.gather(
                carry(make_request, bot, method), self._limiter.take(Lane.ANSWER, 1), return_exceptions=True
            )
            if isinstance(permit, Exception):
                count_error(permit)  # the message has gone out all the same
            if isinstance(answer, BaseException):
                raise answer
            return cast("Response[TelegramType]", answer)
        except ChatClosedError:
            chat = getattr(method, "chat_id", None)
            if self._on_blocked is not None and isinstance(chat, int) and chat > 0:
                await self._tell_blocked(chat)
            raise

    async def _preview(
        self, make_request: NextRequestMiddlewareType[TelegramType], bot: Bot, method: TelegramMethod[TelegramType]
    ) -> Response[TelegramType]:
        """Returns False for a preview that was dropped."""
        chat = getattr(method, "chat_id", 0)
        now = asyncio.get_running_loop().time()
        if self._quiet_until.get(chat, 0.0) > now:
            return False  # type: ignore[return-value]
        try:
            return await make_request(bot, method)
        except TelegramRateLimitError as limit:
            self._quiet_until = {other: until for other, until in self._quiet_until.items() if until > now}
            self._quiet_until[chat] = now + limit.retry_after_s
            return False  # type: ignore[return-value]

    async def _deliver(
        self, make_request: NextRequestMiddlewareType[TelegramType], bot: Bot, method: TelegramMethod[TelegramType]
    ) -> Response[TelegramType]:
        waited = 0.0
        for attempt in range(1, MOST_TRIES + 1):
            try:
                return await make_request(bot, method)
            except (TelegramUnavailableError, AnswerLostError) as error:
                await self._tell_others(error)
                pause = _pause(method, error, attempt)
                waited += pause or 0.0
                if pause is None or waited > LONGEST_WAIT_S or attempt == MOST_TRIES:
                    raise
            await asyncio.sleep(pause)
        raise AssertionError("the last try returns or raises")

    async def _tell_blocked(self, chat: int) -> None:
        assert self._on_blocked is not None
        try:
            await self._on_blocked(chat)
        except UnavailableError as error:
            count_error(error)  # the next message to this chat finds it closed again

    async def _tell_others(self, error: TelegramError) -> None:
        if self._limiter is not None and isinstance(error, TelegramRateLimitError):
            await self._limiter.pause_all(error.retry_after_s)


def _pause(method: TelegramMethod[TelegramType], error: TelegramError, attempt: int) -> float | None:
    """Seconds to wait before the next try, or None where there must not be one."""
    jitter = random.uniform(0, _JITTER_S)  # noqa: S311 - spreads retries, guards nothing
    if isinstance(error, TelegramRateLimitError):
        return error.retry_after_s + jitter
    if isinstance(error, TelegramUnavailableError) or not _changes_twice(method):
        return backoff_s(attempt, _FIRST_PAUSE_S, LONGEST_WAIT_S) + jitter
    return None


def _is_counted(method: TelegramMethod[TelegramType]) -> bool:
    """Whether Telegram's limits count it; "typing…" and answers to buttons are free."""
    return method.__api_method__.startswith(_COUNTED) and not isinstance(method, SendChatAction)


def _changes_twice(method: TelegramMethod[TelegramType]) -> bool:
    return method.__api_method__.startswith(_ONCE_ONLY)
