"""The team's own chat: an adapter of core's `StaffChat`."""

from __future__ import annotations

from dataclasses import dataclass

from aiogram import Bot
from aiogram.types import LinkPreviewOptions

from mentorium_gateways.telegram.errors import ChatMovedError, TelegramError
from mentorium_kit.errors import UnavailableError
from mentorium_kit.unit_of_work import refuse_inside
from mentorium_observability import get_logger

logger = get_logger(__name__)


@dataclass(slots=True)
class TelegramStaffChat:
    """`chat_id`: of a person, a group or a channel that the bot may write to. A group that has become a supergroup is
    followed, until the process ends.
    """

    bot: Bot
    chat_id: int

    async def say(self, text: str) -> None:
        """UnavailableError whatever kept Telegram from it: a wrong chat is for an operator to mend, then it is sent."""
        refuse_inside("telegram")
        try:
            await self._send(text)
        except UnavailableError:
            raise
        except TelegramError as error:
            raise UnavailableError(error.code) from error

    async def _send(self, text: str) -> None:
        no_preview = LinkPreviewOptions(is_disabled=True)
        try:
            await self.bot.send_message(self.chat_id, text, link_preview_options=no_preview)
        except ChatMovedError as error:
            logger.warning("staff_chat_moved", setting="STAFF_CHAT_ID", new_chat_id=error.new_chat_id)
            self.chat_id = error.new_chat_id
            await self.bot.send_message(self.chat_id, text, link_preview_options=no_preview)
