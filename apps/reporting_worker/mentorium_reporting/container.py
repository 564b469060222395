"""The one composition root of the worker: everything that runs is made and joined here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

from aiogram import Bot

from mentorium_ai_client import MentoriumAIClient
from mentorium_core.billing.ends import KeepSubscriptions
from mentorium_core.billing.queries import CheckAccess
from mentorium_core.identity.lent_rights import adopt_borrowed_links
from mentorium_core.notifications.commands import mark_chat_blocked, name_children
from mentorium_core.notifications.queries import outbox_load
from mentorium_core.privacy.export import SendLargeExport
from mentorium_core.privacy.keep_retention import KeepRetention
from mentorium_core.progress.queries import ReadFacts
from mentorium_core.reports.calendar import Run
from mentorium_core.reports.due_run import next_report_moment, runs_waiting_for_data
from mentorium_core.reports.period_run import MakePeriodReports
from mentorium_core.reports.pictures import DrawStoredReport
from mentorium_db import get_session
from mentorium_db import jobs as stored_jobs
from mentorium_db.claims import new_owner
from mentorium_db.listen import listen
from mentorium_db.repositories.notification_sql import CHANNEL
from mentorium_domain.enums import JobKind
from mentorium_gateways.telegram import TelegramFileCarrier, TelegramMessageTransport, make_bare_bot, make_bot
from mentorium_kit import clock
from mentorium_kit.errors import UnavailableError
from mentorium_observability import get_logger
from mentorium_observability.health import HealthPart, LastOutcome, Work
from mentorium_rendering.picture import render_picture
from mentorium_reporting.alerts import AlertWatch, alert_duty, alert_watch
from mentorium_reporting.billing import billing_duties, billing_jobs, billing_shows
from mentorium_reporting.cards import keep_card_renewals
from mentorium_reporting.clock_guard import ClockGuard
from mentorium_reporting.config import Role, WorkerSettings
from mentorium_reporting.job_loop import JobLoop
from mentorium_reporting.jobs.export_data import ExportDataJob
from mentorium_reporting.jobs.make_reports import MakeReportsJob
from mentorium_reporting.jobs.monthly_reports import MONTHLY_REPORTS
from mentorium_reporting.jobs.send_voice import SendVoiceJob
from mentorium_reporting.jobs.weekly_reports import WEEKLY_REPORTS
from mentorium_reporting.mail import letter_loop, mail_duties, mail_jobs
from mentorium_reporting.outbox.outcome_recorder import OutcomeRecorder
from mentorium_reporting.outbox.picture_drawer import PictureDrawer
from mentorium_reporting.outbox.sender import OutboxSender
from mentorium_reporting.outbox.sweeper import OutboxSweeper
from mentorium_reporting.outbox.transport_health import TransportHealth
from mentorium_reporting.run_starter import RunStarter
from mentorium_reporting.staff import staff_duties, staff_jobs
from mentorium_reporting.ticker import MINUTE_S, Duty, Ticker, outbox_duties, retention_duty, shows
from mentorium_reporting.voices import have_chosen_voices_said, send_voice, voice_loop
from mentorium_runtime import probes
from mentorium_runtime.account import Account
from mentorium_runtime.ai_observer import ai_observer
from mentorium_runtime.language_model import make_ai
from mentorium_runtime.report_words import word_reports
from mentorium_runtime.settings import secret_value
from mentorium_runtime.supervisor import Supervisor
from mentorium_runtime.wiring import CommonParts, common_parts

logger = get_logger(__name__)

SCHEDULED_JOBS: Final = (WEEKLY_REPORTS, MONTHLY_REPORTS)
WRITTEN_BY_THE_RELEASE_BEFORE: Final = (
    Duty("adopt-borrowed-links", adopt_borrowed_links, MINUTE_S),
    Duty("name-children", name_children, MINUTE_S),
)
"""What a release before still writes while both run is made whole once a minute."""


@dataclass(slots=True)
class LastRuns:
    """When each job ran last, by the product's clock; for the health page."""

    moments: dict[str, datetime] = field(default_factory=dict)

    def note(self, name: str) -> None:
        self.moments[str(name)] = clock.now()


@dataclass(frozen=True, slots=True)
class WorkerContainer:
    """What the running worker consists of. `close` hangs up everywhere, after the work has been drained."""

    settings: WorkerSettings
    common: CommonParts
    bots: tuple[Bot, ...]
    ticker: Ticker
    run_starter: RunStarter
    jobs: JobLoop
    sender: OutboxSender
    recorder: OutcomeRecorder
    guard: ClockGuard
    last_runs: LastRuns
    mail_seen: LastOutcome
    account: Account
    watch: AlertWatch
    ai: MentoriumAIClient | None
    voices: JobLoop | None
    letters: JobLoop | None

    def supervisor(self) -> Supervisor:
        """The loops that the roles ask for, hung up and not yet running."""
        supervisor, roles = Supervisor(self.common.nursery), self.settings.worker_roles
        if Role.TICKER in roles:
            supervisor.hang("ticker", self.ticker.run, stalled_s=self.ticker.stalled_s)
            supervisor.hang("run-starter", self.run_starter.run, stalled_s=self.run_starter.stalled_s)
        if Role.JOBS in roles:
            supervisor.hang("jobs", self.jobs.run, stop=self.jobs.stop, stalled_s=self.jobs.stalled_s)
        for name, loop in (("voices", self.voices), ("letters", self.letters)):
            if Role.JOBS in roles and loop is not None:
                supervisor.hang(name, loop.run, stop=loop.stop, stalled_s=loop.stalled_s)
        if Role.SENDER in roles:
            supervisor.hang("outbox-news", self._listen)
            supervisor.hang("outcomes", self.recorder.run, stop=self.recorder.stop, stalled_s=self.recorder.stalled_s)
            supervisor.hang("sender", self.sender.run, stop=self.sender.stop, stalled_s=self.sender.stalled_s)
        return supervisor

    def parts(self) -> list[HealthPart]:
        """What health shows beside the servers."""

        async def outbox() -> None:
            if self.recorder.is_late:
                raise UnavailableError("outcomes_not_written")

        return [
            self.guard.part(),
            HealthPart("outbox", outbox),
            probes.telegram(lambda: not self.sender.waits_for_telegram),
            probes.as_last_seen("mail", self.mail_seen),
        ]

    async def _listen(self) -> None:
        application = f"mentorium-worker-{self.settings.worker_health_port}-listen"
        await listen(self.settings.database_dsn, {CHANNEL: lambda _: self.sender.wake()}, application)

    @property
    def busy(self) -> int:
        """What this process has in hand."""
        return self.sender.busy + sum(loop.busy for loop in (self.jobs, self.voices, self.letters) if loop is not None)

    @property
    def _ticks(self) -> bool:
        return Role.TICKER in self.settings.worker_roles

    async def work(self) -> Work:
        """What is due in the database now, whoever will do it, and when more will be.

        Messages that wait for a Telegram that is away are no work, nor are those that name a child while the platform
        is away: nothing can be done about them.
        """
        now = clock.now()
        looks = int(self._ticks and self.watch.has_to_look)
        reports_at = await next_scheduled_run(now)
        # What makes messages is asked before the outbox: else what is made meanwhile stands in neither.
        async with get_session() as session:
            ends_at = await KeepSubscriptions(self.settings.grace).next_moment(now)
            renewals = keep_card_renewals(self.settings)
            charge_at = await renewals.next_moment() if renewals is not None else None
            alerts_at = await self.watch.next_moment(now) if self._ticks else None
            jobs = await stored_jobs.load(session)
            outbox = await outbox_load(children=not self.sender.waits_for_platform)
        moments = [at for at in (outbox.next_at, reports_at, ends_at, charge_at, alerts_at) if at is not None]
        messages = 0 if self.sender.waits else outbox.due
        return Work(messages + jobs + looks, min(moments), dict(self.last_runs.moments))

    async def close(self) -> None:
        for bot in self.bots:
            await bot.session.close()
        if self.ai is not None:
            await self.ai.aclose()
        await self.common.close()


def build(settings: WorkerSettings) -> WorkerContainer:
    """Join the parts; nothing is connected to yet."""
    place = f"worker-{settings.worker_health_port}"
    common = common_parts(settings, f"mentorium-{place}")
    token = secret_value(settings.bot_telegram_token)
    bot = make_bare_bot(token, settings.bot_telegram_api_url)
    patient_bot = make_bot(token, settings.bot_telegram_api_url, common.limiter, mark_chat_blocked)
    voice = send_voice(settings, patient_bot)
    recorder = OutcomeRecorder(partial(have_chosen_voices_said, common.nursery) if voice is not None else None)
    sender = _sender(settings, common, bot, recorder, place, voice=voice is not None)
    ai = _ai(settings)
    words = word_reports(settings, ai, common.nursery) if ai is not None else None
    make_reports = MakePeriodReports(ReadFacts(), CheckAccess(settings.grace), word_reports=words)
    last_runs, guard, mail_seen = LastRuns(), ClockGuard(), LastOutcome()
    jobs = JobLoop(
        settings.database_dsn,
        {
            JobKind.MAKE_REPORTS: MakeReportsJob(make_reports),
            **mail_jobs(settings, mail_seen),
            **({} if voice is not None else {JobKind.SEND_VOICE: SendVoiceJob(None)}),
            JobKind.EXPORT_DATA: ExportDataJob(SendLargeExport(TelegramFileCarrier(patient_bot))),
            **billing_jobs(settings, patient_bot),
            **staff_jobs(settings, patient_bot),
        },
        last_runs.note,
        place=place,
        application=f"mentorium-{place}-jobs",
    )
    watch = alert_watch(settings)
    run_starter = RunStarter(
        {job.name: job.due_check for job in SCHEDULED_JOBS}, next_scheduled_run, last_runs.note, guard, waiting_for_data
    )
    return WorkerContainer(
        settings,
        common,
        (bot, patient_bot),
        _ticker(settings, guard, watch),
        run_starter,
        jobs,
        sender,
        recorder,
        guard,
        last_runs,
        mail_seen,
        Account(),
        watch,
        ai,
        voice_loop(voice, settings, last_runs.note, place),
        letter_loop(settings, mail_seen, last_runs.note, place),
    )


def _ai(settings: WorkerSettings) -> MentoriumAIClient | None:
    """None without a key."""
    return make_ai(settings, ai_observer(LastOutcome())) if secret_value(settings.bot_openai_api_key) else None


def _sender(
    settings: WorkerSettings, common: CommonParts, bot: Bot, recorder: OutcomeRecorder, place: str, *, voice: bool
) -> OutboxSender:
    """`voice`: whether under a report its voice is offered."""
    transport = TelegramMessageTransport(bot, common.limiter)
    return OutboxSender(
        transport,
        common.limiter,
        recorder,
        TransportHealth(transport),
        PictureDrawer(DrawStoredReport(render_picture), voice=voice),
        common.nursery,
        owner=new_owner(place),
        lease_s=settings.worker_lease_seconds,
    )


def _ticker(settings: WorkerSettings, guard: ClockGuard, watch: AlertWatch) -> Ticker:
    sweeper = OutboxSweeper()
    duties = (
        *outbox_duties(sweeper),
        *billing_duties(settings),
        *mail_duties(settings),
        *staff_duties(settings),
        retention_duty(KeepRetention()),
        alert_duty(watch),
        *WRITTEN_BY_THE_RELEASE_BEFORE,
    )
    return Ticker(duties, (*shows(sweeper), *billing_shows(settings)), guard)


async def next_scheduled_run(now: datetime) -> datetime:
    """When the next of the scheduled jobs begins; not after `now` while one that is due has not been started."""
    return await next_report_moment([job.schedule for job in SCHEDULED_JOBS], now)


async def waiting_for_data(now: datetime) -> frozenset[Run]:
    """The runs of the scheduled jobs that are held until the platform's data are fresh, or until noon."""
    return await runs_waiting_for_data([job.schedule for job in SCHEDULED_JOBS], now)
