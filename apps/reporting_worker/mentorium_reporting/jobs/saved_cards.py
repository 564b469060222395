"""Saved cards: a charge and what became of it, and what PayMe is told once one is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mentorium_core.billing.card_charge import ChargeCard
from mentorium_core.billing.card_removal import CancelReceipt, RemoveCard, end_renewal_of_card
from mentorium_observability.metrics import card_charges
from mentorium_reporting.jobs.patience import until_it_is_done


@dataclass(frozen=True, slots=True)
class ChargeCardJob:
    charge: ChargeCard

    async def __call__(self, payload: Mapping[str, Any]) -> None:
        """`attempt_id`, and `tries` so far. What is not known in the end is due again by the attempt's own moment."""
        became = await self.charge(int(payload["attempt_id"]), int(payload["tries"]))
        if became is not None:
            card_charges.labels(outcome=became).inc()


@dataclass(frozen=True, slots=True)
class RemoveCardJob:
    remove: RemoveCard

    async def __call__(self, payload: Mapping[str, Any]) -> None:
        """`token` of the card, and `until` when it is tried."""
        async with until_it_is_done():
            await self.remove(str(payload["token"]), datetime.fromisoformat(payload["until"]))


@dataclass(frozen=True, slots=True)
class CancelReceiptJob:
    cancel: CancelReceipt

    async def __call__(self, payload: Mapping[str, Any]) -> None:
        """`receipt_id`, and `until` when it is tried (jobs of older versions have none)."""
        until = datetime.fromisoformat(payload["until"]) if "until" in payload else None
        async with until_it_is_done():
            await self.cancel(str(payload["receipt_id"]), until)


async def end_card_renewal_job(payload: Mapping[str, Any]) -> None:
    """`card_id` of the card whose owner has had money back."""
    await end_renewal_of_card(int(payload["card_id"]))
