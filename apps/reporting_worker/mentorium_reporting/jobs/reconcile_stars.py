"""Once a day: Telegram's list of Stars against our books."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mentorium_core.billing.stars_reconciliation import ReconcileStars
from mentorium_core.reports.paid_broadcast import ReconcilePaidBroadcasts
from mentorium_observability import get_logger

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ReconcileStarsJob:
    reconcile_stars: ReconcileStars
    reconcile_paid_broadcasts: ReconcilePaidBroadcasts

    async def __call__(self, payload: Mapping[str, Any]) -> None:  # noqa: ARG002 - a job's form
        found = await self.reconcile_stars()
        tell = logger.info if found.agrees else logger.error
        tell(
            "stars_reconciled",
            lines=found.lines,
            booked=found.booked,
            taken_back=found.taken_back,
            returns=found.returns,
            missing=f"{found.missing.normalize():f}",
        )
        await self.reconcile_paid_broadcasts()
