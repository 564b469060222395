"""The life of a message in the outbox and its retries, as pure functions.

    pending -> sending -> sent | unknown | failed | skipped
       ^          |
       +----------+   not taken, or told to be quiet: again after a while, until it expires
    pending -> expired | skipped

What follows an unclear outcome is the rule of `at most once` for everything but payments: a doubled report looks like
a broken product, a payment that is not confirmed looks like a theft.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from mentorium_core.notifications.model import (
    ClaimedMessage,
    Closed,
    Delivered,
    DeliveryRecord,
    Lane,
    NotTaken,
    Outcome,
    Postponed,
    Reason,
    Refused,
    Unclear,
)
from mentorium_domain.enums import DeliveryStatus, NotificationType
from mentorium_kit.backoff import backoff_s

BETWEEN_MESSAGES_S: Final = 1.0
"""To one chat: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this"""
FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 60.0
_REASON_LIMIT: Final = 100

LANES: Final = {
    NotificationType.PAYMENT: Lane.PAYMENT,
    NotificationType.SUBSCRIPTION: Lane.PAYMENT,
    NotificationType.REPORT: Lane.REPORT,
    NotificationType.ACHIEVEMENT: Lane.NUDGE,
    NotificationType.REMINDER: Lane.NUDGE,
}
LIFE: Final = {
    NotificationType.PAYMENT: timedelta(hours=24),
    NotificationType.SUBSCRIPTION: timedelta(hours=24),
    NotificationType.REPORT: timedelta(hours=60),
    NotificationType.ACHIEVEMENT: timedelta(hours=48),
    NotificationType.REMINDER: timedelta(hours=48),
}
"""How long a message is worth sending where the fact itself does not say."""
SENT_TWICE_IF_UNCLEAR: Final = frozenset({NotificationType.PAYMENT})


def settle(claimed: ClaimedMessage, outcome: Outcome, jitter: float) -> DeliveryRecord:
    """What becomes of a claimed message. `jitter`: 0 to 1, spreads the next tries of many messages."""
    match outcome:
        case Delivered(message_id):
            return _settled(claimed, DeliveryStatus.SENT, BETWEEN_MESSAGES_S, message_id=message_id)
        case Postponed(wait_s):
            return _settled(claimed, DeliveryStatus.PENDING, wait_s + jitter, "too_many_requests")
        case NotTaken(reason):
            return _settled(claimed, DeliveryStatus.PENDING, pause_s(claimed.attempt, jitter), reason)
        case Unclear(reason):
            return _unclear(claimed, reason)
        case Refused(reason):
            return _settled(claimed, DeliveryStatus.FAILED, 0.0, reason)
        case Closed(reason):
            return _settled(claimed, DeliveryStatus.SKIPPED, 0.0, reason)


def abandoned(claimed: ClaimedMessage) -> DeliveryRecord:
    """What becomes of a message whose sender has not been heard of again: it may have been sent."""
    return _unclear(claimed, Reason.SENDER_VANISHED)


def pause_s(attempt: int, jitter: float) -> float:
    """Seconds until the next try: they double up to a minute. There is no last try: the message expires."""
    return backoff_s(attempt, FIRST_PAUSE_S, LONGEST_PAUSE_S, jitter=jitter / 2)


def _unclear(claimed: ClaimedMessage, reason: str) -> DeliveryRecord:
    if claimed.kind in SENT_TWICE_IF_UNCLEAR and not claimed.repeated:
        return _settled(claimed, DeliveryStatus.PENDING, BETWEEN_MESSAGES_S, reason, repeated=True)
    return _settled(claimed, DeliveryStatus.UNKNOWN, BETWEEN_MESSAGES_S, reason)


def _settled(
    claimed: ClaimedMessage,
    status: DeliveryStatus,
    hold_s: float,
    reason: str | None = None,
    *,
    message_id: int | None = None,
    repeated: bool = False,
) -> DeliveryRecord:
    return DeliveryRecord(
        notification_id=claimed.notification_id,
        attempt=claimed.attempt,
        status=status,
        hold_s=hold_s,
        reason=reason[:_REASON_LIMIT] if reason else None,
        message_id=message_id,
        repeated=claimed.repeated or repeated,
    )
