"""Sweeping the outbox: what time alone does to it, each as a duty of its own."""

from __future__ import annotations

from dataclasses import dataclass

from mentorium_core.notifications.commands import expire_messages, sweep_leases
from mentorium_core.notifications.queries import oldest_due_messages
from mentorium_domain.enums import DeliveryStatus
from mentorium_domain.outbox import Lane
from mentorium_kit import clock
from mentorium_observability import get_logger
from mentorium_observability.metrics import notification_outbox_lag, notifications

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class OutboxSweeper:
    """Ends messages nobody wants any more and leases that have run out, `most` in one unit of work.

    Metrics and log hear of it once it has been committed.
    """

    most: int = 500

    async def leases(self) -> int:
        """What vanished senders have left: how many messages."""
        count = 0
        while swept := await sweep_leases(self.most):
            for claimed, record in swept:
                notifications.labels(type=claimed.kind, status=record.status).inc()
                logger.warning(
                    "lease_expired",
                    notification_id=claimed.id,
                    type=claimed.kind,
                    status=record.status,
                    trace_id=claimed.trace_id,
                )
            count += len(swept)
        return count

    async def expired(self) -> int:
        """Messages that have outlived their worth, one batch of them: how many."""
        expired = await expire_messages(self.most)
        for kind, number in expired.items():
            notifications.labels(type=kind, status=DeliveryStatus.EXPIRED).inc(number)
            logger.warning("messages_expired", type=kind, count=number)
        return sum(expired.values())

    async def expire(self) -> bool:
        """End one batch of them; whether there may be more, which is for a unit of work of its own."""
        return await self.expired() >= self.most

    async def sweep(self) -> int:
        """Leases, and one batch of expired messages: how many."""
        return await self.leases() + await self.expired()

    async def show(self) -> None:
        """Tell the metrics since when the oldest message of each lane has been due."""
        oldest, now = await oldest_due_messages(), clock.now()
        for lane in (Lane.PAYMENT, Lane.REPORT, Lane.NUDGE):
            since = oldest.get(lane)
            notification_outbox_lag.labels(lane=lane.name.lower()).set((now - since).total_seconds() if since else 0.0)
