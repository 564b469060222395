"""A report, or a notice, as a letter: judged when it is sent, sent once, and never again where nobody knows."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.identity.model import (
    MAIL_NOT_HANDED_OVER,
    Mail,
    MailboxRefusedError,
    Mailer,
    MailRefusedError,
    ParentView,
)
from mentorium_core.identity.queries import list_children, view_of
from mentorium_core.notifications.email_channel import MOST_REFUSALS, switch_off_email, verified_addresses
from mentorium_core.notifications.email_links import EmailLinks
from mentorium_core.notifications.preferences import language_of_reports, read_preferences
from mentorium_core.reports.document_json import load_document
from mentorium_core.reports.model import ReportDocument
from mentorium_core.reports.ports import LetterWriter
from mentorium_db import get_session
from mentorium_db.repositories import (
    EmailChannelRepository,
    EventLogRepository,
    ParentRepository,
    ReportHistoryRepository,
)
from mentorium_domain.enums import AddressSource, EmailOff, EmailStatus, EmailWish, Language, ReportType, Severity
from mentorium_kit import clock
from mentorium_kit.errors import MentoriumError, OutcomeUnknownError, RefusedError, UnavailableError
from mentorium_observability import EventLogService, get_logger
from mentorium_observability.metrics import count_error, letters

VANISHED: Final = "worker_vanished"
REFUSED_TO_ALL: Final = 5
"""So many parents whose letters the server has refused for good since it took one: it is the server's doing."""
MAILBOXES_REFUSED_TO_ALL: Final = 50
"""Likewise, of refusals that name the mailbox: a small school may have a handful of dead addresses and no other."""
_TOLD_EVERY: Final = timedelta(days=1)
_TO_ALL: Final = "mail_refused_to_all"

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Letter:
    """As it stood when it was looked at."""

    id: int
    key: str
    parent: ParentView
    address: str
    source: AddressSource
    language: Language
    student_id: int | None
    report_type: ReportType | None
    text: str | None
    document: ReportDocument | None


@dataclass(frozen=True, slots=True)
class MailMessage:
    """The job: one letter. `links` makes the one that every letter has: without it none is sent."""

    mailer: Mailer
    write: LetterWriter
    links: EmailLinks

    async def __call__(self, message_id: int) -> EmailStatus | None:
        """What became of it; None where there was nothing to do. UnavailableError: not sent, to be done again."""
        found = await self._look(message_id)
        if isinstance(found, EmailStatus) or found is None:
            return found
        if (because := await self._why_not(found)) is not None:
            return await self._end(found.id, EmailStatus.SKIPPED, because)
        url = self.links.unsubscribe_url(found.parent.parent_id, found.address)
        if url is None:
            return await self._end(found.id, EmailStatus.SKIPPED, "no_public_url")
        mail = await self._write(found, url)
        async with get_session() as session:
            if not await EmailChannelRepository(session).take(message_id, found.address):
                return None
        return await self._send(found, mail)

    async def _write(self, letter: _Letter, url: str) -> Mail:
        """Where a fault of ours keeps the picture from being drawn, the letter goes without it."""
        try:
            return await self.write(letter.address, letter.language, letter.document or letter.text or "", url)
        except UnavailableError:
            raise
        except MentoriumError as error:
            if letter.document is None:
                raise
            count_error(error)
            logger.error("letter_without_picture", message_id=letter.id, exc_info=error)
            return await self.write(letter.address, letter.language, replace(letter.document, chart=None), url)

    async def _look(self, message_id: int) -> _Letter | EmailStatus | None:
        """The letter, if it is still wanted; else how it stands. One that a killed worker had in hand is in doubt."""
        now = clock.now()
        async with get_session() as session:
            channels = EmailChannelRepository(session)
            row = await channels.message(message_id)
            parent = await ParentRepository(session).get(row.parent_id) if row is not None else None
            if row is None or parent is None or row.status not in {EmailStatus.PENDING, EmailStatus.SENDING}:
                return None
            if row.status is EmailStatus.SENDING:
                return await self._end(row.id, EmailStatus.UNKNOWN, VANISHED)
            channel = await channels.get(row.parent_id)
            if row.expires_at <= now:
                return await self._end(row.id, EmailStatus.EXPIRED, None)
            if channel is None or channel.wish is EmailWish.OFF:
                return await self._end(row.id, EmailStatus.SKIPPED, "not_wanted")
            document, report_type = None, None
            if row.message is None:
                report = await ReportHistoryRepository(session).get(row.report_id) if row.report_id else None
                document = _read(report.document) if report is not None else None
                if report is None or document is None:
                    return await self._end(row.id, EmailStatus.SKIPPED, "report_gone")
                report_type = report.report_type
            view = await view_of(session, parent)
            return _Letter(
                row.id,
                row.dedup_key,
                view,
                channel.address,  # the parent's choice by now
                channel.source,
                await language_of_reports(view) if document is not None else parent.language,
                row.platform_student_id,
                report_type,
                row.message,
                document,
            )

    async def _why_not(self, letter: _Letter) -> str | None:
        """What parent or platform say against it at this moment; UnavailableError where the latter does not answer."""
        if not (letter.parent.registered and letter.parent.consented):
            return "not_consented"
        if letter.report_type is not None:
            preferences = await read_preferences(letter.parent.parent_id)
            if not preferences.wants_report(letter.report_type):
                return "switched_off"
        if letter.source is AddressSource.PLATFORM and letter.address not in await verified_addresses(letter.parent):
            await switch_off_email(letter.parent.parent_id, EmailOff.ADDRESS_GONE, letter.key, clock.now())
            return EmailOff.ADDRESS_GONE
        if letter.student_id is None:
            return None
        viewable = {child.student_id for child in await list_children(letter.parent)}
        return None if letter.student_id in viewable else "right_ended"

    async def _send(self, letter: _Letter, mail: Mail) -> EmailStatus:
        try:
            await self.mailer.send(mail)
        except UnavailableError as error:
            await self._end(letter.id, EmailStatus.PENDING, error.code)
            raise
        except asyncio.CancelledError as cut_short:
            if MAIL_NOT_HANDED_OVER in cut_short.args:
                await self._end(letter.id, EmailStatus.PENDING, "worker_stopped")
            raise
        except MailRefusedError as error:
            return await self._refused(letter, error)
        except RefusedError as error:  # an address that no letter can have
            return await self._refused(letter, error)
        except OutcomeUnknownError as error:
            logger.warning("letter_in_doubt", message_id=letter.id, code=error.code)
            return await self._end(letter.id, EmailStatus.UNKNOWN, error.code)
        async with get_session() as session:
            await EmailChannelRepository(session).forget_refusals(letter.parent.parent_id)
            return await self._end(letter.id, EmailStatus.SENT, None)

    async def _refused(self, letter: _Letter, error: RefusedError) -> EmailStatus:
        """UnavailableError where the server refuses everybody's: that says nothing of an address."""
        now = clock.now()
        async with get_session() as session:
            to_all = isinstance(error, MailRefusedError) and await _is_refused_to_all(session, error)
            if to_all:
                await self._end(letter.id, EmailStatus.PENDING, error.code)
                await _tell_of_server(session, str(error.context.get("reason")), now)
        if to_all:
            raise UnavailableError("mail_unavailable", reason=_TO_ALL) from error
        async with get_session() as session:
            channels = EmailChannelRepository(session)
            refusals = await channels.count_refusal(letter.parent.parent_id, letter.address)
            if refusals >= MOST_REFUSALS:
                await switch_off_email(letter.parent.parent_id, EmailOff.REFUSED, letter.key, now)
            return await self._end(letter.id, EmailStatus.REFUSED, str(error.context.get("reason") or error.code))

    async def _end(self, message_id: int, status: EmailStatus, reason: str | None) -> EmailStatus:
        moment: datetime = clock.now()
        async with get_session() as session:
            await EmailChannelRepository(session).record(message_id, status, moment, reason)
        logger.info("letter_ended", message_id=message_id, status=status, reason=reason)
        if status is not EmailStatus.PENDING:
            letters.labels(status=status).inc()
        return status


async def _is_refused_to_all(session: AsyncSession, error: MailRefusedError) -> bool:
    """Whether enough others were refused in the same way, and nobody's letter was taken since."""
    names_mailbox = isinstance(error, MailboxRefusedError)
    others = await EmailChannelRepository(session).refused_since_one_was_taken(names_mailbox=names_mailbox)
    return others >= (MAILBOXES_REFUSED_TO_ALL if names_mailbox else REFUSED_TO_ALL) - 1


async def _tell_of_server(session: AsyncSession, reason: str, now: datetime) -> None:
    """A person has to look at the mail server; told once a day. Joins the open unit."""
    if not await EventLogRepository(session).happened_since(_TO_ALL, now - _TOLD_EVERY):
        await EventLogService.log_system(_TO_ALL, severity=Severity.CRITICAL, reason=reason)


def _read(document: object) -> ReportDocument | None:
    try:
        return load_document(document)  # type: ignore[arg-type]
    except ValidationError:  # written by another release
        return None
