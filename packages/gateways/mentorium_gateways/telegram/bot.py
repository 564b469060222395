"""The one way to make a bot."""

from __future__ import annotations

from typing import Final

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer

from mentorium_gateways.telegram.patience import Patience

REQUEST_TIMEOUT_S: Final = 30.0


def make_bot(token: str, api_url: str | None = None) -> Bot:
    """A bot that talks to Telegram, or to the server of `api_url`. Its session is closed by `bot.session.close()`.

    Raises aiogram's TokenValidationError for something that cannot be a token.
    """
    server = TelegramAPIServer.from_base(api_url) if api_url else PRODUCTION
    session = AiohttpSession(api=server, timeout=REQUEST_TIMEOUT_S)
    session.middleware(Patience())
    return Bot(token, session=session)
