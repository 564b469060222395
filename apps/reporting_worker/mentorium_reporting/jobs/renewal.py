"""Telegram is told that a subscription in Stars is to be renewed no more, or after all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mentorium_core.billing.stars_renewal import ApplyRenewal
from mentorium_reporting.jobs.patience import until_it_is_done


@dataclass(frozen=True, slots=True)
class RenewalJob:
    """Of both kinds, END_RENEWAL and RESUME_RENEWAL: what Telegram is told is what stands when it is told."""

    apply_renewal: ApplyRenewal

    async def __call__(self, payload: Mapping[str, Any]) -> None:
        """`charge_id` of the first charge, the payer's `telegram_id`, and `until` when it is tried."""
        until = datetime.fromisoformat(payload["until"])
        async with until_it_is_done():
            await self.apply_renewal(str(payload["charge_id"]), int(payload["telegram_id"]), until)
