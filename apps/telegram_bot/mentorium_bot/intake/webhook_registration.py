"""Telling Telegram where updates go: once for all replicas, and again only when what it was told is no longer true.

Somebody may take the webhook back: a process that still polls, an operator. Then nobody would get anything, so each
replica looks now and then whether there is one. Where there is another one than ours, somebody wants it so.
"""

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

LOOK_AGAIN_S: Final = 15.0
"""Machine time: one getWebhookInfo."""
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
        """Until it is cancelled."""
        failures = 0
        while True:
            try:
                if not self.well or not await self._url_told():
                    self.well = False
                    told_now = await register_once(self._bot.id, self._fingerprint(), self._tell, self._is_told)
                    logger.info("webhook_set", told_now=told_now)
                self.well, failures = True, 0
                await asyncio.sleep(LOOK_AGAIN_S)
            except (TelegramError, UnavailableError, OutcomeUnknownError) as error:
                failures += 1
                count_error(error)
                if failures & (failures - 1) == 0:  # the 1st, 2nd, 4th, ...: an outage fills no log
                    logger.warning("webhook_not_set", code=error.code, failures=failures)
                self.well = False
                await asyncio.sleep(backoff_s(failures, _FIRST_PAUSE_S, _LONGEST_PAUSE_S))

    async def _tell(self) -> None:
        await self._bot.set_webhook(self._url, secret_token=self._secret, allowed_updates=self._kinds())

    async def _is_told(self) -> bool:
        return await self._url_told() == self._url

    async def _url_told(self) -> str:
        return (await self._bot.get_webhook_info()).url

    def _fingerprint(self) -> str:
        """What Telegram is told, without the secret itself."""
        said = "\n".join([self._url, self._secret, *sorted(self._kinds())])
        return hashlib.sha256(said.encode()).hexdigest()
