"""An answer to a callback query that Telegram no longer takes costs nothing."""

from __future__ import annotations

from typing import cast

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.methods import AnswerCallbackQuery, Response, TelegramMethod
from aiogram.methods.base import TelegramType

from mentorium_gateways.telegram import RequestRefusedError
from mentorium_observability import get_logger

logger = get_logger(__name__)


class LateCallbackAnswer(BaseRequestMiddleware):
    """Request middleware of the bot's session: a refused answerCallbackQuery is logged, whoever has made the call.

    The query may be minutes old before its turn comes; by then no button is spinning any more. An error here would
    hide the one that the handler has raised, since aiogram answers after the handler, whatever became of it.
    """

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        try:
            return await make_request(bot, method)
        except RequestRefusedError:
            if not isinstance(method, AnswerCallbackQuery):
                raise
            logger.info("callback_too_old")
            return cast("Response[TelegramType]", False)  # as the session gives it: the bare result
