"""The one composition root of the worker: everything that runs is made and joined here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from aiogram import Bot
from redis.asyncio import Redis

import mentorium_db
from mentorium_core.billing.queries import CheckAccess
from mentorium_core.identity.email_code import MailCode
from mentorium_core.identity.hashing import derive_hmac_key
from mentorium_core.notifications.delivery import OutboxSender, outbox_load
from mentorium_core.progress.queries import ReadFacts
from mentorium_core.reports.period_run import MakePeriodReports, next_report_moment
from mentorium_db import get_session
from mentorium_db import jobs as stored_jobs
from mentorium_domain.enums import JobKind
from mentorium_gateways.mail import SmtpMailer
from mentorium_gateways.telegram import SharedRateLimiter, TelegramMessageTransport, make_bare_bot
from mentorium_kit import clock
from mentorium_kit.nursery import Nursery
from mentorium_observability import get_logger
from mentorium_observability.health import Work
from mentorium_observability.metrics import count_error
from mentorium_rendering.picture import render_picture
from mentorium_reporting.config import WorkerSettings
from mentorium_reporting.durable import JobLoop
from mentorium_reporting.jobs import monthly_reports, weekly_reports
from mentorium_reporting.jobs.mail_code import MailCodeJob
from mentorium_reporting.jobs.make_reports import MakeReportsJob
from mentorium_reporting.ticker import Ticker
from mentorium_runtime.settings import secret_value

_REDIS_TIMEOUT_S = 2.0

logger = get_logger(__name__)


@dataclass(slots=True)
class LastRuns:
    """When each job ran last, by the product's clock; for the health page."""

    moments: dict[str, datetime] = field(default_factory=dict)

    def __call__(self, name: str) -> None:
        self.moments[str(name)] = clock.now()


@dataclass(frozen=True, slots=True)
class Container:
    """What the running worker consists of. `close` hangs up everywhere, after the work has been drained."""

    settings: WorkerSettings
    nursery: Nursery
    redis: Redis
    bot: Bot
    ticker: Ticker
    jobs: JobLoop
    sender: OutboxSender
    make_reports: MakePeriodReports
    ran: LastRuns

    @property
    def busy(self) -> int:
        """What this process has in hand."""
        return self.sender.busy + self.jobs.busy

    async def work(self) -> Work:
        """What is due in the database now, whoever will do it, and when more will be.

        Messages that wait for a Telegram that is away are no work: nothing can be done about them.
        """
        now = clock.now()
        async with get_session() as session:
            outbox = await outbox_load()
            jobs = await stored_jobs.load(session)
            reports_at = await next_report_moment(now)
        moments = [moment for moment in (outbox.next_at, reports_at) if moment is not None]
        due = 0 if self.sender.waits else outbox.due
        return Work(due + jobs, min(moments), dict(self.ran.moments))

    async def close(self) -> None:
        await self.bot.session.close()
        await self.redis.aclose()
        await mentorium_db.dispose()


def build(settings: WorkerSettings) -> Container:
    """Join the parts; nothing is connected to yet."""
    clock.configure(settings.clock_file)
    mentorium_db.configure(settings.database_dsn)
    mentorium_db.configure_platform(secret_value(settings.platform_db_url))
    nursery = Nursery(on_error=_report_detached)
    redis = Redis.from_url(settings.redis_dsn, socket_timeout=_REDIS_TIMEOUT_S, socket_connect_timeout=_REDIS_TIMEOUT_S)
    limiter = SharedRateLimiter(redis, settings.bot_telegram_rate)
    bot = make_bare_bot(secret_value(settings.bot_telegram_token), settings.bot_telegram_api_url)
    sender = OutboxSender(
        TelegramMessageTransport(bot, limiter), limiter, nursery, lease_s=settings.worker_lease_seconds
    )
    make_reports = MakePeriodReports(ReadFacts(), CheckAccess(settings.grace), render_picture)
    ran = LastRuns()
    jobs = JobLoop(
        settings.database_dsn,
        {JobKind.MAKE_REPORTS: MakeReportsJob(make_reports), JobKind.MAIL_CODE: MailCodeJob(_mail_code(settings))},
        ran,
    )
    notices = {weekly_reports.NAME: weekly_reports.notice, monthly_reports.NAME: monthly_reports.notice}
    return Container(settings, nursery, redis, bot, Ticker(notices, ran), jobs, sender, make_reports, ran)


def _mail_code(settings: WorkerSettings) -> MailCode | None:
    if settings.smtp_url is None:
        return None
    mailer = SmtpMailer(secret_value(settings.smtp_url), settings.smtp_from)
    return MailCode(mailer, derive_hmac_key(secret_value(settings.bot_telegram_token)))


def _report_detached(task_name: str, error: BaseException) -> None:
    count_error(error)
    logger.error("detached_work_failed", task_name=task_name, exc_info=error)
