"""Telegram's Bot API: a bot that is patient with the server's limits and never sends an answer twice."""

from mentorium_gateways.telegram.bot import make_bare_bot, make_bot
from mentorium_gateways.telegram.courier import TelegramCourier
from mentorium_gateways.telegram.limiter import SharedLimiter
from mentorium_gateways.telegram.outcomes import is_closed
from mentorium_gateways.telegram.patience import Patience
from mentorium_gateways.telegram.updates import GetRawUpdates

__all__ = [
    "GetRawUpdates",
    "Patience",
    "SharedLimiter",
    "TelegramCourier",
    "is_closed",
    "make_bare_bot",
    "make_bot",
]
