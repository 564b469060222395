"""The life of a renewal by card, as pure functions: when it is told of, tried, asked about, tried again, given up.

An attempt is PLANNED with its notice. CHARGING: an order is made, then a receipt, then the card is charged. What
became of a charge is known (PAID; RETRYING until the next try; STOPPED) or not (UNKNOWN), and then PayMe is asked
before anything else. No second receipt is made while one may still be paid.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from mentorium_domain.enums import ChatState, RenewalStatus, SubscriptionStatus
from mentorium_domain.renewals import RenewalSituation

TOLD_BEFORE: Final = timedelta(days=3)
"""So long before the end of access its payer reads what will be charged, and when."""
FIRST_TRY_BEFORE: Final = timedelta(days=1)
WARNED_FOR: Final = timedelta(days=1)
"""So long at least lies between that notice and the first try, also where the notice is late."""
RETRIES_AFTER: Final = (timedelta(days=1), timedelta(days=3), timedelta(days=5))
BETWEEN_TRIES: Final = timedelta(hours=12)
"""So long at least the card is left alone after a no, also where that try was late."""
TRIED_UNTIL: Final = RETRIES_AFTER[-1] + timedelta(days=1)
"""So long after the end of access what its payer was told still holds: after that nobody is charged by it."""
PAUSE: Final = timedelta(hours=1)
"""Before the next go where it was not the card that failed."""
FIRST_ASKED_AFTER: Final = timedelta(minutes=1)
ASKED_EVERY: Final = timedelta(hours=1)
ALARM_AFTER: Final = timedelta(days=1)
"""From then on a person is called, and it is asked about more seldom."""
ASKED_LATE: Final = timedelta(hours=6)

MOVED, BLOCKED, STARS, REMOVED, REFUNDED = "moved", "blocked", "stars", "removed", "refunded"
EXHAUSTED: Final = "exhausted"


class Event(StrEnum):
    """BEGUN: about to be charged. NOT_DONE: certainly nothing was charged, for no fault of the card. LOST: the charge
    was sent, its end is not known. PENDING: it still is not. WITHDRAWN: it is not to be charged (any more).
    """

    BEGUN = "begun"
    NOT_DONE = "not_done"
    LOST = "lost"
    PENDING = "pending"
    PAID = "paid"
    DECLINED = "declined"
    CARD_DEAD = "card_dead"
    WITHDRAWN = "withdrawn"


class Effect(StrEnum):
    """What has to be done in the same commit. CLOSE_ORDER: nobody can pay it any more. END: the card is removed."""

    NEW_ORDER = "new_order"
    CLOSE_ORDER = "close_order"
    END = "end"
    TELL_RETRY = "tell_retry"
    TELL_LAST = "tell_last"
    TELL_CARD_DEAD = "tell_card_dead"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Attempt:
    """`began_at`: when the charge under way was begun. `has_receipt`: one of it may have been paid."""

    status: RenewalStatus
    cycle_ends_at: datetime
    tries: int
    due_at: datetime
    began_at: datetime
    has_receipt: bool = False
    error: str | None = None

    @property
    def is_over(self) -> bool:
        return self.status in {RenewalStatus.PAID, RenewalStatus.STOPPED}

    @property
    def is_waiting(self) -> bool:
        return self.status in {RenewalStatus.PLANNED, RenewalStatus.RETRYING}


def first_try_at(cycle_ends_at: datetime, told_at: datetime) -> datetime:
    return max(cycle_ends_at - FIRST_TRY_BEFORE, told_at + WARNED_FOR)


def next_try_at(cycle_ends_at: datetime, now: datetime) -> datetime | None:
    """None: that was the last one."""
    return next((cycle_ends_at + after for after in RETRIES_AFTER if cycle_ends_at + after > now), None)


def is_too_late(attempt: Attempt, told_at: datetime, now: datetime) -> bool:
    """Whether the day that its payer was told passed so long ago that a charge would come as a surprise."""
    return now > max(attempt.cycle_ends_at + TRIED_UNTIL, told_at + 2 * WARNED_FOR)


def obstacle(situation: RenewalSituation) -> str | None:
    """Why this is not to be charged (any more), for the books; None: it may be."""
    if situation.card_removed:
        return REMOVED
    if situation.chat is not ChatState.OPEN:  # nobody could be told of it
        return BLOCKED
    if situation.access not in {SubscriptionStatus.ACTIVE, SubscriptionStatus.EXPIRED}:
        return REFUNDED
    if situation.ends_at != situation.cycle_ends_at:
        return MOVED
    return STARS if situation.renewed_by_stars else None


def step(
    attempt: Attempt, event: Event, now: datetime, *, error: str | None = None, wanted: bool = True
) -> tuple[Attempt, frozenset[Effect]]:
    """`error`: the word or number that is kept of it. `wanted`: the renewal still stands, by its payer's will.

    What is over stays as it ended, and who is not charged now is not begun twice: the same event changes nothing.
    """
    if attempt.is_over:
        return attempt, frozenset()
    match event:
        case Event.BEGUN if attempt.is_waiting:
            begun = replace(attempt, status=RenewalStatus.CHARGING, tries=attempt.tries + 1, has_receipt=False)
            return replace(begun, began_at=now, due_at=now + FIRST_ASKED_AFTER, error=None), frozenset(
                {Effect.NEW_ORDER}
            )
        case Event.PAID:
            return replace(attempt, status=RenewalStatus.PAID, error=None), frozenset()
        case Event.WITHDRAWN:
            return _withdrawn(attempt, error)
        case Event.LOST | Event.PENDING if attempt.has_receipt:
            return _unknown(attempt, event, now)
        case Event.NOT_DONE:
            return _not_done(attempt, now, error, wanted=wanted)
        case Event.DECLINED if attempt.has_receipt:
            return _declined(attempt, now, error, wanted=wanted)
        case Event.CARD_DEAD if attempt.has_receipt:
            return _stopped(attempt, error, Effect.END, Effect.TELL_CARD_DEAD) if wanted else _stopped(attempt, error)
    return attempt, frozenset()


def _stopped(attempt: Attempt, error: str | None, *effects: Effect) -> tuple[Attempt, frozenset[Effect]]:
    stopped = replace(attempt, status=RenewalStatus.STOPPED, error=error)
    return stopped, frozenset({Effect.CLOSE_ORDER, *effects})


def _withdrawn(attempt: Attempt, because: str | None) -> tuple[Attempt, frozenset[Effect]]:
    """What may have been paid is looked into before it is over; its order takes no money from here on."""
    if attempt.has_receipt:
        return attempt, frozenset({Effect.CLOSE_ORDER})
    return _stopped(attempt, because)


def _unknown(attempt: Attempt, event: Event, now: datetime) -> tuple[Attempt, frozenset[Effect]]:
    """Asked about after a minute, then at growing distances, up to an hour."""
    pause = min(max(now - attempt.began_at, FIRST_ASKED_AFTER), ASKED_EVERY)
    late = event is Event.PENDING and now - attempt.began_at >= ALARM_AFTER
    unknown = replace(attempt, status=RenewalStatus.UNKNOWN, due_at=now + (ASKED_LATE if late else pause))
    return unknown, frozenset({Effect.ALARM} if late else ())


def _not_done(attempt: Attempt, now: datetime, error: str | None, *, wanted: bool) -> tuple[Attempt, frozenset[Effect]]:
    if not wanted:
        return _stopped(attempt, error)
    if next_try_at(attempt.cycle_ends_at, now) is None:
        return _stopped(attempt, EXHAUSTED, Effect.END, Effect.TELL_LAST)
    waiting = RenewalStatus.RETRYING if attempt.tries else RenewalStatus.PLANNED
    again = replace(attempt, status=waiting, due_at=now + PAUSE, has_receipt=False, error=error)
    return again, frozenset({Effect.CLOSE_ORDER})


def _declined(attempt: Attempt, now: datetime, error: str | None, *, wanted: bool) -> tuple[Attempt, frozenset[Effect]]:
    if not wanted:
        return _stopped(attempt, error)
    due_at = next_try_at(attempt.cycle_ends_at, now)
    if due_at is None:
        return _stopped(attempt, EXHAUSTED, Effect.END, Effect.TELL_LAST)
    due_at = min(max(due_at, now + BETWEEN_TRIES), attempt.cycle_ends_at + RETRIES_AFTER[-1])
    retrying = replace(attempt, status=RenewalStatus.RETRYING, due_at=due_at, has_receipt=False, error=error)
    return retrying, frozenset({Effect.CLOSE_ORDER, Effect.TELL_RETRY})
