"""The `FileCarrier` of core: files into chats, streamed from the disk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import BinaryIO, Final

from aiogram import Bot
from aiogram.types import InputFile

from mentorium_gateways.telegram.errors import AnswerLostError, ChatClosedError
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error

UPLOAD_TIMEOUT_S: Final = 300
"""For 45 MB that is a line of 1.2 Mbit/s."""

logger = get_logger(__name__)


class _OpenFile(InputFile):
    """An open file, read from its beginning each time it is sent."""

    def __init__(self, name: str, file: BinaryIO) -> None:
        super().__init__(filename=name)
        self._file = file

    async def read(self, bot: Bot) -> AsyncGenerator[bytes, None]:  # noqa: ARG002 - aiogram's
        self._file.seek(0)
        while piece := await asyncio.to_thread(self._file.read, self.chunk_size):
            yield piece


class TelegramFileCarrier:
    """`bot` is patient with Telegram's limits (`make_bot`)."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send_file(self, telegram_id: int, name: str, file: BinaryIO, caption: str) -> bool:
        try:
            await self._bot.send_document(
                telegram_id, _OpenFile(name, file), caption=caption, request_timeout=UPLOAD_TIMEOUT_S
            )
        except ChatClosedError:
            return False
        except AnswerLostError as error:
            count_error(error)  # not sent again: it may have arrived, and can be asked for
            logger.warning("file_in_doubt", code=error.code)
        return True
