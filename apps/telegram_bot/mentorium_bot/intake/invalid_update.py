"""An update that cannot be read still gets an answer, where it can be seen who waits for one."""

from __future__ import annotations

from typing import Any

from aiogram import Bot

from mentorium_core.i18n import guess_language, t
from mentorium_kit.errors import MentoriumError
from mentorium_observability import get_logger

logger = get_logger(__name__)


async def apologise(bot: Bot, raw: dict[str, Any]) -> None:
    """Answer the pressed button, or the message of a private chat. What fails is logged."""
    query, message = raw.get("callback_query"), raw.get("message") or raw.get("edited_message")
    try:
        if isinstance(query, dict):
            await bot.answer_callback_query(str(query["id"]), t(_language(query), "fallback-button"), show_alert=True)
        elif isinstance(message, dict) and message["chat"].get("type") == "private":
            await bot.send_message(int(message["chat"]["id"]), t(_language(message), "fallback-unreadable"))
    except (MentoriumError, KeyError, TypeError, ValueError, AttributeError) as error:
        logger.info("nobody_to_answer", reason=type(error).__name__)


def _language(content: dict[str, Any]) -> str:
    sender = content.get("from")
    code = sender.get("language_code") if isinstance(sender, dict) else None
    return guess_language(code if isinstance(code, str) else None)
