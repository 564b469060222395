"""What is to be told to a parent, and what can become of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Protocol

from mentorium_domain.enums import DeliveryStatus, NotificationType


class Lane(IntEnum):
    """Who goes first where Telegram lets only so many through; `notifications.priority` holds all but ANSWER.

    An answer somebody waits for is never stored: it is sent at once, and the others wait for it.
    """

    ANSWER = 0
    PAYMENT = 1
    REPORT = 2
    NUDGE = 3


class Reason(StrEnum):
    """Why a message stands where it does; kept with it for operators."""

    CHAT_CLOSED = "chat_closed"
    SENDER_VANISHED = "sender_vanished"


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """Something to tell a parent once. `dedup_key` is made of business facts: `report:w:2026-11-16:p42:c7`.

    It goes out as soon as possible from `send_at` on, and not at all from `expires_at` on (both aware). `message` is
    plain text; with a `picture` (PNG) it is the picture's caption.
    """

    telegram_id: int
    kind: NotificationType
    message: str = field(repr=False)
    dedup_key: str
    send_at: datetime
    expires_at: datetime
    picture: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ClaimedMessage:
    """A message that this sender, and nobody else, is about to send. `attempt` counts from 1 and tells claims apart."""

    notification_id: int
    attempt: int
    telegram_id: int
    kind: NotificationType
    message: str = field(repr=False)
    send_at: datetime
    repeated: bool
    picture: bytes | None = field(default=None, repr=False)


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
class Closed:
    """The parent has blocked the bot, deleted the account, or never had this chat."""

    reason: str


Outcome = Delivered | Postponed | NotTaken | Unclear | Refused | Closed


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """What is to be written of a claim. `hold_s`: for so long nothing else is sent to this chat."""

    notification_id: int
    attempt: int
    status: DeliveryStatus
    hold_s: float
    reason: str | None = None
    message_id: int | None = None
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Permits:
    """How many messages may go out now; where that is none, in how many seconds it is worth asking again."""

    count: int
    wait_s: float


class MessageTransport(Protocol):
    """Whoever carries messages to chats. It maps every failure to an outcome and raises nothing."""

    async def deliver(self, message: ClaimedMessage) -> Outcome: ...

    async def is_well(self) -> bool:
        """Whether Telegram answers at all: a question that may be asked as often as one likes."""


class RateLimiter(Protocol):
    """How much Telegram takes from all our processes together."""

    async def take(self, lane: Lane, most: int) -> Permits:
        """At most so many permits of this lane, at once."""

    async def give_back(self, count: int) -> None:
        """Permits that were taken and not used."""
