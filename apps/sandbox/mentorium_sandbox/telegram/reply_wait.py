"""Waits until a control call may answer: the bot has done what it had to do in this chat."""

from __future__ import annotations

import time
from collections.abc import Sequence

from mentorium_sandbox.telegram.bot import Callback
from mentorium_sandbox.telegram.conversation import ChatCursor, Conversation
from mentorium_sandbox.telegram.updates import Ticket

_QUIET_SECONDS = 0.3
_LONGEST_SECONDS = 180.0


async def wait_until_answered(
    conversation: Conversation,
    since: ChatCursor,
    tickets: Sequence[Ticket],
    wait_s: float,
    callback: Callback | None = None,
) -> None:
    """Wait until the updates are confirmed, no draft is open, no call is in flight and 300 ms have passed.

    Before the first reply (and the answer to a press) it waits `wait_s` seconds at most.
    """
    began = time.monotonic()
    while (seconds := _seconds_left(conversation, since, tickets, began, wait_s, callback)) > 0:
        await conversation.changed.wait(seconds)


def _seconds_left(
    conversation: Conversation,
    since: ChatCursor,
    tickets: Sequence[Ticket],
    began: float,
    wait_s: float,
    callback: Callback | None,
) -> float:
    now = time.monotonic()
    patience = began + wait_s - now
    silent = conversation.acts == since.acts
    unanswered = callback is not None and callback.answer is None
    if patience > 0 and (silent or unanswered):
        return patience
    if silent:
        return 0
    if conversation.draft is not None or conversation.calls_in_flight or not all(t.confirmed for t in tickets):
        return began + _LONGEST_SECONDS - now
    return conversation.last_change + _QUIET_SECONDS - now
