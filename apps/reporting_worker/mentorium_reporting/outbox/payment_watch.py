"""Whether Telegram takes what is to be paid for as such; where it does not, the run goes on at the free rate."""

from __future__ import annotations

from typing import Final

from mentorium_core.notifications.model import Delivered, Outcome, PaymentRefused, Postponed, Reason
from mentorium_core.reports.paid_broadcast import stop_refused_payment
from mentorium_domain.outbox import ClaimedMessage
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error

REFUSED_IN_A_ROW: Final = 3
"""One alone may be refused for what it says."""
_REMEMBERED: Final = 200

logger = get_logger(__name__)


class PaymentWatch:
    """What became of the messages of one sender that were to be paid for.

    No Stars are left, or the switch at BotFather is off: then each one is refused, or most are too many requests, as
    by the free rate. Telegram has no error of its own for it, so it is told by several.
    """

    def __init__(self) -> None:
        self._refused = 0
        self._limited = 0
        self._delivered = 0

    async def learn(self, claimed: ClaimedMessage, outcome: Outcome) -> bool:
        """Whether the payment of this message's run was stopped by it, or by another one before."""
        if not claimed.paid or (reason := self._refusal(claimed, outcome)) is None:
            return False
        self._refused = self._limited = self._delivered = 0
        try:
            await stop_refused_payment(claimed.id, reason)
        except Exception as error:  # noqa: BLE001 - an edge: the next ones that are paid for are refused as well
            count_error(error)
            logger.warning("payment_not_stopped", reason=type(error).__name__)
        return True

    def _refusal(self, claimed: ClaimedMessage, outcome: Outcome) -> str | None:
        """Why nothing is to be paid for any more; None: nothing says so."""
        match outcome:
            case Delivered():
                self._refused = 0
                self._delivered += 1
            case PaymentRefused(reason):
                logger.warning("message_not_taken_as_paid", notification_id=claimed.id, reason=reason)
                self._refused += 1
                if self._refused >= REFUSED_IN_A_ROW:
                    return reason
            case Postponed():
                self._limited += 1
                if self._limited >= REFUSED_IN_A_ROW and self._limited > self._delivered:
                    return Reason.TOO_MANY_REQUESTS
        if self._limited + self._delivered > _REMEMBERED:
            self._limited, self._delivered = self._limited // 2, self._delivered // 2
        return None
