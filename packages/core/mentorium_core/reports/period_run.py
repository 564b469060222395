"""Making the reports of one finished week or month: made once, told once, whoever is killed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from mentorium_core.billing.model import Access
from mentorium_core.billing.queries import CheckAccess
from mentorium_core.identity.model import Child, ParentView
from mentorium_core.identity.queries import list_children
from mentorium_core.notifications.commands import notify
from mentorium_core.notifications.notices import report_settings_row
from mentorium_core.progress.model import LearnerFacts
from mentorium_core.progress.odd_rows import NameOddRows
from mentorium_core.progress.queries import ReadFacts
from mentorium_core.reports.buttons import buttons_under
from mentorium_core.reports.calendar import Run
from mentorium_core.reports.history import recall_reports, store_report
from mentorium_core.reports.idempotency_keys import report_key, words_key
from mentorium_core.reports.model import ReportDocument
from mentorium_core.reports.rules import compose
from mentorium_core.reports.text import ReportText, render_report
from mentorium_db import get_session
from mentorium_db.repositories import ReportHistoryRepository
from mentorium_domain.enums import Notice, NotificationType, ReportType
from mentorium_domain.outbox import Buttons, OutboxMessage
from mentorium_kit import clock
from mentorium_kit.errors import MentoriumError, UnavailableError
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error

logger = get_logger(__name__)


class ReportsFailedError(MentoriumError):
    """Some reports of a batch could not be made, for faults of ours; the others are."""


@dataclass(frozen=True, slots=True)
class MakePeriodReports:
    """The reports of a run. Each report and its message stand in one commit."""

    read_facts: ReadFacts
    check_access: CheckAccess
    name_odd_rows: NameOddRows = field(default_factory=NameOddRows)

    async def for_parents(self, parents: Sequence[ParentView], run: Run) -> int:
        """How many reports are new; what has been made already stays as it is. Rights and access are asked now.

        UnavailableError if platform or our database do not answer: try again. ReportsFailedError, after all others
        have been made, if some could not be.
        """
        families = [(parent, await list_children(parent)) for parent in parents]
        wanted = await self._unmade(families, run)
        student_ids = sorted({child.student_id for _, child in wanted})
        facts = await self.read_facts(student_ids, run.period)
        if student_ids:
            await self.name_odd_rows(student_ids)
        access = await self.check_access([child for _, child in wanted], clock.now())
        siblings = {parent.telegram_id: children for parent, children in families}
        made = failed = 0
        for parent, child in wanted:
            if (known := facts.get(child.student_id)) is None:
                logger.warning("report_without_facts", student_id=child.student_id)
                continue
            try:
                others = [one for one in siblings[parent.telegram_id] if one != child]
                made += await self._make(parent, known, access.of(child.student_id), run, others)
            except UnavailableError:
                raise
            except Exception as error:
                count_error(error)
                logger.error("report_failed", student_id=child.student_id, exc_info=error)
                failed += 1
        if failed:
            raise ReportsFailedError("reports_failed", count=failed)
        return made

    async def _unmade(
        self, families: Sequence[tuple[ParentView, Sequence[Child]]], run: Run
    ) -> list[tuple[ParentView, Child]]:
        async with get_session() as session:
            made = await ReportHistoryRepository(session).made(
                [parent.telegram_id for parent, _ in families], run.report_type, run.period.code
            )
        return [
            (parent, child)
            for parent, children in families
            for child in children
            if (parent.telegram_id, child.student_id) not in made
        ]

    async def _make(
        self, parent: ParentView, facts: LearnerFacts, access: Access, run: Run, others: Sequence[Child]
    ) -> bool:
        now = clock.now()
        memory = await recall_reports(parent, facts.student_id, run.period, now)
        document = compose(facts, now, access, memory, asked=False)
        text = render_report(document, parent.language)
        async with get_session():
            stored = await store_report(parent, document, run.report_type, text.caption, parent.language, now)
            if stored is not None:
                buttons = buttons_under(document, stored, parent.language, others)
                await notify(_messages(parent, document, run, text, stored, buttons, now))
        if stored is not None:
            logger.info("report_made", report_id=stored, type=run.report_type, period=run.period.code)
        return stored is not None


def _messages(
    parent: ParentView,
    document: ReportDocument,
    run: Run,
    text: ReportText,
    report_id: int,
    buttons: Buttons,
    now: datetime,
) -> list[OutboxMessage]:
    """The report, and after it the teacher's words where they are a message of their own.

    On time they live as long as their run; made after that, by an operator, as long as any report.
    """
    is_late = now >= run.expires_at
    key = report_key(parent.parent_id, document.student_id, run.period)
    report = OutboxMessage(
        telegram_id=parent.telegram_id,
        kind=NotificationType.REPORT,
        message=text.caption,
        dedup_key=key,
        send_at=now if is_late else max(run.send_at, now),
        expires_at=None if is_late else run.expires_at,
        report_id=report_id if document.chart else None,
        student_id=document.student_id,
        buttons=(*buttons, *report_settings_row(parent.language)),
        notice=Notice.REPORT_MONTHLY if run.report_type is ReportType.MONTHLY else Notice.REPORT_WEEKLY,
    )
    if text.words is None:
        return [report]
    return [report, replace(report, message=text.words, dedup_key=words_key(key), report_id=None, buttons=())]
