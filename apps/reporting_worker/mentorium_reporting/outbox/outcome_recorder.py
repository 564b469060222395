"""Recording outcomes of claimed messages: kept in memory until the database has taken them, however it fails.

A database that is away for a while costs no message and doubles none.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from mentorium_core.notifications.commands import record_outcomes
from mentorium_domain.enums import DeliveryStatus, NotificationType
from mentorium_domain.outbox import ClaimedMessage, DeliveryRecord
from mentorium_kit.backoff import backoff_s
from mentorium_kit.errors import OutcomeUnknownError, UnavailableError
from mentorium_kit.progress import Progress
from mentorium_observability import get_logger
from mentorium_observability.metrics import from_the_start, notification_delivery_lag, notifications
from mentorium_observability.outage import Outage

FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 2.0
"""Shorter than a message in doubt waits for its repetition: who comes back first writes down that it has arrived."""
GATHER_S: Final = 0.02
"""Messages that were sent together end together: one statement for them."""
LATE_S: Final = 15.0
_TOLD: Final = (*(frozenset(DeliveryStatus) - {DeliveryStatus.PENDING, DeliveryStatus.SENDING}), "retried")
_LOST: Final = frozenset({DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN})

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PendingOutcome:
    """A claim, what is to be written of it, and when that was known (`known_at` aware, `since` of the machine)."""

    claimed: ClaimedMessage
    record: DeliveryRecord
    known_at: datetime
    since: float = field(default_factory=time.monotonic)


class OutcomeRecorder:
    """Writes down what became of messages, in as few statements as possible. It may be run again after a failure."""

    def __init__(self, on_written: Callable[[Sequence[PendingOutcome]], None] | None = None) -> None:
        """`on_written` is told at once what has been written down."""
        self._on_written = on_written
        from_the_start(notifications, type=list(NotificationType), status=_TOLD)
        from_the_start(notification_delivery_lag, type=list(NotificationType))
        self._pending: list[PendingOutcome] = []
        self._in_flight = 0
        self._senders = 0
        self._news = asyncio.Event()
        self._written = asyncio.Event()
        self._stopping = False
        self._in_doubt = False
        self._progress = Progress()
        self._outage = Outage(logger, "outcomes_not_written")

    @property
    def open(self) -> int:
        """Messages that are under way, or whose outcome is not written down yet."""
        return self._in_flight + len(self._pending)

    @property
    def is_late(self) -> bool:
        """Whether outcomes have waited for long to be written down, whatever the reason."""
        return bool(self._pending) and time.monotonic() - self._pending[0].since > LATE_S

    def stalled_s(self) -> float:
        """For how long nothing has been written although the database would have taken it, in seconds."""
        return self._progress.stalled_s()

    @contextmanager
    def sender(self) -> Iterator[None]:
        """A sender is at work: until it has left, and what it has begun is written down, `run` does not end."""
        self._senders += 1
        try:
            yield
        finally:
            self._senders -= 1
            self._news.set()

    def expect(self) -> None:
        """A message is under way; `add` will be told what became of it."""
        self._in_flight += 1

    def add(self, outcome: PendingOutcome) -> None:
        """What became of a message that was expected."""
        self._in_flight -= 1
        self._pending.append(outcome)
        self._progress.begin()
        self._news.set()

    def stop(self) -> None:
        """No sender will come any more."""
        self._stopping = True
        self._news.set()

    async def wait_for_room(self, timeout_s: float) -> None:
        """Until something has been written down, or for so long."""
        self._written.clear()
        try:
            async with asyncio.timeout(timeout_s):
                await self._written.wait()
        except TimeoutError:
            return

    async def run(self) -> None:
        """Write until `stop`, and then until nothing is under way or pending."""
        failures = 0
        while self._pending or self._in_flight or self._senders or not self._stopping:
            if not self._pending:
                self._news.clear()
                await self._news.wait()
                if self._in_flight:
                    await asyncio.sleep(GATHER_S)
                continue
            if await self._write(tuple(self._pending)):
                failures = 0
            else:
                failures += 1
                await asyncio.sleep(backoff_s(failures, FIRST_PAUSE_S, LONGEST_PAUSE_S))

    async def _write(self, batch: Sequence[PendingOutcome]) -> bool:
        """False where not all of it could be written."""
        try:
            await self._record(batch)
        except (UnavailableError, OutcomeUnknownError) as error:
            self._in_doubt = self._in_doubt or isinstance(error, OutcomeUnknownError)
            self._progress.mark()  # it has tried: a server that is away is no fault of this process
            self._outage.failed(error, count=len(batch))
            return False
        except Exception as error:  # noqa: BLE001 - an edge: whatever it is, what became of a message is not lost
            self._outage.failed(error, count=len(batch))
            return len(batch) > 1 and await self._write_each(batch)
        self._outage.over()
        return True

    async def _write_each(self, batch: Sequence[PendingOutcome]) -> bool:
        """One that cannot be written keeps none of the others from it."""
        return all([await self._write((outcome,)) for outcome in batch])

    async def _record(self, batch: Sequence[PendingOutcome]) -> None:
        known = await record_outcomes([outcome.record for outcome in batch])
        written = set(map(id, batch))
        self._pending = [outcome for outcome in self._pending if id(outcome) not in written]
        (self._progress.mark if self._pending else self._progress.rest)()
        self._written.set()
        for outcome in batch:
            _tell(outcome)
            if outcome.record.id not in known and not self._in_doubt:
                logger.warning(
                    "claim_lost",
                    notification_id=outcome.record.id,
                    status=outcome.record.status,
                    trace_id=outcome.claimed.trace_id,
                )
        self._in_doubt = False
        if self._on_written is not None:
            self._on_written([outcome for outcome in batch if outcome.record.id in known])


def _tell(outcome: PendingOutcome) -> None:
    claimed, record = outcome.claimed, outcome.record
    status = "retried" if record.status is DeliveryStatus.PENDING else record.status
    lag_s = max((outcome.known_at - claimed.send_at).total_seconds(), 0.0)
    notifications.labels(type=claimed.kind, status=status).inc()
    if record.status is DeliveryStatus.SENT:
        notification_delivery_lag.labels(type=claimed.kind).observe(lag_s)
    tell = logger.warning if record.status in _LOST else logger.info
    tell(
        "message_not_delivered" if record.status in _LOST else "message_done",
        notification_id=record.id,
        type=claimed.kind,
        status=status,
        lag_s=round(lag_s, 2),
        reason=record.reason,
        trace_id=claimed.trace_id,
    )
