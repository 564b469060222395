"""Telegram's Bot API: a bot that is patient with the server's limits and never sends an answer twice.

What its calls raise is a `TelegramError` (`errors.py`); aiogram's errors never leave this package.
"""

from mentorium_gateways.telegram.bot import make_bare_bot, make_bot
from mentorium_gateways.telegram.errors import (
    AnswerLostError,
    ChatClosedError,
    ChatMovedError,
    OtherPollerError,
    RequestRefusedError,
    TelegramError,
    TelegramRateLimitError,
    TelegramUnavailableError,
    TokenRefusedError,
)
from mentorium_gateways.telegram.file_carrier import TelegramFileCarrier
from mentorium_gateways.telegram.message_transport import TelegramMessageTransport
from mentorium_gateways.telegram.photos import photo
from mentorium_gateways.telegram.rate_limiter import SharedRateLimiter
from mentorium_gateways.telegram.retries import RetryMiddleware, is_message
from mentorium_gateways.telegram.staff_chat import TelegramStaffChat
from mentorium_gateways.telegram.updates import GetRawUpdates
from mentorium_gateways.telegram.voice_reader import TelegramVoiceReader

__all__ = [
    "AnswerLostError",
    "ChatClosedError",
    "ChatMovedError",
    "GetRawUpdates",
    "OtherPollerError",
    "RequestRefusedError",
    "RetryMiddleware",
    "SharedRateLimiter",
    "TelegramError",
    "TelegramFileCarrier",
    "TelegramMessageTransport",
    "TelegramRateLimitError",
    "TelegramStaffChat",
    "TelegramUnavailableError",
    "TelegramVoiceReader",
    "TokenRefusedError",
    "is_message",
    "make_bare_bot",
    "make_bot",
    "photo",
]
