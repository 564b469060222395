"""Recording outcomes of claimed messages: kept in memory until the database has taken them.

A database that is away for a while costs no message and doubles none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mentorium_core.notifications.commands import record_outcomes
from mentorium_domain.enums import DeliveryStatus
from mentorium_domain.outbox import ClaimedMessage, DeliveryRecord
from mentorium_kit.errors import UnavailableError
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error, notification_delivery_lag, notifications

_RETRY_S: Final = 0.5

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PendingOutcome:
    """A claim, what is to be written of it, and when that was known (aware)."""

    claimed: ClaimedMessage
    record: DeliveryRecord
    known_at: datetime


class OutcomeRecorder:
    """Writes down what became of messages, in as few statements as possible."""

    def __init__(self) -> None:
        self._pending: list[PendingOutcome] = []
        self._news = asyncio.Event()
        self._closed = False

    @property
    def pending(self) -> int:
        """Outcomes that are not written down yet."""
        return len(self._pending)

    def add(self, outcome: PendingOutcome) -> None:
        self._pending.append(outcome)
        self._news.set()

    def close(self) -> None:
        """Nothing more will be added."""
        self._closed = True
        self._news.set()

    async def run(self) -> None:
        """Write until `close`, and then until nothing is pending."""
        while self._pending or not self._closed:
            if not self._pending:  # run again after a failure, it finds what that left
                await self._news.wait()
            self._news.clear()
            while self._pending:
                batch = tuple(self._pending)
                if await self._written(batch):
                    del self._pending[: len(batch)]
                else:
                    await asyncio.sleep(_RETRY_S)

    async def _written(self, batch: Sequence[PendingOutcome]) -> bool:
        try:
            known = await record_outcomes([outcome.record for outcome in batch])
        except UnavailableError as error:
            count_error(error)
            logger.warning("deliveries_not_written", code=error.code, count=len(batch))
            return False
        for outcome in batch:
            _count(outcome)
            if outcome.record.id not in known:
                logger.warning("claim_lost", notification_id=outcome.record.id, status=outcome.record.status)
        return True


def _count(outcome: PendingOutcome) -> None:
    claimed, record = outcome.claimed, outcome.record
    status = "retried" if record.status is DeliveryStatus.PENDING else record.status
    notifications.labels(type=claimed.kind, status=status).inc()
    if record.status is DeliveryStatus.SENT:
        lag_s = (outcome.known_at - claimed.send_at).total_seconds()
        notification_delivery_lag.labels(type=claimed.kind).observe(max(lag_s, 0.0))
    elif record.status in {DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN}:
        logger.warning(
            "message_not_delivered",
            notification_id=record.id,
            type=claimed.kind,
            status=record.status,
            reason=record.reason,
        )
