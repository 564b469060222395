"""Sweeping the outbox: what time alone does to it."""

from __future__ import annotations

from dataclasses import dataclass

from mentorium_core.notifications.commands import sweep_outbox
from mentorium_core.notifications.model import Swept
from mentorium_domain.enums import DeliveryStatus
from mentorium_domain.outbox import Lane
from mentorium_kit import clock
from mentorium_observability import get_logger
from mentorium_observability.metrics import notification_outbox_lag, notifications

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class OutboxSweeper:
    """Ends messages nobody wants any more and leases that have run out, `most` at once; metrics and log hear of it."""

    most: int = 500

    async def sweep(self) -> int:
        """How many messages that was. Joins the open unit of work."""
        count = 0
        while changed := await self._sweep_some():
            count += changed
        return count

    async def _sweep_some(self) -> int:
        swept = await sweep_outbox(self.most)
        _tell(swept)
        return swept.count


def _tell(swept: Swept) -> None:
    for claimed, record in swept.leases:
        notifications.labels(type=claimed.kind, status=record.status).inc()
        logger.warning("lease_expired", notification_id=claimed.id, type=claimed.kind, status=record.status)
    for kind, count in swept.expired.items():
        notifications.labels(type=kind, status=DeliveryStatus.EXPIRED).inc(count)
        logger.warning("messages_expired", type=kind, count=count)
    now = clock.now()
    for lane in (Lane.PAYMENT, Lane.REPORT, Lane.NUDGE):
        since = swept.oldest_due.get(lane)
        notification_outbox_lag.labels(lane=lane.name.lower()).set((now - since).total_seconds() if since else 0.0)
