"""The stand-in for Telegram: the Bot API by polling, and the fake users who talk with the bot."""

from __future__ import annotations

from aiohttp import web

from mentorium_sandbox.faults import Faults
from mentorium_sandbox.telegram.api import BotApi
from mentorium_sandbox.telegram.control import Control
from mentorium_sandbox.telegram.records import Records
from mentorium_sandbox.telegram.world import TelegramWorld

__all__ = ["TelegramWorld", "routes"]


def routes(world: TelegramWorld, faults: Faults) -> list[web.AbstractRouteDef]:
    """Bot API and control calls. The app calls `world.close()` on shutdown, which ends long polls and streams."""
    return [*BotApi(world, faults).routes(), *Control(world).routes(), *Records(world).routes()]
