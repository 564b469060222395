"""What the worker does about letters: codes, reports and notices, and when they are due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pydantic import SecretStr

from mentorium_core.identity.email_code import MailCode
from mentorium_core.identity.hashing import derive_hmac_key
from mentorium_core.identity.model import Mail, Mailer
from mentorium_core.notifications.email_channel import leave_letters
from mentorium_core.notifications.email_links import EmailLinks
from mentorium_core.reports.mailed import MailMessage
from mentorium_domain.enums import EmailStatus, JobKind
from mentorium_gateways.mail import SmtpMailer
from mentorium_kit import clock
from mentorium_kit.errors import OutcomeUnknownError, UnavailableError
from mentorium_observability import get_logger
from mentorium_observability.health import LastOutcome
from mentorium_observability.metrics import from_the_start, letters
from mentorium_rendering.email import write_letter
from mentorium_reporting.config import WorkerSettings
from mentorium_reporting.job_loop import Handler, JobLoop
from mentorium_reporting.jobs.mail_code import MailCodeJob
from mentorium_reporting.jobs.mail_message import MailMessageJob
from mentorium_reporting.ticker import Duty
from mentorium_runtime.settings import secret_value

LETTERS_S: Final = 60.0

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ObservedMailer:
    """Remembers for the health page whether the last letter was taken, and tells the log of each."""

    mailer: Mailer
    seen: LastOutcome

    async def send(self, mail: Mail) -> None:
        try:
            await self.mailer.send(mail)
        except (UnavailableError, OutcomeUnknownError) as error:
            self.seen.failed(error.code)
            raise
        self.seen.worked()
        logger.info("mail_sent")


def _mailer(url: SecretStr, sender: str, seen: LastOutcome) -> ObservedMailer:
    return ObservedMailer(SmtpMailer(secret_value(url), sender), seen)


def letter_loop(
    settings: WorkerSettings, seen: LastOutcome, on_done: Callable[[JobKind], None], place: str
) -> JobLoop | None:
    """Four letters at a time, whatever else this worker has in hand; None where no mail server is configured.

    The loop is a bulkhead: a Monday's letters to a server that hangs hold up no report and nobody's money, nor the
    codes of registration.
    """
    if settings.smtp_url is None:
        return None
    from_the_start(letters, status=set(EmailStatus) - {EmailStatus.PENDING, EmailStatus.SENDING})
    mailer = _mailer(settings.smtp_url, settings.smtp_from, seen)
    links = EmailLinks(derive_hmac_key(secret_value(settings.bot_telegram_token)), settings.letters_base_url)
    return JobLoop(
        settings.database_dsn,
        {JobKind.MAIL_MESSAGE: MailMessageJob(MailMessage(mailer, write_letter, links))},
        on_done,
        place=f"{place}-letters",
        at_once=2,  # half of how many
        application=f"mentorium-{place}-letters",
    )


def mail_jobs(settings: WorkerSettings, seen: LastOutcome) -> dict[JobKind, Handler]:
    """The codes; letters, too, where there is no mail server (any more): then they are dropped."""
    if settings.smtp_url is None:
        nobody = MailCodeJob(None)
        return {
            JobKind.MAIL_CODE: nobody,
            JobKind.MAIL_ADDRESS_CODE: nobody,
            JobKind.MAIL_MESSAGE: MailMessageJob(None),
        }
    mailer = _mailer(settings.smtp_url, settings.smtp_from, seen)
    key = derive_hmac_key(secret_value(settings.bot_telegram_token))
    return {
        JobKind.MAIL_CODE: MailCodeJob(MailCode(mailer, key)),
        JobKind.MAIL_ADDRESS_CODE: MailCodeJob(MailCode(mailer, key, to_anybody=True)),
    }


def mail_duties(settings: WorkerSettings) -> tuple[Duty, ...]:
    """None where no letter can be sent, or none could be ended by its link."""
    if settings.smtp_url is None or settings.letters_base_url is None:
        return ()

    async def leave() -> bool:
        return await leave_letters(clock.now())

    return (Duty("leave-letters", leave, LETTERS_S, in_batches=True, follows=True),)
