"""The stand-in for Telegram: the Bot API by polling, and the fake users who talk with the bot."""

from __future__ import annotations

from aiohttp import web

from mentorium_sandbox.faults import Faults
from mentorium_sandbox.telegram.bot_api import BotApi
from mentorium_sandbox.telegram.journal_api import JournalApi
from mentorium_sandbox.telegram.star_payments import delivered, renew_what_is_due
from mentorium_sandbox.telegram.telegram_world import TelegramWorld
from mentorium_sandbox.telegram.user_api import UserApi

__all__ = ["TelegramWorld", "delivered", "renew_what_is_due", "routes"]


def routes(world: TelegramWorld, faults: Faults) -> list[web.AbstractRouteDef]:
    """Bot API and control calls. The app calls `world.close()` on shutdown, which ends long polls and streams."""
    return [*BotApi(world, faults).routes(), *UserApi(world).routes(), *JournalApi(world).routes()]
