"""The team's own chat: an adapter of core's `StaffChat`."""

from __future__ import annotations

from dataclasses import dataclass

from aiogram import Bot
from aiogram.types import LinkPreviewOptions

from mentorium_gateways.telegram.errors import TelegramError
from mentorium_kit.errors import UnavailableError
from mentorium_kit.unit_of_work import refuse_inside


@dataclass(frozen=True, slots=True)
class TelegramStaffChat:
    """`chat_id`: of a person, a group or a channel that the bot may write to."""

    bot: Bot
    chat_id: int

    async def say(self, text: str) -> None:
        """UnavailableError whatever kept Telegram from it: a wrong chat is for an operator to mend, then it is sent."""
        refuse_inside("telegram")
        try:
            await self.bot.send_message(self.chat_id, text, link_preview_options=LinkPreviewOptions(is_disabled=True))
        except UnavailableError:
            raise
        except TelegramError as error:
            raise UnavailableError(error.code) from error
