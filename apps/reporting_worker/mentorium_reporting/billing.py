"""What the worker does about money: the jobs that tell providers, and the duties of time."""

from __future__ import annotations

from aiogram import Bot

from mentorium_core.billing.booking import PaymentBook
from mentorium_core.billing.click_jobs import CheckClickPayment, QueueClickChecks, ReverseClickSurplus
from mentorium_core.billing.click_receipt import MakeClickReceipt
from mentorium_core.billing.lapse import ExpireSubscriptions
from mentorium_core.billing.refunds import RefundAtProvider
from mentorium_domain.enums import JobKind
from mentorium_kit import clock
from mentorium_reporting.config import WorkerSettings
from mentorium_reporting.job_loop import Handler
from mentorium_reporting.jobs.check_books import NightlyCheck, check_books_job
from mentorium_reporting.jobs.click_payments import ClickPaymentJob, ClickReceiptJob
from mentorium_reporting.jobs.refund_payment import RefundPaymentJob
from mentorium_reporting.ticker import MINUTE_S, Duty
from mentorium_runtime.payments import click_provider, provider_registry, receipt_terms


def billing_jobs(settings: WorkerSettings, bot: Bot) -> dict[JobKind, Handler]:
    """`bot` calls Telegram with retries."""
    book, providers = PaymentBook(settings.grace), provider_registry(settings, bot)
    return {
        JobKind.REFUND_PAYMENT: RefundPaymentJob(RefundAtProvider(providers, book)),
        JobKind.CHECK_BOOKS: check_books_job,
        **_click_jobs(settings, book),
    }


def _click_jobs(settings: WorkerSettings, book: PaymentBook) -> dict[JobKind, Handler]:
    """Also where Click is offered no more: what was begun is finished."""
    click = click_provider(settings)
    return {
        JobKind.CLICK_REVERSAL: ClickPaymentJob(ReverseClickSurplus(click, book)),
        JobKind.CLICK_CHECK: ClickPaymentJob(CheckClickPayment(click, book)),
        JobKind.CLICK_RECEIPT: ClickReceiptJob(MakeClickReceipt(click, receipt_terms(settings))),
    }


def billing_duties(settings: WorkerSettings) -> tuple[Duty, ...]:
    """Each goes by the product's clock."""
    expire = ExpireSubscriptions(settings.grace)

    async def expire_now() -> None:
        await expire(clock.now())

    queue_click_checks = QueueClickChecks()

    async def ask_click() -> None:
        await queue_click_checks(clock.now())

    return (
        Duty("ask-click", ask_click, MINUTE_S),
        Duty("expire-subscriptions", expire_now, MINUTE_S),
        Duty("check-books", NightlyCheck(), MINUTE_S),
    )
