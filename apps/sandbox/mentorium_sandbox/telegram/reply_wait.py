"""Waits until a control call may answer: the bot has done what it had to do in this chat."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from mentorium_sandbox.telegram.bot import Callback
from mentorium_sandbox.telegram.conversation import ChatCursor, Conversation
from mentorium_sandbox.telegram.updates import Ticket

QUIET_SECONDS = 0.3
_BUSY_ELSEWHERE_SECONDS = 2.0
_ASK_AGAIN_SECONDS = 0.1
_LONGEST_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class ReplyWait:
    """What is waited for: the bot's reaction to `tickets` in this chat since `since`, and to the press, if any.

    `in_hand` asks the bot whether it is busy: that an update was taken says nothing, a bot may store it first.
    `quiet_seconds` is for how long nothing may have happened in the chat.
    """

    conversation: Conversation
    since: ChatCursor
    tickets: Sequence[Ticket]
    in_hand: Callable[[], Awaitable[bool]]
    callback: Callback | None = None
    quiet_seconds: float = QUIET_SECONDS

    async def until_answered(self, wait_s: float) -> None:
        """Until the updates are handled, no draft is open, no call is in flight and the chat has been quiet.

        Handled: the bot says that it is not busy, or has made no call to this chat for 2 s (busy with others).
        Before the first reply (and the answer to a press) it waits `wait_s` seconds at most.
        """
        began = time.monotonic()
        while True:
            seconds = self._seconds_left(began, wait_s)
            if seconds <= 0:
                if not await self._is_busy_here() or time.monotonic() >= began + max(wait_s, _LONGEST_SECONDS):
                    return
                seconds = min(_ASK_AGAIN_SECONDS, self.quiet_seconds)
            await self.conversation.changed.wait(seconds)

    def _seconds_left(self, began: float, wait_s: float) -> float:
        now, chat = time.monotonic(), self.conversation
        patience = began + wait_s - now
        unanswered = self.callback is not None and self.callback.answer is None
        if patience > 0 and (self._is_silent or unanswered):
            return patience
        if self._is_silent:
            return 0
        if chat.draft is not None or chat.calls_in_flight:
            return began + _LONGEST_SECONDS - now
        if not all(ticket.confirmed for ticket in self.tickets):  # a bot may speak of what it cannot keep
            return chat.last_change + _BUSY_ELSEWHERE_SECONDS - now
        return chat.last_change + self.quiet_seconds - now

    @property
    def _is_silent(self) -> bool:
        return self.conversation.acts == self.since.acts

    async def _is_busy_here(self) -> bool:
        if self._is_silent or time.monotonic() - self.conversation.last_call >= _BUSY_ELSEWHERE_SECONDS:
            return False
        return await self.in_hand()
