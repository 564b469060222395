"""The updates that wait for one bot, and long polling as Telegram does it."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import Any

from mentorium_sandbox.telegram.conversation import Conversation, Signal
from mentorium_sandbox.telegram.errors import OTHER_POLLER, ApiError, conflict

Json = dict[str, Any]
_REMEMBERED = 20_000
_LONGEST_POLL = 50
_ONLY_WHEN_ASKED_FOR = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_EPOCH = 1_577_836_800  # 2020-01-01, so that ids of a later run are above those of an earlier one and fit 31 bits


@dataclass(slots=True, eq=False)
class Ticket:
    """An update on its way; one that the bot did not ask for counts as confirmed."""

    update: Json
    conversation: Conversation | None
    confirmed: bool = False

    def confirm(self) -> None:
        self.confirmed = True
        if self.conversation is not None:
            self.conversation.touch()


class UpdateQueue:
    def __init__(self) -> None:
        self._waiting: deque[Ticket] = deque()
        self._again: deque[Json] = deque()
        self._remembered: OrderedDict[int, Json] = OrderedDict()
        self._next_id = (int(time.time()) - _EPOCH) * 4
        self._allowed: frozenset[str] = frozenset()
        self._poller: asyncio.Future[None] | None = None
        self._taken: set[Ticket] = set()
        self.changed = Signal()
        self._closed = False

    def __len__(self) -> int:
        return len(self._waiting) + len(self._again)

    @property
    def next_id(self) -> int:
        """The id that the next update gets."""
        return self._next_id

    def begin_at(self, update_id: int) -> None:
        """Give away no id below this one: the bot may remember those."""
        self._next_id = max(self._next_id, update_id)

    @property
    def allowed(self) -> list[str]:
        return sorted(self._allowed)

    @property
    def has_poller(self) -> bool:
        """Somebody waits for updates right now."""
        return self._poller is not None

    def put(self, kind: str, content: Json, conversation: Conversation | None = None) -> Ticket:
        """Deliver an update of this kind, with the next id."""
        if not self._wanted(kind):
            return Ticket({kind: content}, conversation, confirmed=True)
        update = {"update_id": self._next_id, kind: content}
        self._next_id += 1
        return self._enqueue(update, conversation)

    def put_raw(self, update: Json, conversation: Conversation | None = None) -> Json:
        """Deliver this very update; without an `update_id` it gets the next one."""
        update = {"update_id": self._next_id, **update}
        if update["update_id"] < self._next_id:
            self._deliver_again(update)
            return update
        self._next_id = update["update_id"] + 1
        return self._enqueue(update, conversation).update

    def repeat(self, update_id: int) -> bool:
        """Deliver an update a second time, as Telegram may; False if it is not known any more."""
        update = self._remembered.get(update_id)
        if update is not None:
            self._deliver_again(update)
        return update is not None

    async def poll(self, offset: int, limit: int, seconds: float, allowed: list[str] | None) -> list[Json]:
        """What waits from `offset` on, confirming what is before it. Raises ApiError 409 when another poll begins."""
        self._end_other_poll(conflict(OTHER_POLLER))
        if allowed is not None:
            self._allowed = frozenset(allowed)
        self._confirm(offset)
        if not len(self) and seconds > 0 and not self._closed:
            await self._wait(min(seconds, _LONGEST_POLL))
        return self._batch(limit)

    def allow(self, kinds: list[str]) -> None:
        """Only updates of these kinds from now on; an empty list stands for the usual ones."""
        self._allowed = frozenset(kinds)

    def end_poll(self, reason: ApiError) -> None:
        """Whoever waits for updates is told this instead."""
        self._end_other_poll(reason)

    def take_for_webhook(self) -> list[Ticket]:
        """What waits and has not been taken before, in order; each is to be settled."""
        fresh = [ticket for ticket in self._waiting if ticket not in self._taken]
        repeated = [Ticket(update, None) for update in self._again]
        self._again.clear()
        self._taken.update(fresh)
        return [*repeated, *fresh]

    def settle(self, ticket: Ticket) -> None:
        """It was taken, or given up."""
        self._taken.discard(ticket)
        if ticket in self._waiting:
            self._waiting.remove(ticket)
        ticket.confirm()

    def give_back(self) -> None:
        """What was taken and not settled waits for whoever asks next."""
        self._taken.clear()

    def drop(self) -> None:
        """Forget what waits."""
        self._again.clear()
        self._taken.clear()
        while self._waiting:
            self._waiting.popleft().confirm()

    def close(self) -> None:
        self._closed = True
        self._wake()

    def _wanted(self, kind: str) -> bool:
        return kind in self._allowed if self._allowed else kind not in _ONLY_WHEN_ASKED_FOR

    def _enqueue(self, update: Json, conversation: Conversation | None) -> Ticket:
        ticket = Ticket(update, conversation)
        self._waiting.append(ticket)
        self._remembered[update["update_id"]] = update
        if len(self._remembered) > _REMEMBERED:
            self._remembered.popitem(last=False)
        self._wake()
        return ticket

    def _deliver_again(self, update: Json) -> None:
        self._again.append(update)
        self._wake()

    def _batch(self, limit: int) -> list[Json]:
        batch = [self._again.popleft() for _ in range(min(limit, len(self._again)))]
        for ticket in self._waiting:
            if len(batch) >= limit:
                break
            batch.append(ticket.update)
        return batch

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            while len(self._waiting) > -offset:
                self._waiting.popleft().confirm()
        while self._waiting and self._waiting[0].update["update_id"] < offset:
            self._waiting.popleft().confirm()

    async def _wait(self, seconds: float) -> None:
        poller: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poller = poller
        try:
            async with asyncio.timeout(seconds):
                await poller
        except TimeoutError:
            pass
        finally:
            if self._poller is poller:
                self._poller = None

    def _wake(self) -> None:
        self.changed.fire()
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(None)

    def _end_other_poll(self, reason: ApiError) -> None:
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(reason)
