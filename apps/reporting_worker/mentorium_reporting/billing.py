"""What the worker does about money: the jobs that tell providers, and the duties of time."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Final

from aiogram import Bot

from mentorium_core.billing.booking import PaymentBook
from mentorium_core.billing.ends import KeepSubscriptions, slot_of
from mentorium_core.billing.lapse import move_on_grants
from mentorium_core.billing.payme import ExpirePaymeTransactions
from mentorium_core.billing.providers import TERMS
from mentorium_core.billing.queries import count_subscriptions
from mentorium_core.billing.refunds import RefundAtProvider
from mentorium_domain.enums import JobKind, ProviderName, Tariff
from mentorium_kit import clock
from mentorium_observability.metrics import payments, subscriptions_active
from mentorium_reporting.cards import CardRenewalKeeper, card_jobs, keep_card_renewals
from mentorium_reporting.click import CLICK_DUTY, click_jobs
from mentorium_reporting.config import WorkerSettings
from mentorium_reporting.job_loop import Handler
from mentorium_reporting.jobs.check_books import NightlyCheck, check_books_job
from mentorium_reporting.jobs.refund_payment import RefundPaymentJob
from mentorium_reporting.stars import stars_duties, stars_jobs
from mentorium_reporting.ticker import MINUTE_S, SHOW_S, Duty
from mentorium_runtime.payments import price_list, refund_registry

KEEP_S: Final = 5.0
CARDS_S: Final = 2.0
LOOKS_AGAIN_S: Final = 30.0
"""Within one quarter of an hour of the product's clock, when only what was given meanwhile can be due."""
MOVE_ON_S: Final = 15.0


def billing_jobs(settings: WorkerSettings, bot: Bot) -> dict[JobKind, Handler]:
    """`bot` calls Telegram with retries."""
    book, providers = PaymentBook(settings.grace), refund_registry(settings, bot)
    return {
        JobKind.REFUND_PAYMENT: RefundPaymentJob(RefundAtProvider(providers, book)),
        JobKind.CHECK_BOOKS: check_books_job,
        **stars_jobs(settings, bot),
        **click_jobs(settings, book),
        **card_jobs(settings, book),
    }


class SubscriptionKeeper:
    """The duty that keeps subscriptions. It looks when the product's clock enters a new quarter of an hour, at once,
    and else twice a minute: an idle worker asks its database for little.
    """

    def __init__(self, keep: KeepSubscriptions) -> None:
        self._keep = keep
        self._seen: datetime | None = None
        self._looked_at = 0.0

    def rests(self) -> bool:
        return slot_of(clock.now()) == self._seen and time.monotonic() - self._looked_at < LOOKS_AGAIN_S

    async def __call__(self) -> bool:
        now = clock.now()
        more = await self._keep(now)
        self._seen, self._looked_at = None if more else slot_of(now), time.monotonic()
        return more


def billing_duties(settings: WorkerSettings) -> tuple[Duty, ...]:
    """Each goes by the product's clock."""
    keeper = SubscriptionKeeper(KeepSubscriptions(settings.grace, price_list(settings)))
    failed = payments.labels(provider=TERMS[ProviderName.PAYME].label, status="failed")
    time_out = ExpirePaymeTransactions(PaymentBook(settings.grace), failed.inc)

    async def show_running_grants() -> bool:
        return await move_on_grants(clock.now())

    async def time_out_now() -> None:
        await time_out(clock.now())

    renewals = keep_card_renewals(settings)
    followed: list[Duty] = []
    if renewals is not None:
        cards = CardRenewalKeeper(renewals)
        followed.append(Duty("keep-card-renewals", cards, CARDS_S, in_batches=True, rests=cards.rests, follows=True))
    return (
        *followed,
        Duty("keep-subscriptions", keeper, KEEP_S, in_batches=True, rests=keeper.rests, follows=True),
        Duty("show-running-grants", show_running_grants, MOVE_ON_S, in_batches=True),
        Duty("expire-payme-transactions", time_out_now, MINUTE_S, in_own_units=True),
        Duty("check-books", NightlyCheck(), MINUTE_S),
        *stars_duties(settings),
        CLICK_DUTY,
    )


def billing_shows(settings: WorkerSettings) -> tuple[Duty, ...]:
    """What every ticker tells its own metrics."""

    async def show() -> None:
        counts = await count_subscriptions(clock.now(), settings.grace)
        for tariff in Tariff:
            subscriptions_active.labels(tariff=tariff).set(counts.get(tariff, 0))

    return (Duty("show-subscriptions", show, SHOW_S, by_the_clock=False),)
