"""What the worker does about money in Telegram Stars: its jobs, and what it looks after once a day."""

from __future__ import annotations

from typing import Final

from aiogram import Bot

from mentorium_core.billing.booking import PaymentBook
from mentorium_core.billing.renewal_rights import ask_for_renewal_check
from mentorium_core.billing.stars import BookStarsCharge, BookStarsRefund
from mentorium_core.billing.stars_missing import FailMissingRenewals
from mentorium_core.billing.stars_reconciliation import ReconcileStars, request_reconciliation
from mentorium_core.billing.stars_renewal import ApplyRenewal
from mentorium_core.billing.stars_return import ReturnStars
from mentorium_core.billing.support import TellStaff
from mentorium_core.reports.paid_broadcast import ReconcilePaidBroadcasts
from mentorium_domain.enums import JobKind
from mentorium_gateways.payments.stars import StarsProvider
from mentorium_gateways.telegram import TelegramStaffChat
from mentorium_kit import clock
from mentorium_observability.metrics import from_the_start, stars_disagreements
from mentorium_reporting.config import WorkerSettings
from mentorium_reporting.job_loop import Handler
from mentorium_reporting.jobs.check_renewals import check_renewals_job
from mentorium_reporting.jobs.reconcile_stars import ReconcileStarsJob
from mentorium_reporting.jobs.renewal import RenewalJob
from mentorium_reporting.jobs.return_stars import ReturnStarsJob
from mentorium_reporting.jobs.tell_staff import TellStaffJob
from mentorium_reporting.ticker import HOUR_S, Duty
from mentorium_runtime.payments import price_list

MISSING_S: Final = 600.0


def stars_duties(settings: WorkerSettings) -> tuple[Duty, ...]:
    fail_missing = FailMissingRenewals(settings.grace, price_list(settings))

    async def fail_missing_now() -> None:
        await fail_missing(clock.now())

    return (
        Duty("request-stars-reconciliation", request_reconciliation, HOUR_S),
        Duty("ask-for-renewal-check", ask_for_renewal_check, HOUR_S),
        Duty("fail-missing-renewals", fail_missing_now, MISSING_S, in_own_units=True),
    )


def stars_jobs(settings: WorkerSettings, bot: Bot) -> dict[JobKind, Handler]:
    """Also where Stars are not offered (any more): what was paid is renewed and given back all the same."""
    from_the_start(stars_disagreements, found=("booked", "taken_back", "returns", "balance"))
    stars, book = StarsProvider(bot), PaymentBook(settings.grace)
    staff = settings.staff_chat_id
    renewal = RenewalJob(ApplyRenewal(stars))
    return {
        JobKind.END_RENEWAL: renewal,
        JobKind.RESUME_RENEWAL: renewal,
        JobKind.CHECK_RENEWALS: check_renewals_job,
        JobKind.RETURN_STARS: ReturnStarsJob(ReturnStars(stars)),
        JobKind.RECONCILE_STARS: ReconcileStarsJob(
            ReconcileStars(stars, BookStarsCharge(book), BookStarsRefund(book)), ReconcilePaidBroadcasts(stars)
        ),
        JobKind.TELL_STAFF: TellStaffJob(TellStaff(TelegramStaffChat(bot, staff)) if staff is not None else None),
    }
