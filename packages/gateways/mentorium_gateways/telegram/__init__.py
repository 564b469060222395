"""Telegram's Bot API: a bot that is patient with the server's limits and never sends an answer twice."""

from mentorium_gateways.telegram.bot import make_bare_bot, make_bot
from mentorium_gateways.telegram.message_transport import TelegramMessageTransport
from mentorium_gateways.telegram.outcomes import is_blocked
from mentorium_gateways.telegram.rate_limiter import SharedRateLimiter
from mentorium_gateways.telegram.retries import RetryMiddleware
from mentorium_gateways.telegram.updates import GetRawUpdates

__all__ = [
    "GetRawUpdates",
    "RetryMiddleware",
    "SharedRateLimiter",
    "TelegramMessageTransport",
    "is_blocked",
    "make_bare_bot",
    "make_bot",
]
