"""The private chat that an update came from, as handlers speak into it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

from aiogram import Bot
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardMarkup,
    LabeledPrice,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from aiogram.utils.deep_linking import create_start_link

from mentorium_bot.sign_of_life import was_most_likely_taken
from mentorium_core.i18n import utf16_length
from mentorium_domain.enums import Currency
from mentorium_gateways.telegram import AnswerLostError, RequestRefusedError, TelegramError, photo
from mentorium_gateways.telegram.headings import headings
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error

Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove
_LONGEST_TEXT: Final = 4096
_MOST_BUTTONS: Final = 100
"""Of a message, in UTF-16 units and inline buttons (https://limits.tginfo.me)."""
_MORE: Final = "…"

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Chat:
    bot: Bot
    id: int

    async def say(self, text: str, keyboard: Keyboard | None = None) -> int:
        """Send plain text; the id of the message, or where there is too much for one, of the last."""
        *before, last = _parts(text)
        first, *others = _fitting(keyboard)
        messages: list[tuple[str, Keyboard | None]] = [(part, None) for part in before]
        messages += [(last, first), *((_MORE, more) for more in others)]
        for part, buttons in messages[:-1]:
            async with self.more_follows():
                await self.bot.send_message(self.id, part, reply_markup=buttons)
        part, buttons = messages[-1]
        return (await self.bot.send_message(self.id, part, reply_markup=buttons)).message_id

    @asynccontextmanager
    async def more_follows(self) -> AsyncIterator[None]:
        """For what is said before something else: that its answer was lost costs nothing of what follows, and no error
        is raised, as long as Telegram answers at all.
        """
        try:
            yield
        except AnswerLostError as error:
            if not await was_most_likely_taken(self.bot, error):
                raise
            count_error(error)
            logger.warning("answer_lost", reason=error.description)

    async def reply(self, message_id: int, text: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
        """Send plain text beneath a message of theirs, or alone where they have deleted it."""
        beneath = ReplyParameters(message_id=message_id, allow_sending_without_reply=True)
        await self.bot.send_message(self.id, text, reply_parameters=beneath, reply_markup=keyboard)

    async def change(self, message_id: int | None, text: str, keyboard: InlineKeyboardMarkup) -> None:
        """Let a message of ours say this; a new one does where it is gone. Harmless where it says so already."""
        if message_id is not None:
            try:
                await self.bot.edit_message_text(text, chat_id=self.id, message_id=message_id, reply_markup=keyboard)
            except RequestRefusedError as error:
                if "message is not modified" in error.description:
                    return
            else:
                return
        await self.say(text, keyboard)

    async def say_report(self, text: str, keyboard: InlineKeyboardMarkup | None = None) -> int:
        """Send a report that has no picture, bold where the eye should stop; the id of the message."""
        message = await self.bot.send_message(self.id, text, entities=headings(text), reply_markup=keyboard)
        return message.message_id

    async def show_picture(self, picture: bytes, caption: str, keyboard: InlineKeyboardMarkup | None = None) -> int:
        """Send a picture with at most 1,024 UTF-16 units of text under it, or the text alone where Telegram does not
        take the picture; the id of the message.
        """
        try:
            shown = await self.bot.send_photo(
                self.id, photo(picture), caption=caption, caption_entities=headings(caption), reply_markup=keyboard
            )
        except RequestRefusedError as error:
            count_error(error)
            logger.error("picture_refused", reason=error.description)
            return await self.say_report(caption, keyboard)
        return shown.message_id

    async def send_stars_invoice(self, title: str, description: str, payload: str, stars: int) -> None:
        """Telegram's own invoice in whole Stars, to be paid in the chat."""
        await self.bot.send_invoice(
            self.id,
            title=title,
            description=description,
            payload=payload,
            provider_token="",
            currency=Currency.XTR,
            prices=[LabeledPrice(label=title, amount=stars)],
        )

    async def send_files(self, files: Mapping[str, bytes], caption: str) -> None:
        """Send files by their names, the caption under the last of them."""
        *first, (last_name, last) = files.items()
        for name, content in first:
            async with self.more_follows():
                await self.bot.send_document(self.id, BufferedInputFile(content, name))
        await self.bot.send_document(self.id, BufferedInputFile(last, last_name), caption=caption)

    async def link_to_start(self, payload: str) -> str:
        """The link that opens the bot and sends it /start with this payload, at most 64 characters."""
        return await create_start_link(self.bot, payload)

    async def busy_with_words(self) -> None:
        """Show that somebody is writing."""
        await self._busy("typing")

    async def busy_with_file(self) -> None:
        """Show that a file is on its way."""
        await self._busy("upload_document")

    async def busy_with_voice(self) -> None:
        """Show that a voice message is on its way."""
        await self._busy("record_voice")

    async def busy_with_picture(self) -> None:
        """Show that a picture is on its way."""
        await self._busy("upload_photo")

    async def _busy(self, action: str) -> None:
        """It is for the eye alone: whatever keeps Telegram from showing it, what is on its way comes."""
        with suppress(TelegramError):
            await self.bot.send_chat_action(self.id, action)


def _parts(text: str) -> list[str]:
    """The text, or one that is too long cut between its lines; a line alone that is too long, after so many letters."""
    if utf16_length(text) <= _LONGEST_TEXT:
        return [text]
    most = _LONGEST_TEXT // 2  # no letter has more than two units
    lines = [line[start : start + most] for line in text.split("\n") for start in range(0, max(len(line), 1), most)]
    parts = [""]
    for line in lines:
        longer = f"{parts[-1]}\n{line}" if parts[-1] else line
        if utf16_length(longer) <= _LONGEST_TEXT:
            parts[-1] = longer
        else:
            parts.append(line)
    return [part for part in parts if part.strip()] or [text]


def _fitting(keyboard: Keyboard | None) -> Iterator[Keyboard | None]:
    """The keyboard, or of one with too many inline buttons its rows in several."""
    rows = keyboard.inline_keyboard if isinstance(keyboard, InlineKeyboardMarkup) else []
    if sum(map(len, rows)) <= _MOST_BUTTONS:
        yield keyboard
        return
    most = _MOST_BUTTONS // max(map(len, rows))
    for start in range(0, len(rows), most):
        yield InlineKeyboardMarkup(inline_keyboard=rows[start : start + most])
