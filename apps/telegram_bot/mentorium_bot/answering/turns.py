"""Questions that wait until other processes have answered what the same parent asked before."""

from __future__ import annotations

import asyncio
from bisect import insort
from collections.abc import Awaitable, Callable, Collection
from typing import Final, Generic, TypeVar

from mentorium_kit.errors import OutcomeUnknownError, UnavailableError
from mentorium_kit.progress import Progress
from mentorium_observability import get_logger
from mentorium_observability.outage import Outage

LOOK_EVERY_S: Final = 0.25
"""Machine time. Only while something waits."""
_AWAY_PAUSE_S: Final = 2.0
Item = TypeVar("Item")

logger = get_logger(__name__)


class Turns(Generic[Item]):
    """`behind`: which of these questions still wait for another process. `begin` takes one whose turn has come.

    Of a chat they are begun in the order of their ids. `run` hangs on the supervisor.
    """

    def __init__(
        self, behind: Callable[[Collection[int]], Awaitable[set[int]]], begin: Callable[[int, Item], None]
    ) -> None:
        self._behind = behind
        self._begin = begin
        self._waiting: dict[int, list[tuple[int, Item]]] = {}
        self._news = asyncio.Event()
        self._outage = Outage(logger, "turns_not_looked_after")
        self._progress = Progress()

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def stalled_s(self) -> float:
        """For how many seconds `run` has had something to do and has not got on."""
        return self._progress.stalled_s()

    def waiting(self, chat_id: int) -> int:
        """How many of this chat wait here."""
        return len(self._waiting.get(chat_id, ()))

    def put(self, chat_id: int, dialog_id: int, item: Item) -> None:
        """Begin it when all that came before it in this chat has been answered."""
        insort(self._waiting.setdefault(chat_id, []), (dialog_id, item), key=lambda one: one[0])
        self._news.set()

    def drop(self, chat_id: int) -> list[Item]:
        """Forget what waits in this chat; what that was."""
        return [item for _, item in self._waiting.pop(chat_id, [])]

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            if not self._waiting:
                self._progress.rest()
                self._news.clear()
                await self._news.wait()
            self._progress.mark()
            try:
                await self._look()
            except (UnavailableError, OutcomeUnknownError) as error:
                self._outage.failed(error)
                self._progress.rest()
                await asyncio.sleep(_AWAY_PAUSE_S)
                continue
            self._outage.over()
            if self._waiting:
                self._progress.rest()
                await asyncio.sleep(LOOK_EVERY_S)

    async def _look(self) -> None:
        asked = {dialog_id for waiting in self._waiting.values() for dialog_id, _ in waiting}
        behind = await self._behind(asked)
        for chat_id in list(self._waiting):
            waiting = self._waiting.get(chat_id, [])
            while waiting and waiting[0][0] in asked and waiting[0][0] not in behind:
                self._begin(chat_id, waiting.pop(0)[1])
            if not waiting:
                self._waiting.pop(chat_id, None)
