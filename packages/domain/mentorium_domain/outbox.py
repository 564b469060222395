"""The outbox's records, shared by whoever writes, claims and sends messages: a message, a claim, what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final

from mentorium_domain.enums import DeliveryStatus, Language, Notice, NotificationType, ReportType
from mentorium_domain.preferences import DEFAULTS, Preferences


class Lane(IntEnum):
    """Priority: who goes first where Telegram lets only so many through; `notifications.priority` holds all but ANSWER.

    An answer somebody waits for is never stored: it is sent at once, and the others wait for it.
    """

    ANSWER = 0
    PAYMENT = 1
    REPORT = 2
    NUDGE = 3


LANES: Final = {
    NotificationType.PAYMENT: Lane.PAYMENT,
    NotificationType.SUBSCRIPTION: Lane.PAYMENT,
    NotificationType.REPORT: Lane.REPORT,
    NotificationType.ACHIEVEMENT: Lane.NUDGE,
    NotificationType.REMINDER: Lane.NUDGE,
}
"""In which lane a message of each type waits."""
LIFE: Final = {
    NotificationType.PAYMENT: timedelta(hours=24),
    NotificationType.SUBSCRIPTION: timedelta(hours=24),
    NotificationType.REPORT: timedelta(hours=24),
    NotificationType.ACHIEVEMENT: timedelta(hours=48),
    NotificationType.REMINDER: timedelta(hours=48),
}
"""How long a message of each type is worth sending where the fact itself does not say (a report made on time does)."""


_LONGEST_DATA: Final = 64
"""Bytes of callback data (https://core.telegram.org/bots/api#inlinekeyboardbutton)."""


@dataclass(frozen=True, slots=True)
class MessageButton:
    """An inline button under a message: it sends `data` as callback data, or opens `url`. ValueError for neither, both,
    or what Telegram would refuse.
    """

    text: str
    data: str | None = None
    url: str | None = None

    def __post_init__(self) -> None:
        if not self.text.strip() or (self.data is None) == (self.url is None):
            raise ValueError("a button has a text, and either data or a URL")
        if self.data is not None and not 1 <= len(self.data.encode()) <= _LONGEST_DATA:
            raise ValueError("callback data have 1 to 64 bytes")

    def to_dict(self) -> dict[str, str]:
        """As `notifications.buttons` keeps it."""
        kind, value = ("url", self.url) if self.url is not None else ("data", self.data or "")
        return {"text": self.text, kind: value}

    @classmethod
    def from_dict(cls, kept: Mapping[str, str]) -> MessageButton:
        return cls(kept["text"], data=kept.get("data"), url=kept.get("url"))


Buttons = tuple[tuple[MessageButton, ...], ...]
"""Rows of them."""


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """Something to tell a parent once. `dedup_key`, its idempotency key, is made of business facts.

    It goes out as soon as possible from `send_at` on, and not at all from `expires_at` on (both aware); None: its
    type says how long it lives. `message` is plain text; with a `report_id` it is the caption of the picture of that
    report, which is drawn when the message is sent. `student_id`: the child it tells of; it goes out only while the
    parent may see that child. `notice` puts it under the policy of core: without one it goes out at any hour and counts
    for no cap. `line`: the same in one line, where the message is told with others or within a report. `run_id`: the
    report run it belongs to; it goes out once all of that is stored.
    """

    telegram_id: int
    kind: NotificationType
    message: str = field(repr=False)
    dedup_key: str
    send_at: datetime
    expires_at: datetime | None = None
    report_id: int | None = None
    student_id: int | None = None
    buttons: Buttons = ()
    notice: Notice | None = None
    line: str | None = field(default=None, repr=False)
    run_id: int | None = None

    @property
    def lane(self) -> Lane:
        """What somebody is waiting for goes with the payments."""
        return Lane.PAYMENT if self.notice is Notice.REPORT_OFFER else LANES[self.kind]


@dataclass(frozen=True, slots=True)
class ClaimedMessage:
    """A message under lease: this sender, and nobody else, is about to send it.

    `attempt` counts from 1 and tells claims apart: what became of a claim is written only under the latest number.
    `repeated`: it has been sent before, and is in doubt. `report_id`: it goes with the picture of this report;
    `picture`: that, once it is drawn. `student_id`: the child it tells of, and `guardian_id` on whose rights the
    parent's link with that child stands, None where there is no link (any more). `report_type`, `language`: of the
    report, None under any other message. `lease_until`: the database server's time. `preferences`, `reader_language`:
    what the parent has chosen by the time of the claim. `silent`: it makes no sound.
    """

    id: int
    attempt: int
    telegram_id: int
    kind: NotificationType
    message: str = field(repr=False)
    send_at: datetime
    repeated: bool
    report_id: int | None = None
    picture: bytes | None = field(default=None, repr=False)
    trace_id: str | None = None
    student_id: int | None = None
    guardian_id: int | None = None
    lease_until: datetime | None = None
    buttons: Buttons = ()
    report_type: ReportType | None = None
    language: Language | None = None
    dedup_key: str = ""
    reader_language: Language | None = None
    notice: Notice | None = None
    preferences: Preferences = DEFAULTS
    silent: bool = False
    paid: bool = False
    """An operator lets it be paid for, so that the free rate does not hold it."""


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """What is to be written of a claim. `hold_s`: for so many seconds nothing else is sent to this chat.

    `message_id` is Telegram's, where it has the message. `uncounted_lease`: the claim with this lease is given back,
    and the try does not count.
    """

    id: int
    attempt: int
    status: DeliveryStatus
    hold_s: float
    reason: str | None = None
    message_id: int | None = None
    repeated: bool = False
    uncounted_lease: datetime | None = None


@dataclass(frozen=True, slots=True)
class OutboxLook:
    """What a sender sees: the lane of the first message it may take now.

    Where that is None: in how many seconds one that is held back may be taken (`held_s`), and when the next one is due
    by the product's clock (`next_at`); both None where neither will come by itself. `paid`: it may be paid for.
    """

    lane: Lane | None
    held_s: float | None = None
    next_at: datetime | None = None
    paid: bool = False


@dataclass(frozen=True, slots=True)
class OutboxLoad:
    """`due`: to be sent now or within the next two seconds, or being sent; `next_at`: when that changes by itself."""

    due: int
    next_at: datetime | None
