"""The life of a message in the outbox and its retries, as pure functions.

    pending -> sending -> sent | unknown | failed | skipped
       ^          |
       +----------+   not taken, told to be quiet, or not to be judged: again after a while, until it expires
    pending -> expired | skipped

What follows an unclear outcome is the rule of `at most once` for everything but payments: a doubled report looks like
a broken product, a payment that is not confirmed looks like a theft.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mentorium_core.notifications.model import (
    ChatBlocked,
    Delivered,
    Folded,
    NotJudged,
    NotTaken,
    Outcome,
    PaymentRefused,
    Postponed,
    Reason,
    Refused,
    RightEnded,
    SwitchedOff,
    Unclear,
)
from mentorium_core.notifications.policy import RESENT_IN_DOUBT
from mentorium_domain.enums import DeliveryStatus
from mentorium_domain.outbox import LIFE, ClaimedMessage, DeliveryRecord, OutboxMessage
from mentorium_kit.backoff import backoff_s

BETWEEN_MESSAGES_S: Final = 1.0
"""To one chat: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this"""
REPEAT_AFTER_VANISHED_S: Final = 5.0
"""Its sender may live and only be late to write down that the message has arrived: then nothing is repeated."""
MOST_VANISHED: Final = 5
"""Claims after which a message whose sender has vanished once more is in doubt, and stays so."""
MOST_REVIVED_PAYMENTS: Final = 20
"""To a chat that is open again; each is sent a second after the other."""
FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 60.0
_REASON_LIMIT: Final = 100
_NOT_SENT: Final = {
    RightEnded: Reason.RIGHT_ENDED,
    SwitchedOff: Reason.SWITCHED_OFF,
    Folded: Reason.FOLDED,
}


def with_expiry(message: OutboxMessage) -> OutboxMessage:
    """The message with an end: its own, or else its type's life after `send_at`."""
    if message.expires_at is not None:
        return message
    return replace(message, expires_at=message.send_at + LIFE[message.kind])


def delivery_record(claimed: ClaimedMessage, outcome: Outcome, jitter: float) -> DeliveryRecord:
    """What becomes of a claimed message: ended, or a retry with backoff. `jitter`: 0 to 1, spreads many messages."""
    match outcome:
        case Delivered(message_id):
            return _record(claimed, DeliveryStatus.SENT, BETWEEN_MESSAGES_S, message_id=message_id)
        case Postponed(wait_s):
            return _record(claimed, DeliveryStatus.PENDING, wait_s + jitter, Reason.TOO_MANY_REQUESTS)
        case NotTaken(reason):
            return _record(claimed, DeliveryStatus.PENDING, pause_s(claimed.attempt, jitter), reason)
        case PaymentRefused():
            return _record(claimed, DeliveryStatus.PENDING, pause_s(claimed.attempt, jitter), Reason.PAYMENT_REFUSED)
        case Unclear(reason):
            return _unclear(claimed, reason)
        case Refused(reason):
            return _record(claimed, DeliveryStatus.FAILED, 0.0, reason)
        case ChatBlocked(reason):
            return _record(claimed, DeliveryStatus.SKIPPED, 0.0, reason)
        case RightEnded() | SwitchedOff() | Folded():
            return _record(claimed, DeliveryStatus.SKIPPED, 0.0, _NOT_SENT[type(outcome)])
        case NotJudged(wait_s):
            given_back = _record(claimed, DeliveryStatus.PENDING, wait_s, Reason.NOT_JUDGED)
            return replace(given_back, uncounted_lease=claimed.lease_until)


def lease_expired(claimed: ClaimedMessage) -> DeliveryRecord:
    """What becomes of a message whose lease has run out: its sender vanished, and most likely before it was sent.

    It is sent again, which doubles no more than was in flight when the sender was killed; not for ever, as it may be
    the message that kills.
    """
    if claimed.kind not in RESENT_IN_DOUBT and claimed.attempt < MOST_VANISHED:
        return _record(claimed, DeliveryStatus.PENDING, REPEAT_AFTER_VANISHED_S, Reason.SENDER_VANISHED)
    return _unclear(claimed, Reason.SENDER_VANISHED, REPEAT_AFTER_VANISHED_S)


def pause_s(attempt: int, jitter: float) -> float:
    """Backoff before the next try, in seconds: it doubles up to a minute. There is no last try: the message expires."""
    return backoff_s(attempt, FIRST_PAUSE_S, LONGEST_PAUSE_S, jitter=jitter / 2)


def _unclear(claimed: ClaimedMessage, reason: str, repeat_after_s: float = BETWEEN_MESSAGES_S) -> DeliveryRecord:
    if claimed.kind in RESENT_IN_DOUBT and not claimed.repeated:
        return _record(claimed, DeliveryStatus.PENDING, repeat_after_s, reason, repeated=True)
    return _record(claimed, DeliveryStatus.UNKNOWN, BETWEEN_MESSAGES_S, reason)


def _record(
    claimed: ClaimedMessage,
    status: DeliveryStatus,
    hold_s: float,
    reason: str | None = None,
    *,
    message_id: int | None = None,
    repeated: bool = False,
) -> DeliveryRecord:
    return DeliveryRecord(
        id=claimed.id,
        attempt=claimed.attempt,
        status=status,
        hold_s=hold_s,
        reason=reason[:_REASON_LIMIT].replace("\0", "") if reason else None,
        message_id=message_id,
        repeated=claimed.repeated or repeated,
    )
