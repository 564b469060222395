"""Telegram's Bot API: a bot that is patient with the server's limits and never sends an answer twice."""

from mentorium_gateways.telegram.bot import make_bot
from mentorium_gateways.telegram.patience import Patience
from mentorium_gateways.telegram.updates import GetRawUpdates

__all__ = ["GetRawUpdates", "Patience", "make_bot"]
