"""Stars that could open nothing go back to who paid them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mentorium_core.billing.providers import TERMS
from mentorium_core.billing.stars_return import ReturnStars
from mentorium_domain.enums import ProviderName
from mentorium_observability.metrics import payments
from mentorium_reporting.jobs.patience import until_it_is_done


@dataclass(frozen=True, slots=True)
class ReturnStarsJob:
    return_stars: ReturnStars

    async def __call__(self, payload: Mapping[str, Any]) -> None:
        """`charge_id`, the payer's `telegram_id`, and `until` when it is tried."""
        until = datetime.fromisoformat(payload["until"])
        async with until_it_is_done():
            returned = await self.return_stars(str(payload["charge_id"]), int(payload["telegram_id"]), until)
        if returned:
            payments.labels(provider=TERMS[ProviderName.TELEGRAM_STARS].label, status="refunded").inc()
