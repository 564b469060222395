"""What a 429 holds back: the one chat it was said of, and everybody only where several chats hear it at once.

Telegram limits a chat to about one message a second and a bot to about thirty; its 429 does not say which it was
(https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
"""

from __future__ import annotations

from typing import Final

Chat = int | str

SEVERAL_CHATS: Final = 3
WITHIN_S: Final = 1.0


class ChatHolds:
    """Until when each chat takes nothing. Times are seconds of any clock that does not jump."""

    def __init__(self) -> None:
        self._until: dict[Chat, float] = {}

    def hold(self, chat: Chat, seconds: float, now: float) -> None:
        """A shorter hold never shortens a longer one."""
        self._until = {other: until for other, until in self._until.items() if until > now}
        self._until[chat] = max(self._until.get(chat, now), now + seconds)

    def remaining_s(self, chat: Chat | None, now: float) -> float:
        """0 where the chat is not held, or there is no chat."""
        return max(self._until.get(chat, now) - now, 0.0) if chat is not None else 0.0


class LimitedChats:
    """Which chats were limited within the last second: the rule in this process alone."""

    def __init__(self) -> None:
        self._at: dict[Chat, float] = {}

    def are_several(self, chat: Chat, now: float) -> bool:
        """Whether this one and others make the limit one of the whole bot."""
        self._at = {other: at for other, at in self._at.items() if now - at < WITHIN_S}
        self._at[chat] = now
        return len(self._at) >= SEVERAL_CHATS
