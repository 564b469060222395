"""What the worker does about money: the jobs that tell providers, and the duties of time."""

from __future__ import annotations

from aiogram import Bot

from mentorium_core.billing.booking import PaymentBook
from mentorium_core.billing.lapse import ExpireSubscriptions
from mentorium_core.billing.refunds import RefundAtProvider
from mentorium_domain.enums import JobKind
from mentorium_kit import clock
from mentorium_reporting.config import WorkerSettings
from mentorium_reporting.job_loop import Handler
from mentorium_reporting.jobs.check_books import NightlyCheck, check_books_job
from mentorium_reporting.jobs.refund_payment import RefundPaymentJob
from mentorium_reporting.stars import STARS_DUTY, stars_jobs
from mentorium_reporting.ticker import MINUTE_S, Duty
from mentorium_runtime.payments import provider_registry


def billing_jobs(settings: WorkerSettings, bot: Bot) -> dict[JobKind, Handler]:
    """`bot` calls Telegram with retries."""
    book, providers = PaymentBook(settings.grace), provider_registry(settings, bot)
    return {
        JobKind.REFUND_PAYMENT: RefundPaymentJob(RefundAtProvider(providers, book)),
        JobKind.CHECK_BOOKS: check_books_job,
        **stars_jobs(settings, bot),
    }


def billing_duties(settings: WorkerSettings) -> tuple[Duty, ...]:
    """Each goes by the product's clock."""
    expire = ExpireSubscriptions(settings.grace)

    async def expire_now() -> None:
        await expire(clock.now())

    return (
        Duty("expire-subscriptions", expire_now, MINUTE_S),
        Duty("check-books", NightlyCheck(), MINUTE_S),
        STARS_DUTY,
    )
