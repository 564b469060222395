"""The `VoiceReader` of core: a parent's voice message, into memory and nowhere else."""

from __future__ import annotations

from contextlib import aclosing
from typing import Final
from urllib.parse import quote

from aiogram import Bot
from aiohttp import ClientError, ClientResponseError

from mentorium_gateways.telegram.errors import AnswerLostError, RequestRefusedError, TelegramUnavailableError
from mentorium_kit.errors import RefusedError
from mentorium_kit.unit_of_work import refuse_inside

_TIMEOUT_S: Final = 30
_SERVER_ERROR: Final = 500


class TelegramVoiceReader:
    """`bot` is patient with Telegram's limits (`make_bot`)."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def read_voice(self, file_id: str, most_bytes: int) -> bytes | None:
        refuse_inside("telegram")
        try:
            found = await self._bot.get_file(file_id)
        except RequestRefusedError as error:  # larger than Telegram gives to bots, or not there any more
            raise RefusedError("voice_not_given", reason=error.description) from error
        except AnswerLostError as error:  # a question only: it may be asked again
            raise TelegramUnavailableError(error.code, error.description) from error
        if found.file_path is None or (found.file_size or 0) > most_bytes:
            return None
        try:
            return await self._download(found.file_path, most_bytes)
        except (ClientError, TimeoutError, OSError) as error:
            reason = type(error).__name__  # its own words hold the address, and so the token
        raise TelegramUnavailableError("telegram_file_unavailable", reason)

    async def _download(self, path: str, most_bytes: int) -> bytes | None:
        """RefusedError where Telegram will not give it: the way to a file is good for an hour."""
        url = self._bot.session.api.file_url(self._bot.token, quote(path))
        sound = bytearray()
        try:
            async with aclosing(self._bot.session.stream_content(url, timeout=_TIMEOUT_S)) as pieces:
                async for piece in pieces:
                    sound += piece
                    if len(sound) > most_bytes:
                        return None
        except ClientResponseError as error:
            if error.status >= _SERVER_ERROR:
                raise
            status = error.status
        else:
            return bytes(sound)
        raise RefusedError("voice_not_given", reason=f"HTTP {status}")
