"""Making a report for a parent who asks: facts, rules, text and picture, and the history of what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mentorium_core.billing.model import Access
from mentorium_core.identity.model import Child, ParentView
from mentorium_core.progress.model import Period
from mentorium_core.progress.queries import ReadFacts
from mentorium_core.reports.model import Choice, Memory, ReportDocument, StoredReport
from mentorium_core.reports.ports import ReportPainter
from mentorium_core.reports.record import document_record
from mentorium_core.reports.rules import ACTION_NOT_REPEATED, compose
from mentorium_core.reports.text import render_text
from mentorium_db import get_session
from mentorium_db.models import ReportHistory
from mentorium_db.repositories import ReportHistoryRepository
from mentorium_domain.enums import Language, ReportType
from mentorium_kit.errors import NotFoundError

_REPORTS_REMEMBERED = 100


@dataclass(frozen=True, slots=True)
class MakeReportOnDemand:
    """A report on demand. Rights and access are the caller's to check: `child` is one this parent may view now."""

    read_facts: ReadFacts
    paint: ReportPainter

    async def __call__(
        self, parent: ParentView, child: Child, period: Period, language: Language, access: Access, now: datetime
    ) -> StoredReport:
        """The report on a finished week or month, stored as it is to be sent; `now` is aware.

        Asked again about the same period, it keeps its wording and its action. NotFoundError for a child the platform
        does not know, UnavailableError if the platform or our database does not answer.
        """
        facts = (await self.read_facts([child.student_id], period)).get(child.student_id)
        if facts is None:
            raise NotFoundError("student_unknown", student_id=child.student_id)
        memory = await self._recall(parent, child, period, now)
        document = compose(facts, now, access, memory, asked=True)
        text = render_text(document, language)
        picture = await self.paint(document, language) if document.chart else None
        report_id = await self._store(parent, document, text, language, now)
        return StoredReport(report_id=report_id, text=text, picture=picture, document=document)

    async def _recall(self, parent: ParentView, child: Child, period: Period, now: datetime) -> Memory:
        async with get_session() as session:
            repository = ReportHistoryRepository(session)
            history = await repository.recent(parent.telegram_id, child.student_id, _REPORTS_REMEMBERED)
            return remembered(history, period, now)

    async def _store(
        self, parent: ParentView, document: ReportDocument, text: str, language: Language, now: datetime
    ) -> int:
        async with get_session() as session:
            stored = await ReportHistoryRepository(session).add(
                parent.telegram_id,
                document.student_id,
                report_type=ReportType.ON_DEMAND,
                report_period=document.period.code,
                language=language,
                content=text,
                document=document_record(document),
                now=now,
                template_id=document.wording,
                action_id=document.action_id,
            )
        assert stored is not None, "reports on demand are never one too many"
        return stored


def remembered(history: list[ReportHistory], period: Period, now: datetime) -> Memory:
    """What counts of the history, newest last, for a report on `period` at `now`."""
    others = [report for report in history if report.report_period != period.code]
    same = [report for report in history if report.report_period == period.code]
    recent = [report for report in others if report.generated_at > now - ACTION_NOT_REPEATED]
    return Memory(
        template_ids=tuple(report.template_id for report in others if report.template_id),
        action_ids=tuple(report.action_id for report in recent if report.action_id),
        again=Choice(same[-1].template_id, same[-1].action_id) if same else None,
    )
