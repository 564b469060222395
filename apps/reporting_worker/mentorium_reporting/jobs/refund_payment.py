"""A payment that the team gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mentorium_core.billing.refunds import RefundAtProvider


@dataclass(frozen=True, slots=True)
class RefundPaymentJob:
    refund: RefundAtProvider

    async def __call__(self, payload: Mapping[str, Any]) -> None:
        """`refund_id`"""
        await self.refund(int(payload["refund_id"]))
