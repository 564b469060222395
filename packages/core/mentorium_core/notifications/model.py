"""What can become of a message of the outbox, and who carries it: outcomes, and the ports of transport and limiter."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from mentorium_domain.outbox import ClaimedMessage, Lane


class Reason(StrEnum):
    """Why a message stands where it does; kept with it for operators."""

    CHAT_BLOCKED = "chat_closed"
    """The outbox's statements revive such rows, and no others."""
    SENDER_VANISHED = "sender_vanished"
    SENDER_STOPPED = "sender_stopped"
    TOO_MANY_REQUESTS = "too_many_requests"
    """The outbox's statements hold the whole chat for such a row."""
    PAYMENT_REFUSED = "payment_refused"
    """It was not taken as paid for: the outbox's statements keep that, and never claim it as paid for again."""
    RIGHT_ENDED = "right_ended"
    NOT_JUDGED = "platform_away"
    SWITCHED_OFF = "switched_off"
    FOLDED = "folded"
    """Over a cap: it waits for the next report about its child. An index finds such rows."""
    FOLDED_TOLD = "folded_told"
    BUNDLED = "bundled"
    """It was told within another message of the same day."""
    OFFERED = "offered"
    """A report in doubt, or one that was missed: the parent was told of it. An index leaves such rows out."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """Telegram has the message."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Postponed:
    """Telegram wants us to be quiet for so long."""

    wait_s: float


@dataclass(frozen=True, slots=True)
class NotTaken:
    """It certainly did not arrive, and may the next time."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """It was handed over, and no answer came back: Telegram knows no key by which a second one would be recognised."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Telegram will never take this message."""

    reason: str


@dataclass(frozen=True, slots=True)
class PaymentRefused:
    """It was to be paid for, and Telegram did not take it so (no Stars are left, …): it may go at the free rate."""

    reason: str


@dataclass(frozen=True, slots=True)
class ChatBlocked:
    """The parent has blocked the bot, deleted the account, or never had this chat."""

    reason: str


@dataclass(frozen=True, slots=True)
class RightEnded:
    """It was not sent: the parent may see the child it tells of no more."""


@dataclass(frozen=True, slots=True)
class NotJudged:
    """It was not sent: the platform could not be asked whether the parent may see the child it tells of."""

    wait_s: float


@dataclass(frozen=True, slots=True)
class SwitchedOff:
    """It was not sent: the parent wants no messages of this type."""


@dataclass(frozen=True, slots=True)
class Folded:
    """It was not sent: it is over a cap, and is told with the next report about its child."""


@dataclass(frozen=True, slots=True)
class FoldedNote:
    """What was folded for a report, as one message; `ids` of the outbox."""

    text: str
    ids: tuple[int, ...]


Outcome = (
    Delivered
    | Postponed
    | NotTaken
    | Unclear
    | Refused
    | PaymentRefused
    | ChatBlocked
    | RightEnded
    | NotJudged
    | SwitchedOff
    | Folded
)


@dataclass(frozen=True, slots=True)
class Permits:
    """How many messages may go out now, and in how many seconds it is worth asking again."""

    count: int
    wait_s: float


class MessageTransport(Protocol):
    """Carries messages to chats. It maps every failure to an outcome and raises nothing."""

    async def deliver(self, message: ClaimedMessage) -> Outcome: ...

    async def is_well(self) -> bool:
        """Whether Telegram answers at all: a question that may be asked as often as one likes."""


class RateLimiter(Protocol):
    """The rate limiter: how much Telegram takes from all our processes together."""

    async def take(self, lane: Lane, most: int, *, paid: bool = False) -> Permits:
        """At most so many permits of this lane, at once; of messages that are `paid` for there are many more."""

    async def give_back(self, count: int, *, paid: bool = False) -> None:
        """Permits that were taken and not used."""
