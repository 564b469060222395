"""What a failed call to Telegram means: the one place where its errors are told apart."""

from __future__ import annotations

from typing import Final

from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiohttp import ClientConnectorError

from mentorium_core.notifications.model import ChatBlocked, NotTaken, Outcome, Postponed, Refused, Unclear

# The Bot API has no error code of its own for a chat that is not there: https://core.telegram.org/bots/api#making-requests
_NO_CHAT: Final = ("chat not found", "user not found", "peer_id_invalid")


def outcome_of(error: TelegramAPIError | ClientDecodeError) -> Outcome:
    """What became of a message whose sending raised this."""
    if isinstance(error, TelegramRetryAfter):
        return Postponed(float(error.retry_after))
    if is_blocked(error):
        return ChatBlocked("chat_closed")
    if isinstance(error, TelegramNetworkError):
        if isinstance(error.__cause__, ClientConnectorError):
            return NotTaken("telegram_unavailable")
        return Unclear("answer_lost")
    if isinstance(error, TelegramServerError):
        return NotTaken("telegram_failed")
    if isinstance(error, TelegramUnauthorizedError):
        return NotTaken("token_refused")  # an operator's mistake: nothing is lost while it lasts
    if isinstance(error, ClientDecodeError):
        return Unclear("answer_unreadable")
    return Refused(f"{type(error).__name__}: {getattr(error, 'message', '')}")


def is_blocked(error: BaseException) -> bool:
    """Whether the parent has blocked the bot, deleted the account, or never had this chat."""
    if isinstance(error, TelegramForbiddenError):
        return True
    return isinstance(error, TelegramBadRequest) and any(words in error.message.lower() for words in _NO_CHAT)
