"""What is shown over the chat where a pressed button is not, or no longer, one of ours."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram.types import TelegramObject
from aiogram.utils.callback_answer import CallbackAnswer

from mentorium_core.i18n import t
from mentorium_domain.enums import Language
from mentorium_kit.errors import NotFoundError
from mentorium_observability import get_logger

logger = get_logger(__name__)


def say_stale(callback_answer: CallbackAnswer, language: Language) -> None:
    """Let the callback query be answered with an alert that sends back to the commands.

    The log has it as a refusal: who tries other people's ids is seen there.
    """
    logger.info("refused", code="stale_button")
    callback_answer.text = t(language, "fallback-button")
    callback_answer.show_alert = True


async def stale_where_gone(
    handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]], event: TelegramObject, data: dict[str, Any]
) -> Any:
    """Middleware of buttons about rows of ours: one whose row is gone, or never was theirs, is stale."""
    try:
        return await handler(event, data)
    except NotFoundError:
        say_stale(data["callback_answer"], data["language"])
