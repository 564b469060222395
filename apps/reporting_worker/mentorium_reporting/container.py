"""The one composition root of the worker: everything that runs is made and joined here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from aiogram import Bot

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
from mentorium_gateways.telegram import TelegramMessageTransport, make_bare_bot
from mentorium_kit import clock
from mentorium_observability.health import Work
from mentorium_rendering.picture import render_picture
from mentorium_reporting.config import Role, WorkerSettings
from mentorium_reporting.durable import JobLoop
from mentorium_reporting.jobs import monthly_reports, weekly_reports
from mentorium_reporting.jobs.mail_code import MailCodeJob
from mentorium_reporting.jobs.make_reports import MakeReportsJob
from mentorium_reporting.ticker import Ticker
from mentorium_runtime.settings import secret_value
from mentorium_runtime.supervisor import Supervisor
from mentorium_runtime.wiring import CommonParts, common_parts


@dataclass(slots=True)
class LastRuns:
    """When each job ran last, by the product's clock; for the health page."""

    moments: dict[str, datetime] = field(default_factory=dict)

    def __call__(self, name: str) -> None:
        self.moments[str(name)] = clock.now()


@dataclass(frozen=True, slots=True)
class WorkerContainer:
    """What the running worker consists of. `close` hangs up everywhere, after the work has been drained."""

    settings: WorkerSettings
    common: CommonParts
    bot: Bot
    ticker: Ticker
    jobs: JobLoop
    sender: OutboxSender
    ran: LastRuns

    def supervisor(self) -> Supervisor:
        """The loops that the roles ask for, hung up and not yet running."""
        supervisor, roles = Supervisor(self.common.nursery), self.settings.worker_roles
        if Role.TICKER in roles:
            supervisor.hang("ticker", self.ticker.run)
        if Role.JOBS in roles:
            supervisor.hang("jobs", self.jobs.run, stop=self.jobs.stop)
        if Role.SENDER in roles:
            supervisor.hang("sender", self.sender.run, stop=self.sender.stop)
        return supervisor

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
        await self.common.close()


def build(settings: WorkerSettings) -> WorkerContainer:
    """Join the parts; nothing is connected to yet."""
    common = common_parts(settings)
    bot = make_bare_bot(secret_value(settings.bot_telegram_token), settings.bot_telegram_api_url)
    sender = OutboxSender(
        TelegramMessageTransport(bot, common.limiter),
        common.limiter,
        common.nursery,
        lease_s=settings.worker_lease_seconds,
    )
    make_reports = MakePeriodReports(ReadFacts(), CheckAccess(settings.grace), render_picture)
    ran = LastRuns()
    jobs = JobLoop(
        settings.database_dsn,
        {JobKind.MAKE_REPORTS: MakeReportsJob(make_reports), JobKind.MAIL_CODE: MailCodeJob(_mail_code(settings))},
        ran,
    )
    notices = {weekly_reports.NAME: weekly_reports.notice, monthly_reports.NAME: monthly_reports.notice}
    return WorkerContainer(settings, common, bot, Ticker(notices, ran), jobs, sender, ran)


def _mail_code(settings: WorkerSettings) -> MailCode | None:
    if settings.smtp_url is None:
        return None
    mailer = SmtpMailer(secret_value(settings.smtp_url), settings.smtp_from)
    return MailCode(mailer, derive_hmac_key(secret_value(settings.bot_telegram_token)))
