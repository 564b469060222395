"""Records of the inbox that the database and core share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum


class InboxLane(IntEnum):
    """Updates about payments have a lane of their own: nothing else can hold them up."""

    PAYMENT = 1
    ORDINARY = 2


NO_CHAT = 0
"""The `chat_id` of an update that belongs to nobody's order."""


@dataclass(frozen=True, slots=True)
class IncomingUpdate:
    """An update as it came: `content` is its JSON, `chat_id` whose order it belongs to.

    `admitted`: False for one that is dropped; it is remembered against repeats and nothing more.
    """

    update_id: int
    lane: InboxLane
    chat_id: int
    user_id: int | None
    kind: str
    content: str = field(repr=False)
    admitted: bool = True


@dataclass(frozen=True, slots=True)
class TakenUpdate:
    """A claim of an update: the `tries`-th, this one counted. `received_at` is the product's time.

    `answer_in_doubt`: a process that had it before may have answered it already, as a whole or in part.
    """

    update_id: int
    lane: InboxLane
    chat_id: int
    user_id: int | None
    kind: str
    content: str = field(repr=False)
    tries: int
    received_at: datetime
    answer_in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class SetAsideUpdate:
    """An update that nobody takes any more, for a person to look at. `reason`: why, never what it says."""

    bot_id: int
    update_id: int
    lane: InboxLane
    kind: str
    tries: int
    reason: str | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class InboxLoad:
    """What waits or is in hand: how many (beyond a thousand not told apart), and since when the oldest has."""

    waiting: int
    taken: int
    set_aside: int
    oldest: datetime | None
