"""Tells the logs which update and handler a line is about, counts it, and guesses the language until the person is
known.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Collection
from typing import Any, Final

from aiogram import BaseMiddleware
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.types import CallbackQuery, Message, TelegramObject, Update, User

from mentorium_bot.chat import Chat
from mentorium_core.i18n import guess_language
from mentorium_kit.trace import current_trace, tracing
from mentorium_observability import error_context, get_logger, log_context
from mentorium_observability.logging import name_handler_in_logs
from mentorium_observability.metrics import from_the_start, telegram_commands, telegram_messages, update_duration
from mentorium_observability.sentry_config import name_handler

OUTCOME: Final = "outcome"
_OUTCOMES: Final = ("success", "error", "retried", "in_doubt", "lost")
_MESSAGE_TYPES: Final = ("callback", "other", "text", "command")
logger = get_logger(__name__)


class UpdateContext(BaseMiddleware):
    """`record_user` hears the Telegram id of everybody who writes; `commands` are those that are counted by name."""

    def __init__(self, record_user: Callable[[int], None], commands: Collection[str]) -> None:
        self._record_user = record_user
        self._commands = commands
        from_the_start(telegram_messages, message_type=_MESSAGE_TYPES, status=_OUTCOMES)
        from_the_start(update_duration, message_type=_MESSAGE_TYPES)
        from_the_start(telegram_commands, command=commands)

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        assert isinstance(event, Update)
        user: User | None = data.get("event_from_user")
        data["language"] = guess_language(user.language_code if user else None)
        if (chat := data.get("event_chat")) is not None:
            data["chat"] = Chat(data["bot"], chat.id)
        if user is not None:
            self._record_user(user.id)
        kind = event.event_type
        with (
            tracing(current_trace()),
            log_context(update_id=event.update_id, update_kind=kind, handler=kind),
            error_context(user_id=user.id if user else None, handler=kind, parameters=_parameters(event)),
        ):
            started = time.perf_counter()
            result = await handler(event, data)
            status = data.get(OUTCOME, "success")
            took_s = time.perf_counter() - started
            message_type = self._message_type(event)
            logger.info("update_handled", status=status, message_type=message_type, duration_ms=round(took_s * 1000))
        telegram_messages.labels(message_type=message_type, status=status).inc()
        update_duration.labels(message_type=message_type).observe(took_s)
        return result

    def _message_type(self, update: Update) -> str:
        if update.callback_query is not None:
            return "callback"
        message = update.event
        if not isinstance(message, Message) or message.text is None:
            return "other"
        if not message.text.startswith("/"):
            return "text"
        command = message.text[1:].partition(" ")[0].partition("@")[0].lower()
        if command in self._commands:
            telegram_commands.labels(command=command).inc()
        return "command"


def _parameters(update: Update) -> dict[str, object]:
    """What a handler is given, in numbers and in our own words; what a person wrote is told by its length."""
    event = update.event
    told: dict[str, object] = {"update_id": update.update_id, "kind": update.event_type}
    if isinstance(event, CallbackQuery):
        told["button"] = event.data
    elif isinstance(event, Message):
        told |= {"content_type": str(event.content_type), "text_length": len(event.text or event.caption or "")}
    return told


class HandlerName(BaseMiddleware):
    """Stands before every handler and tells its name to whoever hears of its errors."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        found: HandlerObject = data["handler"]
        name = getattr(found.callback, "__name__", "unnamed")
        name_handler(name)
        name_handler_in_logs(name)
        return await handler(event, data)
