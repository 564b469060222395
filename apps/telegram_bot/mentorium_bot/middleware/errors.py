"""The one edge between what goes wrong and what a parent reads."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from aiogram import BaseMiddleware, Bot
from aiogram.types import Chat, TelegramObject, Update, User
from redis.exceptions import RedisError

from mentorium_bot.middleware.update_context import OUTCOME
from mentorium_core.i18n import t
from mentorium_gateways.telegram import AnswerLostError, ChatClosedError, TelegramError
from mentorium_kit.errors import MentoriumError, RefusedError, UnavailableError
from mentorium_observability import EventLogService, get_logger
from mentorium_observability.metrics import count_error, error_type

logger = get_logger(__name__)


class ErrorMiddleware(BaseMiddleware):
    """Refusals and outages become their sentence; anything else is a fault of ours: counted, kept, apologised for."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        assert isinstance(event, Update)
        try:
            return await handler(event, data)
        except ChatClosedError:
            logger.info("chat_closed_to_us")
        except AnswerLostError as error:  # a reply that may well have arrived: one more word would only confuse
            data[OUTCOME] = "error"
            count_error(error)
            logger.warning("reply_unclear", code=error.code)
        except Exception as error:  # noqa: BLE001 - the edge of the update loop
            known = UnavailableError("redis_unavailable") if isinstance(error, RedisError) else error
            if not isinstance(known, RefusedError):
                data[OUTCOME] = "error"
            message_key = await _report(known, data.get("event_from_user"))
            await _tell(event, data, message_key)
        return None


async def _report(error: Exception, user: User | None) -> str:
    """Log what happened; the key of what the parent reads."""
    if isinstance(error, RefusedError):
        logger.info("refused", code=error.code)
        return error.message_key
    count_error(error)
    if isinstance(error, UnavailableError):
        logger.warning("unavailable", code=error.code)
        return error.message_key
    logger.error("handler_failed", exc_info=error)
    try:
        await EventLogService.log_error("handler_failed", user.id if user else None, error=error_type(error))
    except MentoriumError as second:
        logger.warning("event_not_kept", code=second.code)
    return MentoriumError.message_key


async def _tell(update: Update, data: dict[str, Any], message_key: str) -> None:
    bot: Bot = data["bot"]
    chat: Chat | None = data.get("event_chat")
    with suppress(TelegramError):
        if update.callback_query is not None:
            await update.callback_query.answer()
    if chat is None or chat.type != "private":
        return
    try:
        await bot.send_message(chat.id, t(data["language"], message_key))
    except TelegramError as error:
        logger.warning("apology_not_sent", code=error.code)
