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

    Drafts count for the whole bot only. Nothing else than messages counts. Whoever pays has a thousand: those beyond
    the 30 are billed.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.on = False
        self._clock = clock
        self._calls: defaultdict[int, deque[float]] = defaultdict(deque)
        self._billed: defaultdict[int, deque[float]] = defaultdict(deque)
        self._full_again: dict[tuple[int, int], float] = {}

    def retry_after(self, bot_id: int, name: str, chat_id: int, *, paid: bool = False) -> int | None:
        """Whole seconds to wait, where the call comes too early; None where it is counted and may pass."""
        if not self._counts(name):
            return None
        now, free, billed = self._clock(), self._last_second(self._calls[bot_id]), self._billed[bot_id]
        calls = billed if paid and len(free) >= OVERALL_A_SECOND else free
        allowed = PAID_A_SECOND - len(free) if calls is billed else OVERALL_A_SECOND
        if len(self._last_second(calls)) >= allowed:
            return 1
        wait = 0 if name in _DRAFTS else self._wait_for_chat((bot_id, chat_id), now)
        if wait > 0:
            return wait
        calls.append(now)
        return None

    def is_billed(self, bot_id: int, name: str, *, paid: bool) -> bool:
        """Whether such a call, at this moment, is beyond what is free."""
        return paid and self._counts(name) and len(self._last_second(self._calls[bot_id])) >= OVERALL_A_SECOND

    def _counts(self, name: str) -> bool:
        return self.on and name not in _FREE and name.startswith(_COUNTED)

    def _last_second(self, calls: deque[float]) -> deque[float]:
        now = self._clock()
        while calls and now - calls[0] >= _WINDOW_S:
            calls.popleft()
        return calls

    def _wait_for_chat(self, chat: tuple[int, int], now: float) -> int:
        """A chat's allowance is the moment at which it will be whole again; each message moves that by a second."""
        full_again = max(self._full_again.get(chat, now), now) + 1.0
        too_early = full_again - now - BURST
        if too_early > 1e-9:
            return math.ceil(too_early)
        self._full_again[chat] = full_again
        return 0
