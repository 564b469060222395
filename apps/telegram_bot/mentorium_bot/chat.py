"""The private chat that an update came from, as handlers speak into it."""

from __future__ import annotations

from dataclasses import dataclass

from aiogram import Bot
from aiogram.types import BufferedInputFile, InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove

Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove


@dataclass(frozen=True, slots=True)
class Chat:
    bot: Bot
    id: int

    async def say(self, text: str, keyboard: Keyboard | None = None) -> int:
        """Send plain text; the id of the message."""
        message = await self.bot.send_message(self.id, text, reply_markup=keyboard)
        return message.message_id

    async def show_picture(self, png: bytes, caption: str) -> None:
        """Send a picture with at most 1,024 UTF-16 units of text under it."""
        await self.bot.send_photo(self.id, BufferedInputFile(png, "report.png"), caption=caption)

    async def busy_with_picture(self) -> None:
        """Show that a picture is on its way."""
        await self.bot.send_chat_action(self.id, "upload_photo")
