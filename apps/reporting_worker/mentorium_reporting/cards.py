"""What the worker does about saved cards: their renewals in time, and its jobs."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Final

from mentorium_core.billing.booking import PaymentBook
from mentorium_core.billing.card_charge import ChargeCard
from mentorium_core.billing.card_plan import KeepCardRenewals
from mentorium_core.billing.card_removal import CancelReceipt, RemoveCard
from mentorium_core.billing.card_renewal_rules import Event
from mentorium_core.billing.providers import TERMS
from mentorium_domain.enums import JobKind, ProviderName
from mentorium_kit import clock
from mentorium_observability.metrics import card_charges, from_the_start, payments
from mentorium_reporting.config import WorkerSettings
from mentorium_reporting.job_loop import Handler
from mentorium_reporting.jobs.saved_cards import (
    CancelReceiptJob,
    ChargeCardJob,
    RemoveCardJob,
    end_card_renewal_job,
)
from mentorium_runtime.fiscal import fiscal_terms
from mentorium_runtime.payments import payme_subscribe, price_list

LOOKS_AGAIN_S: Final = 30.0
"""When only a card that was saved meanwhile can have brought something nearer."""


def card_jobs(settings: WorkerSettings, book: PaymentBook) -> dict[JobKind, Handler]:
    """Also where PayMe is offered no more: what was begun is found out, and what was saved is removed."""
    cards = payme_subscribe(settings)
    from_the_start(card_charges, outcome=frozenset(Event) - {Event.BEGUN})
    paid = payments.labels(provider=TERMS[ProviderName.PAYME].label, status="success")
    return {
        JobKind.CHARGE_CARD: ChargeCardJob(ChargeCard(cards, book, fiscal_terms(settings), paid.inc)),
        JobKind.REMOVE_CARD: RemoveCardJob(RemoveCard(cards)),
        JobKind.CANCEL_RECEIPT: CancelReceiptJob(CancelReceipt(cards)),
        JobKind.END_CARD_RENEWAL: end_card_renewal_job,
    }


class CardRenewalKeeper:
    """The duty. It looks when the moment has come that it saw last, and else twice a minute."""

    def __init__(self, keep: KeepCardRenewals) -> None:
        self._keep = keep
        self._next: datetime | None = None
        self._looked_at: float | None = None

    def rests(self) -> bool:
        if self._looked_at is None or time.monotonic() - self._looked_at >= LOOKS_AGAIN_S:
            return False
        return self._next is None or clock.now() < self._next

    async def __call__(self) -> bool:
        more = await self._keep(clock.now())
        self._next = clock.now() if more else await self._keep.next_moment()
        self._looked_at = time.monotonic()
        return more


def keep_card_renewals(settings: WorkerSettings) -> KeepCardRenewals | None:
    """None: PayMe is not set up, and no card is charged."""
    if payme_subscribe(settings) is None:
        return None
    return KeepCardRenewals(price_list(settings), settings.grace)
