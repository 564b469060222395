"""Rate limiter with Telegram's published limits: so many messages a second, and fewer in one chat."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable

OVERALL_A_SECOND = 30
PAID_A_SECOND = 1000
BURST = 3
_WINDOW_S = 1.0
_COUNTED = ("send", "edit", "copy", "forward", "delete", "pin", "unpin", "setMessageReaction")
_FREE = frozenset({"sendChatAction", "deleteMyCommands", "deleteWebhook"})
_DRAFTS = frozenset({"sendMessageDraft", "sendRichMessageDraft"})


class RateLimiter:
    """A bot has 30 calls in any second; in one chat one a second, after a burst of three. `clock`: monotonic seconds.

    Drafts count for the whole bot only. Nothing else than messages counts. Of those that are paid for there may be a
    thousand.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.on = False
        self._clock = clock
        self._calls: defaultdict[int, deque[float]] = defaultdict(deque)
        self._full_again: dict[tuple[int, int], float] = {}

    def retry_after(self, bot_id: int, name: str, chat_id: int, *, paid: bool = False) -> int | None:
        """Whole seconds to wait, where the call comes too early; None where it is counted and may pass."""
        if not self.on or name in _FREE or not name.startswith(_COUNTED):
            return None
        now, calls = self._clock(), self._calls[bot_id]
        while calls and now - calls[0] >= _WINDOW_S:
            calls.popleft()
        if len(calls) >= (PAID_A_SECOND if paid else OVERALL_A_SECOND):
            return 1
        wait = 0 if name in _DRAFTS else self._wait_for_chat((bot_id, chat_id), now)
        if wait > 0:
            return wait
        calls.append(now)
        return None

    def _wait_for_chat(self, chat: tuple[int, int], now: float) -> int:
        """A chat's allowance is the moment at which it will be whole again; each message moves that by a second."""
        full_again = max(self._full_again.get(chat, now), now) + 1.0
        too_early = full_again - now - BURST
        if too_early > 1e-9:
            return math.ceil(too_early)
        self._full_again[chat] = full_again
        return 0
