"""The ways to make a bot. Whatever its calls raise is a `TelegramError`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from aiogram import Bot
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer

from mentorium_gateways.telegram.rate_limiter import SharedRateLimiter
from mentorium_gateways.telegram.retries import RetryMiddleware
from mentorium_gateways.telegram.session import TelegramSession

REQUEST_TIMEOUT_S: Final = 30.0


def make_bot(
    token: str,
    api_url: str | None = None,
    limiter: SharedRateLimiter | None = None,
    on_blocked: Callable[[int], Awaitable[None]] | None = None,
) -> Bot:
    """A bot for answers: patient with Telegram's limits; what it sends is counted by the limiter.

    `on_blocked` hears of each private chat that does not take messages (any more).

    It talks to Telegram, or to the server of `api_url`; its session is closed by `bot.session.close()`. Raises
    aiogram's TokenValidationError for something that cannot be a token.
    """
    bot = make_bare_bot(token, api_url)
    bot.session.middleware(RetryMiddleware(limiter, on_blocked))
    return bot


def make_bare_bot(token: str, api_url: str | None = None) -> Bot:
    """A bot that makes each call once and raises what comes of it: for those who keep what they send in the outbox."""
    server = TelegramAPIServer.from_base(api_url) if api_url else PRODUCTION
    return Bot(token, session=TelegramSession(api=server, timeout=REQUEST_TIMEOUT_S))
