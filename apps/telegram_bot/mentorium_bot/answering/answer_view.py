"""Two ways to show an answer while it is being written: Telegram's own drafts, and a message that is edited."""

from __future__ import annotations

from typing import ClassVar, Protocol

from aiogram import Bot
from aiogram.types import BufferedInputFile, Message

from mentorium_bot.splitting import MessagePart
from mentorium_gateways.telegram import RequestRefusedError

WAITING = "…"
FILE_NAME = "mentorium.txt"


class AnswerView(Protocol):
    """`interval_s`: how long to wait between two frames. Telegram's errors come through, but for rejected entities."""

    interval_s: ClassVar[float]

    async def begin(self) -> None:
        """Show at once that an answer is coming."""

    async def show(self, part: MessagePart) -> bool:
        """Show how far the answer is; False where the frame was left out."""

    async def leave(self, part: MessagePart) -> None:
        """Leave the next part of the lasting answer, in place of what was shown. Telegram's errors come through."""


class DraftView:
    """sendMessageDraft: animated, with a Stop button; fades 30 seconds after its last frame, or with any message."""

    interval_s: ClassVar[float] = 0.6

    def __init__(self, bot: Bot, chat_id: int, draft_id: int) -> None:
        self._bot = bot
        self._chat_id = chat_id
        self._draft_id = draft_id

    async def begin(self) -> None:
        await self.show(MessagePart(""))

    async def show(self, part: MessagePart) -> bool:
        try:
            return await self._frame(part)
        except RequestRefusedError:
            if not part.entities:
                raise
            return await self._frame(MessagePart(part.text))

    async def leave(self, part: MessagePart) -> None:
        await send_part(self._bot, self._chat_id, part)

    async def _frame(self, part: MessagePart) -> bool:
        return await self._bot.send_message_draft(
            self._chat_id, self._draft_id, text=part.text, entities=list(part.entities) or None, can_stop=True
        )


class EditedMessageView:
    """A message that is edited, not more often than once a second, as Telegram asks."""

    interval_s: ClassVar[float] = 1.2

    def __init__(self, bot: Bot, chat_id: int) -> None:
        self._bot = bot
        self._chat_id = chat_id
        self._message: Message | None = None

    async def begin(self) -> None:
        self._message = await self._bot.send_message(self._chat_id, WAITING)

    async def show(self, part: MessagePart) -> bool:
        if self._message is None or not part.text:
            return False
        await self._edit(self._message, part)
        return True

    async def leave(self, part: MessagePart) -> None:
        if self._message is not None:
            try:
                await self._edit(self._message, part)
            except RequestRefusedError:  # the message is gone
                self._message = None
            else:
                self._message = None
                return
        await send_part(self._bot, self._chat_id, part)

    async def _edit(self, message: Message, part: MessagePart) -> None:
        for entities in (list(part.entities), None):
            try:
                await self._bot.edit_message_text(
                    part.text, chat_id=self._chat_id, message_id=message.message_id, entities=entities
                )
            except RequestRefusedError as error:
                if "message is not modified" in error.description:
                    return
                if not entities:
                    raise
            else:
                return


async def send_part(bot: Bot, chat_id: int, part: MessagePart) -> None:
    """Send a part as a message; without its entities should Telegram reject them."""
    try:
        await bot.send_message(chat_id, part.text, entities=list(part.entities) or None)
    except RequestRefusedError:
        if not part.entities:
            raise
        await bot.send_message(chat_id, part.text)


async def send_file(bot: Bot, chat_id: int, text: str, caption: str) -> None:
    """Send a text as a file, with a sentence under it."""
    await bot.send_document(chat_id, BufferedInputFile(text.encode(), FILE_NAME), caption=caption)
