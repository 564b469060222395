"""The `VoiceCarrier` of core: voice messages into chats."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from aiogram import Bot
from aiogram.types import BufferedInputFile

from mentorium_core.reports.ports import Speech
from mentorium_gateways.telegram.errors import AnswerLostError, ChatClosedError, RequestRefusedError
from mentorium_kit.errors import RefusedError
from mentorium_kit.unit_of_work import refuse_inside
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error

logger = get_logger(__name__)


class TelegramVoiceCarrier:
    """`bot` is patient with Telegram's limits (`make_bot`)."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send_voice(self, telegram_id: int, speech: Speech, caption: str, *, silent: bool) -> bool:
        voice = BufferedInputFile(speech.ogg, "report.ogg")
        sending = self._bot.send_voice(
            telegram_id, voice, caption=caption, duration=round(speech.seconds), disable_notification=silent
        )
        try:
            return await _taken(sending)
        except RequestRefusedError as error:  # such as VOICE_MESSAGES_FORBIDDEN, a setting of theirs
            count_error(error)
            raise RefusedError("voice_refused", reason=error.description) from error

    async def say(self, telegram_id: int, text: str, *, silent: bool) -> bool:
        return await _taken(self._bot.send_message(telegram_id, text, disable_notification=silent))


async def _taken(sending: Awaitable[Any]) -> bool:
    refuse_inside("telegram")
    try:
        await sending
    except ChatClosedError:
        return False
    except AnswerLostError as error:
        count_error(error)  # not sent again: it may have arrived, and can be asked for
        logger.warning("voice_in_doubt", code=error.code)
    return True
