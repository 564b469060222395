"""The menu of commands, as Telegram shows it."""

from __future__ import annotations

from aiogram import Bot
from aiogram.types import BotCommand

from mentorium_bot.routers import MENU
from mentorium_core.i18n import t
from mentorium_domain.enums import Language
from mentorium_domain.language import DEFAULT_LANGUAGE
from mentorium_gateways.telegram import TelegramError
from mentorium_observability import get_logger

logger = get_logger(__name__)


async def publish_commands(bot: Bot) -> None:
    """Tell Telegram the menu in each language; the default one for everybody else. A failure is only logged."""
    for language_code, language in ((None, DEFAULT_LANGUAGE), *((language.value, language) for language in Language)):
        commands = [BotCommand(command=name, description=t(language, f"command-{name}")) for name in MENU]
        try:
            await bot.set_my_commands(commands, language_code=language_code)
        except TelegramError as error:
            logger.warning("commands_not_published", language=language, code=error.code)
