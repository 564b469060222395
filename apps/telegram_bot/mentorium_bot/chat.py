"""The private chat that an update came from, as handlers speak into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aiogram import Bot
from aiogram.types import BufferedInputFile, InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove
from aiogram.utils.deep_linking import create_start_link

from mentorium_gateways.telegram import photo
from mentorium_gateways.telegram.headings import headings

Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove


@dataclass(frozen=True, slots=True)
class Chat:
    bot: Bot
    id: int

    async def say(self, text: str, keyboard: Keyboard | None = None) -> int:
        """Send plain text; the id of the message."""
        message = await self.bot.send_message(self.id, text, reply_markup=keyboard)
        return message.message_id

    async def show_picture(self, picture: bytes, caption: str) -> None:
        """Send a picture with at most 1,024 UTF-16 units of text under it."""
        await self.bot.send_photo(self.id, photo(picture), caption=caption, caption_entities=headings(caption))

    async def send_files(self, files: Mapping[str, bytes], caption: str) -> None:
        """Send files by their names, the caption under the last of them."""
        *first, (last_name, last) = files.items()
        for name, content in first:
            await self.bot.send_document(self.id, BufferedInputFile(content, name))
        await self.bot.send_document(self.id, BufferedInputFile(last, last_name), caption=caption)

    async def link_to_start(self, payload: str) -> str:
        """The link that opens the bot and sends it /start with this payload, at most 64 characters."""
        return await create_start_link(self.bot, payload)

    async def busy_with_file(self) -> None:
        """Show that a file is on its way."""
        await self.bot.send_chat_action(self.id, "upload_document")

    async def busy_with_picture(self) -> None:
        """Show that a picture is on its way."""
        await self.bot.send_chat_action(self.id, "upload_photo")
