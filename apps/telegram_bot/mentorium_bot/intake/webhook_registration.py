"""Telling Telegram where updates go: once for all replicas, and again only when what it was told is no longer true."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from typing import Final

from aiogram import Bot

from mentorium_core.inbox.registration import register_once
from mentorium_gateways.telegram import TelegramError
from mentorium_kit.backoff import backoff_s
from mentorium_kit.errors import OutcomeUnknownError, UnavailableError
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error

_FIRST_PAUSE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 30.0

logger = get_logger(__name__)


class WebhookRegistration:
    """`well`: whether Telegram has been told, by this process or another."""

    def __init__(self, bot: Bot, kinds: Callable[[], list[str]], url: str, secret: str) -> None:
        self._bot = bot
        self._kinds = kinds
        self._url = url
        self._secret = secret
        self.well = False

    async def run(self) -> None:
        """Until Telegram has been told; then wait to be cancelled."""
        failures = 0
        while not self.well:
            try:
                told_now = await register_once(self._bot.id, self._fingerprint(), self._tell, self._is_told)
            except (TelegramError, UnavailableError, OutcomeUnknownError) as error:
                failures += 1
                count_error(error)
                logger.warning("webhook_not_set", code=error.code, failures=failures)
                await asyncio.sleep(backoff_s(failures, _FIRST_PAUSE_S, _LONGEST_PAUSE_S))
            else:
                self.well = True
                logger.info("webhook_set", told_now=told_now)
        await asyncio.Event().wait()

    async def _tell(self) -> None:
        await self._bot.set_webhook(self._url, secret_token=self._secret, allowed_updates=self._kinds())

    async def _is_told(self) -> bool:
        return (await self._bot.get_webhook_info()).url == self._url

    def _fingerprint(self) -> str:
        """What Telegram is told, without the secret itself."""
        said = "\n".join([self._url, self._secret, *sorted(self._kinds())])
        return hashlib.sha256(said.encode()).hexdigest()
