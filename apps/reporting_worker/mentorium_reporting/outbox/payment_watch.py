"""Whether Telegram takes what is to be paid for as such; where it does not, the run goes on at the free rate."""

from __future__ import annotations

from typing import Final

from mentorium_core.notifications.model import Delivered, Outcome, PaymentRefused, Postponed, Reason
from mentorium_core.reports.paid_broadcast import stop_refused_payment
from mentorium_domain.outbox import ClaimedMessage
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error

REFUSED_IN_A_ROW: Final = 3
"""One alone may be refused for what it says, or be told to wait for its chat."""

logger = get_logger(__name__)


class PaymentWatch:
    """What became of the messages of one sender that were to be paid for.

    No Stars are left, or the switch at BotFather is off: then each one is refused, or too many requests by the free
    rate. Telegram has no error of its own for it, so it is told by several in a row.
    """

    def __init__(self) -> None:
        self._in_a_row = 0

    async def learn(self, claimed: ClaimedMessage, outcome: Outcome) -> bool:
        """Whether the payment of this message's run was stopped by it, or by another one before."""
        if not claimed.paid:
            return False
        match outcome:
            case Delivered():
                self._in_a_row = 0
                return False
            case PaymentRefused(reason):
                logger.warning("message_not_taken_as_paid", notification_id=claimed.id, reason=reason)
            case Postponed():
                reason = Reason.TOO_MANY_REQUESTS
            case _:
                return False
        self._in_a_row += 1
        if self._in_a_row < REFUSED_IN_A_ROW:
            return False
        self._in_a_row = 0
        try:
            await stop_refused_payment(claimed.id, reason)
        except Exception as error:  # noqa: BLE001 - an edge: the next ones that are paid for are refused as well
            count_error(error)
            logger.warning("payment_not_stopped", reason=type(error).__name__)
        return True
