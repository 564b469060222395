"""What Telegram splits is answered once.

Its apps send a text over 4,096 characters as several messages, and an album as one message a picture. The first piece
is answered; those that follow at once are its tail.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from aiogram import BaseMiddleware
from aiogram.types import Message, TelegramObject

from mentorium_core.mentor.rules import is_too_long

_AT_ONCE: Final = timedelta(seconds=3)
_REMEMBERED_CHATS: Final = 1000


@dataclass(frozen=True, slots=True)
class Fragment:
    """`album` is Telegram's id of the album, None for a text that was too long. `sent_at` is Telegram's time."""

    album: str | None
    sent_at: datetime


class SplitMessageFilter(BaseMiddleware):
    """Stands before every message handler; a tail reaches none of them."""

    def __init__(self) -> None:
        self._last: OrderedDict[int, Fragment] = OrderedDict()

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        assert isinstance(event, Message)
        if self.is_tail(event):
            return None
        return await handler(event, data)

    def is_tail(self, message: Message) -> bool:
        """Whether this message belongs to the one before it; remembers it if more may follow."""
        before = self._last.get(message.chat.id)
        tail = before is not None and _belongs(message, before)
        if tail or message.media_group_id is not None or (message.text is not None and is_too_long(message.text)):
            self._remember(message)
        return tail

    def _remember(self, message: Message) -> None:
        self._last[message.chat.id] = Fragment(message.media_group_id, message.date)
        self._last.move_to_end(message.chat.id)
        if len(self._last) > _REMEMBERED_CHATS:
            self._last.popitem(last=False)


def _belongs(message: Message, before: Fragment) -> bool:
    if before.album is not None or message.media_group_id is not None:
        return message.media_group_id == before.album
    is_plain_text = message.text is not None and not message.text.startswith("/")
    return is_plain_text and abs(message.date - before.sent_at) <= _AT_ONCE
