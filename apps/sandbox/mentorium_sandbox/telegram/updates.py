"""The updates that wait for one bot, for whoever takes them: a long poll or a webhook."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from mentorium_sandbox.telegram.conversation import Conversation
from mentorium_sandbox.telegram.update_kinds import is_wanted, new_simulation

Json = dict[str, Any]
_REMEMBERED = 20_000
_EPOCH = 1_577_836_800  # 2020-01-01, so that ids of a later run are above those of an earlier one and fit 31 bits


@dataclass(slots=True, eq=False)
class Ticket:
    """An update on its way; one that the bot did not ask for counts as confirmed. `expires_at`: nobody gets it then."""

    update: Json
    conversation: Conversation | None
    expires_at: datetime
    confirmed: bool = False

    def confirm(self) -> None:
        self.confirmed = True
        if self.conversation is not None:
            self.conversation.touch()


Receiver = Callable[[Ticket], None]


class UpdateQueue:
    """`now` is the sandbox's clock. `on_new` is called when there is something for a poll."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.on_new: Callable[[], None] = _nobody
        self.allowed: frozenset[str] = frozenset()
        self._now = now
        self._waiting: dict[int, Ticket] = {}
        self._again: deque[Ticket] = deque()
        self._handed_again: list[Ticket] = []
        self._remembered: OrderedDict[int, Ticket] = OrderedDict()
        self._next_id = (int(time.time()) - _EPOCH) * 4
        self._receiver: Receiver | None = None

    def __len__(self) -> int:
        return len(self._waiting) + len(self._again)

    @property
    def next_id(self) -> int:
        """The id that the next update gets."""
        return self._next_id

    def begin_at(self, update_id: int) -> None:
        """Give away no id below this one: the bot may remember those."""
        self._next_id = max(self._next_id, update_id)

    def put(self, kind: str, content: Json, conversation: Conversation | None = None) -> Ticket:
        """Deliver an update of this kind, with the next id."""
        if not is_wanted(kind, self.allowed):
            return Ticket({kind: content}, conversation, self._now(), confirmed=True)
        return self._enqueue({"update_id": self._next_id, kind: content}, conversation)

    def put_raw(self, update: Json, conversation: Conversation | None = None) -> Json:
        """Deliver this very update; without an `update_id` it gets the next one."""
        update = {"update_id": self._next_id, **update}
        if update["update_id"] < self._next_id:
            self._deliver_again(self._ticket(update, conversation))
            return update
        return self._enqueue(update, conversation).update

    def repeat(self, update_id: int) -> bool:
        """Deliver an update a second time, as Telegram may; False if it is not known any more."""
        known = self._remembered.get(update_id)
        if known is not None:
            self._deliver_again(self._ticket(known.update, known.conversation))
        return known is not None

    def confirm(self, offset: int) -> None:
        """Forget what is before `offset`; a negative one counts from the end; 0 forgets nothing."""
        if offset <= 0:
            self._again.extendleft(reversed(self._handed_again))  # perhaps they never reached whoever polled before
        self._handed_again.clear()
        gone = list(self._waiting)[:offset] if offset < 0 else []
        for update_id in self._waiting:
            if update_id >= offset:
                break
            gone.append(update_id)
        for update_id in gone:
            self._waiting.pop(update_id).confirm()

    def batch(self, limit: int) -> list[Json]:
        """What waits, oldest first, those delivered again before all others."""
        self._drop_expired()
        again = [self._again.popleft() for _ in range(min(limit, len(self._again)))]
        self._handed_again += again
        return [ticket.update for ticket in (*again, *islice(self._waiting.values(), limit - len(again)))]

    def deliver_to(self, receiver: Receiver | None) -> None:
        """From now on hand out each update at once, beginning with what waits; None: let them wait."""
        self._receiver = receiver
        if receiver is not None:
            waiting = [*self._again, *self._waiting.values()]
            self._again.clear()
            for ticket in waiting:
                receiver(ticket)

    def wait_until_answered(self, ticket: Ticket) -> None:
        """What was handed out has been taken, or given up."""
        update_id = ticket.update["update_id"]
        if self._waiting.get(update_id) is ticket:
            del self._waiting[update_id]
        ticket.confirm()

    def drop(self) -> None:
        """Forget what waits."""
        self._again.clear()
        self._handed_again.clear()
        for ticket in self._waiting.values():
            ticket.confirm()
        self._waiting.clear()

    def _ticket(self, update: Json, conversation: Conversation | None) -> Ticket:
        return Ticket(update, conversation, self._now() + new_simulation(update))

    def _enqueue(self, update: Json, conversation: Conversation | None) -> Ticket:
        ticket = self._ticket(update, conversation)
        update_id = update["update_id"]
        self._next_id = update_id + 1
        self._waiting[update_id] = self._remembered[update_id] = ticket
        if len(self._remembered) > _REMEMBERED:
            self._remembered.popitem(last=False)
        if self._receiver is not None:
            self._receiver(ticket)
        self.on_new()
        return ticket

    def _deliver_again(self, ticket: Ticket) -> None:
        if self._receiver is not None:
            self._receiver(ticket)
        else:
            self._again.append(ticket)
            self.on_new()

    def _drop_expired(self) -> None:
        now = self._now()
        for update_id in [key for key, ticket in self._waiting.items() if ticket.expires_at <= now]:
            self._waiting.pop(update_id).confirm()


def _nobody() -> None:
    """Nobody waits for updates."""
