"""What the worker does about Click: its jobs, and what is due to be asked."""

from __future__ import annotations

from typing import Final

from mentorium_core.billing.booking import PaymentBook
from mentorium_core.billing.click_jobs import CheckClickPayment, QueueClickChecks, ReverseClickSurplus
from mentorium_core.billing.click_receipt import MakeClickReceipt
from mentorium_core.billing.providers import TERMS
from mentorium_domain.enums import JobKind, ProviderName
from mentorium_kit import clock
from mentorium_observability.metrics import PAYMENT_STATUSES, from_the_start, payments
from mentorium_reporting.config import WorkerSettings
from mentorium_reporting.job_loop import Handler
from mentorium_reporting.jobs.click_payments import ClickPaymentJob, ClickReceiptJob
from mentorium_reporting.ticker import MINUTE_S, Duty
from mentorium_runtime.fiscal import receipt_terms
from mentorium_runtime.payments import click_provider


def click_jobs(settings: WorkerSettings, book: PaymentBook) -> dict[JobKind, Handler]:
    """Also where Click is offered no more: what was begun is finished."""
    click = click_provider(settings)
    from_the_start(payments, provider=(TERMS[ProviderName.CLICK].label,), status=PAYMENT_STATUSES)
    return {
        JobKind.CLICK_REVERSAL: ClickPaymentJob(ReverseClickSurplus(click, book)),
        JobKind.CLICK_CHECK: ClickPaymentJob(CheckClickPayment(click, book)),
        JobKind.CLICK_RECEIPT: ClickReceiptJob(MakeClickReceipt(click, receipt_terms(settings))),
    }


async def ask_click() -> None:
    """What is due by the product's clock."""
    await QueueClickChecks()(clock.now())


CLICK_DUTY: Final = Duty("ask-click", ask_click, MINUTE_S)
