"""Retry policy: how the bot behaves when Telegram says "too many requests" (rate limit) or does not answer.

A 429 holds the chat it was said of, and nobody else (`chat_holds.py`). A message that somebody waits for is worth
waiting; a preview of it is not. What may be done twice is repeated after any failure, what may not (a message would
arrive twice) only if it certainly never reached the server.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, cast

from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.methods import SendChatAction, SendMessageDraft, TelegramMethod
from aiogram.methods.base import Response, TelegramType

from mentorium_domain.outbox import Lane
from mentorium_gateways.telegram.chat_holds import Chat, ChatHolds
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
from mentorium_kit.deadline import extend_deadline
from mentorium_kit.errors import UnavailableError
from mentorium_kit.unit_of_work import refuse_inside
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error

if TYPE_CHECKING:
    from aiogram import Bot

LONGEST_WAIT_S: Final = 60.0
MOST_TRIES: Final = 4
_JITTER_S: Final = 0.3
_LARGEST_ID: Final = 2**63
"""An id beyond it is nobody's, whatever an update says."""
_FIRST_PAUSE_S: Final = 0.5
_ONCE_ONLY: Final = ("send", "forward", "copy", "refund", "create")
_MESSAGES: Final = ("send", "forward", "copy")
_COUNTED: Final = ("send", "edit", "copy", "forward", "delete")
_PREVIEWS: Final = (SendMessageDraft, SendChatAction)

logger = get_logger(__name__)


class RetryMiddleware(BaseRequestMiddleware):
    """Session middleware: waits out limits for messages, drops previews during them, repeats what is safe to repeat."""

    def __init__(
        self, limiter: SharedRateLimiter | None = None, on_blocked: Callable[[int], Awaitable[None]] | None = None
    ) -> None:
        self._limiter = limiter
        self._on_blocked = on_blocked
        self._holds = ChatHolds()

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
            if self._on_blocked is not None and isinstance(chat, int) and 0 < chat < _LARGEST_ID:
                await self._tell_blocked(chat)
            raise

    async def _preview(
        self, make_request: NextRequestMiddlewareType[TelegramType], bot: Bot, method: TelegramMethod[TelegramType]
    ) -> Response[TelegramType]:
        """Returns False for a preview that was dropped."""
        if self._held_s(method) > 0:
            return False  # type: ignore[return-value]
        try:
            return await make_request(bot, method)
        except TelegramRateLimitError as limit:
            self._hold(method, limit)
            return False  # type: ignore[return-value]

    async def _deliver(
        self, make_request: NextRequestMiddlewareType[TelegramType], bot: Bot, method: TelegramMethod[TelegramType]
    ) -> Response[TelegramType]:
        waited, began = 0.0, time.monotonic()
        for attempt in range(1, MOST_TRIES + 1):
            waited += await self._wait_for_chat(method, LONGEST_WAIT_S - waited)
            try:
                response = await make_request(bot, method)
                _tell_sent(method, began, attempt)
                return response
            except (TelegramUnavailableError, AnswerLostError) as error:
                await self._tell_others(method, error)
                pause = _pause(method, error, attempt)
                if pause is None or waited + pause > LONGEST_WAIT_S or attempt == MOST_TRIES:
                    raise
            waited += pause
            extend_deadline(pause)
            await asyncio.sleep(pause)
        raise AssertionError("the last try returns or raises")

    async def _tell_blocked(self, chat: int) -> None:
        assert self._on_blocked is not None
        try:
            await self._on_blocked(chat)
        except UnavailableError as error:
            count_error(error)  # the next message to this chat finds it closed again

    async def _wait_for_chat(self, method: TelegramMethod[TelegramType], at_most_s: float) -> float:
        """Seconds waited until the chat is no longer held. TelegramRateLimitError where that would be too long."""
        waited = 0.0
        while (held_s := self._held_s(method)) > 0:
            if waited + held_s > at_most_s:
                raise TelegramRateLimitError(held_s, "the chat is held")
            pause = held_s + random.uniform(0, _JITTER_S)  # noqa: S311 - spreads retries, guards nothing
            waited += pause
            extend_deadline(pause)
            await asyncio.sleep(pause)
        return waited

    async def _tell_others(self, method: TelegramMethod[TelegramType], error: TelegramError) -> None:
        if not isinstance(error, TelegramRateLimitError):
            return
        self._hold(method, error)
        if self._limiter is not None and (chat := _chat_of(method)) is not None:
            await self._limiter.chat_limited(chat, error.retry_after_s, is_answer=True)

    def _hold(self, method: TelegramMethod[TelegramType], limit: TelegramRateLimitError) -> None:
        if (chat := _chat_of(method)) is not None:
            self._holds.hold(chat, limit.retry_after_s, asyncio.get_running_loop().time())

    def _held_s(self, method: TelegramMethod[TelegramType]) -> float:
        if not _is_counted(method) and not isinstance(method, _PREVIEWS):
            return 0.0  # such as the answer to a button: the limit of a chat is one of messages
        return self._holds.remaining_s(_chat_of(method), asyncio.get_running_loop().time())


def _tell_sent(method: TelegramMethod[TelegramType], began: float, tries: int) -> None:
    """One line a message; what is edited, deleted or pressed away is none."""
    name = method.__api_method__
    if name.startswith("send"):
        logger.info("message_sent", method=name, tries=tries, duration_ms=round((time.monotonic() - began) * 1000))


def _pause(method: TelegramMethod[TelegramType], error: TelegramError, attempt: int) -> float | None:
    """Seconds to wait before the next try, or None where there must not be one."""
    jitter = random.uniform(0, _JITTER_S)  # noqa: S311 - spreads retries, guards nothing
    if isinstance(error, TelegramRateLimitError):
        return error.retry_after_s + jitter
    if isinstance(error, TelegramUnavailableError) or not _changes_twice(method):
        return backoff_s(attempt, _FIRST_PAUSE_S, LONGEST_WAIT_S) + jitter
    return None


def _chat_of(method: TelegramMethod[TelegramType]) -> Chat | None:
    return cast("Chat | None", getattr(method, "chat_id", None))


def _is_counted(method: TelegramMethod[TelegramType]) -> bool:
    """Whether Telegram's limits count it; "typing…" and answers to buttons are free."""
    return method.__api_method__.startswith(_COUNTED) and not isinstance(method, SendChatAction)


def is_message(method: TelegramMethod[TelegramType]) -> bool:
    """Whether it leaves something in a chat that would stand there twice, were it called twice."""
    return method.__api_method__.startswith(_MESSAGES) and not isinstance(method, _PREVIEWS)


def _changes_twice(method: TelegramMethod[TelegramType]) -> bool:
    return method.__api_method__.startswith(_ONCE_ONLY)
