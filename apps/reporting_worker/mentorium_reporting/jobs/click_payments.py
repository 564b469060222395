"""What is asked of Click after a payment: whether it stands, that a surplus goes back, and the fiscal receipt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mentorium_core.billing.click_jobs import CheckClickPayment, ReverseClickSurplus
from mentorium_core.billing.click_receipt import MakeClickReceipt
from mentorium_core.billing.providers import TERMS
from mentorium_domain.enums import ProviderName
from mentorium_observability.metrics import payments


@dataclass(frozen=True, slots=True)
class ClickPaymentJob:
    """`work`: counted by what the payment has become, once that is committed."""

    work: CheckClickPayment | ReverseClickSurplus

    async def __call__(self, payload: Mapping[str, Any]) -> None:
        """`attempt_id`"""
        if (became := await self.work(int(payload["attempt_id"]))) is not None:
            payments.labels(provider=TERMS[ProviderName.CLICK].label, status=became.value.lower()).inc()


@dataclass(frozen=True, slots=True)
class ClickReceiptJob:
    make_receipt: MakeClickReceipt

    async def __call__(self, payload: Mapping[str, Any]) -> None:
        """`attempt_id`"""
        await self.make_receipt(int(payload["attempt_id"]))
