"""Telegram's limits, kept as strictly as one fears: so many calls a second, and fewer in one chat."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable

OVERALL_A_SECOND = 30
_BURST = 3
_WINDOW_S = 1.0
_FREE = frozenset(
    {"getUpdates", "getMe", "getFile", "getChat", "answerCallbackQuery", "answerPreCheckoutQuery", "sendChatAction"}
)
_COUNTED = ("send", "edit", "copy", "forward", "delete", "pin", "unpin", "setMessageReaction")


class Limiter:
    """A bot's calls: at most 30 in any second; in one chat one a second, after a burst of three.

    `clock` gives monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.on = False
        self._clock = clock
        self._calls: defaultdict[int, deque[float]] = defaultdict(deque)
        self._full_again: dict[tuple[int, int], float] = {}

    def retry_after(self, bot_id: int, name: str, chat_id: int) -> int | None:
        """Whole seconds to wait, where the call comes too early; None where it is counted and may pass."""
        if not self.on or name in _FREE or not name.startswith(_COUNTED):
            return None
        now = self._clock()
        calls = self._calls[bot_id]
        while calls and now - calls[0] >= _WINDOW_S:
            calls.popleft()
        if len(calls) >= OVERALL_A_SECOND:
            return 1
        # A chat's allowance as the moment at which it will be whole again: each message moves that by a second.
        key = (bot_id, chat_id)
        full_again = max(self._full_again.get(key, now), now) + 1.0
        if full_again - now > _BURST + 1e-9 and not name.startswith("sendMessageDraft"):
            return max(1, round(full_again - now - _BURST))
        self._full_again[key] = full_again
        calls.append(now)
        return None
