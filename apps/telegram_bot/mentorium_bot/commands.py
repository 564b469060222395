"""The commands, as Telegram shows them in its menu."""

from __future__ import annotations

from typing import Final

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import BotCommand

from mentorium_core.i18n import t
from mentorium_domain.enums import Language
from mentorium_domain.language import DEFAULT_LANGUAGE
from mentorium_observability import get_logger

MENU: Final = {
    "start": "command-start",
    "help": "command-help",
    "report": "command-report",
    "subscribe": "command-subscribe",
    "children": "command-children",
    "settings": "command-settings",
    "language": "command-language",
    "new": "command-new",
    "export": "command-export",
    "erase": "command-erase",
    "paysupport": "command-paysupport",
    "terms": "command-terms",
    "privacy": "command-privacy",
}
COMMANDS: Final = frozenset(MENU)

logger = get_logger(__name__)


async def publish_commands(bot: Bot) -> None:
    """Tell Telegram the menu in each language; the default one for everybody else. A failure is only logged."""
    for language_code, language in ((None, DEFAULT_LANGUAGE), *((language.value, language) for language in Language)):
        commands = [BotCommand(command=name, description=t(language, key)) for name, key in MENU.items()]
        try:
            await bot.set_my_commands(commands, language_code=language_code)
        except TelegramAPIError as error:
            logger.warning("commands_not_published", language=language, reason=type(error).__name__)
