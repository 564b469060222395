"""Making the reports of one finished week or month: made once, told once, whoever is killed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mentorium_core.billing.model import Access
from mentorium_core.billing.queries import CheckAccess
from mentorium_core.identity.model import Child, ParentView
from mentorium_core.identity.queries import list_children
from mentorium_core.notifications.commands import notify
from mentorium_core.progress.model import LearnerFacts
from mentorium_core.progress.queries import ReadFacts
from mentorium_core.reports.calendar import Run
from mentorium_core.reports.history import recall_reports, store_report
from mentorium_core.reports.idempotency_keys import report_key
from mentorium_core.reports.model import ReportDocument
from mentorium_core.reports.ports import ReportPainter
from mentorium_core.reports.rules import compose
from mentorium_core.reports.text import render_text
from mentorium_db import get_session
from mentorium_db.repositories import ReportHistoryRepository
from mentorium_domain.enums import NotificationType
from mentorium_domain.outbox import OutboxMessage
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
    paint: ReportPainter

    async def for_parents(self, parents: Sequence[ParentView], run: Run) -> int:
        """How many reports are new; what has been made already stays as it is. Rights and access are asked now.

        UnavailableError if platform or our database do not answer: try again. ReportsFailedError, after all others
        have been made, if some could not be.
        """
        families = [(parent, await list_children(parent)) for parent in parents]
        wanted = await self._unmade(families, run)
        facts = await self.read_facts(sorted({child.student_id for _, child in wanted}), run.period)
        access = await self.check_access([child for _, child in wanted], clock.now())
        made = failed = 0
        for parent, child in wanted:
            if (known := facts.get(child.student_id)) is None:
                logger.warning("report_without_facts", student_id=child.student_id)
                continue
            try:
                made += await self._make(parent, known, access.of(child.student_id), run)
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

    async def _make(self, parent: ParentView, facts: LearnerFacts, access: Access, run: Run) -> bool:
        now = clock.now()
        memory = await recall_reports(parent, facts.student_id, run.period, now)
        document = compose(facts, now, access, memory, asked=False)
        text = render_text(document, parent.language)
        picture = await self.paint(document, parent.language) if document.chart else None
        async with get_session():
            stored = await store_report(parent, document, run.report_type, text, parent.language, now)
            if stored is not None:
                await notify([_message(parent, document, run, text, picture, now)])
        return stored is not None


def _message(
    parent: ParentView, document: ReportDocument, run: Run, text: str, picture: bytes | None, now: datetime
) -> OutboxMessage:
    """On time it lives as long as its run; made after that, by an operator, as long as any report."""
    is_late = now >= run.expires_at
    return OutboxMessage(
        telegram_id=parent.telegram_id,
        kind=NotificationType.REPORT,
        message=text,
        dedup_key=report_key(parent.parent_id, document.student_id, run.period),
        send_at=now if is_late else max(run.send_at, now),
        expires_at=None if is_late else run.expires_at,
        picture=picture,
        student_id=document.student_id,
    )
