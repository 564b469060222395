"""What Telegram splits is answered once, and nothing else is passed over.

Its apps send a text over 4,096 characters as several messages at one moment, and an album as one message a picture. Of
an album the first picture is answered, and each that has words. Of a text the first piece is told to be too long; what
is as long as that again needs no second answer, and the last piece is told what it was taken for: it may have been a
message of its own.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any, Final

from aiogram import BaseMiddleware
from aiogram.types import Message, TelegramObject

from mentorium_bot.chat import Chat
from mentorium_core.i18n import t, utf16_length

_AT_ONCE: Final = timedelta(seconds=1)
_REMEMBERED_CHATS: Final = 1000
_FULL_UNITS: Final = 3_500
"""Telegram splits at a blank: the pieces are not always of 4,096 UTF-16 units, but nearly."""
_TYPED_AT_ONCE: Final = 300
"""In characters: what is shorter is somebody's next message, even where it is the end of a split one."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """`album` is Telegram's id of the album, None for a text that is full. `sent_at` is Telegram's time."""

    message_id: int
    album: str | None
    sent_at: datetime


class Piece(Enum):
    """What a message is beside the one before it."""

    ITS_OWN = auto()
    ANSWERED = auto()
    REST = auto()


class SplitMessageFilter(BaseMiddleware):
    """Stands before every message handler; only what is a message of its own reaches one."""

    def __init__(self) -> None:
        self._last: OrderedDict[int, Fragment] = OrderedDict()

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        assert isinstance(event, Message)
        match self.piece(event):
            case Piece.ITS_OWN:
                return await handler(event, data)
            case Piece.REST:
                chat: Chat = data["chat"]
                await chat.say(t(data["language"], "dialog-rest"))
        return None

    def piece(self, message: Message) -> Piece:
        """What this message is beside the one before it; it is remembered if more may follow."""
        before = self._last.get(message.chat.id)
        if message.media_group_id is not None or _is_full(message):
            self._remember(message)
        if before is None or message.message_id <= before.message_id:  # it may have been delivered again
            return Piece.ITS_OWN
        return _beside(message, before)

    def _remember(self, message: Message) -> None:
        self._last[message.chat.id] = Fragment(message.message_id, message.media_group_id, message.date)
        self._last.move_to_end(message.chat.id)
        if len(self._last) > _REMEMBERED_CHATS:
            self._last.popitem(last=False)


def _beside(message: Message, before: Fragment) -> Piece:
    if before.album is not None or message.media_group_id is not None:
        repeats = message.media_group_id == before.album and not message.caption
        return Piece.ANSWERED if repeats else Piece.ITS_OWN
    at_once = abs(message.date - before.sent_at) <= _AT_ONCE and message.message_id == before.message_id + 1
    if not at_once or message.text is None or message.text.startswith("/") or len(message.text) <= _TYPED_AT_ONCE:
        return Piece.ITS_OWN
    return Piece.ANSWERED if _is_full(message) else Piece.REST


def _is_full(message: Message) -> bool:
    return message.text is not None and utf16_length(message.text) >= _FULL_UNITS
