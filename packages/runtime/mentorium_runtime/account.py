"""Which bot this process speaks for: asked once at start, and not waited for."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mentorium_gateways.telegram import TelegramError, TokenRefusedError
from mentorium_kit.errors import ConfigurationError
from mentorium_observability import get_logger

if TYPE_CHECKING:
    from aiogram import Bot

PATIENCE_S: Final = 10.0

logger = get_logger(__name__)


@dataclass(slots=True)
class Account:
    """`username` is None until Telegram has told it."""

    username: str | None = None

    async def ask(self, bot: Bot) -> None:
        """ConfigurationError `telegram_token_refused`; a Telegram that is away is only told of."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                self.username = (await bot.me()).username
        except TokenRefusedError as error:
            raise ConfigurationError("telegram_token_refused") from error
        except TelegramError as error:
            logger.warning("telegram_not_well", code=error.code)
        except TimeoutError:
            logger.warning("telegram_not_well", code="telegram_unavailable")
