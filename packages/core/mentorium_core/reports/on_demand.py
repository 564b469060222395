"""Making a report for a parent who asks: facts, rules, text and picture, and the history of what was said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from mentorium_core.billing.model import Access
from mentorium_core.identity.model import Child, ParentView
from mentorium_core.progress.model import Period
from mentorium_core.progress.queries import ReadFacts
from mentorium_core.reports.history import find_same_report, recall_reports, store_report
from mentorium_core.reports.model import StoredReport
from mentorium_core.reports.pictures import ReportPictures
from mentorium_core.reports.rules import compose
from mentorium_core.reports.text import render_text
from mentorium_domain.enums import Language, ReportType
from mentorium_kit.errors import NotFoundError
from mentorium_observability import get_logger

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class MakeReportOnDemand:
    """A report on demand. Rights and access are the caller's to check: `child` is one this parent may view now."""

    read_facts: ReadFacts
    pictures: ReportPictures

    async def __call__(
        self, parent: ParentView, child: Child, period: Period, language: Language, access: Access, now: datetime
    ) -> StoredReport:
        """The report on a finished week or month, stored as it is to be sent; `now` is aware.

        Asked again about the same period, it keeps its wording and its action; where nothing else has changed either,
        it comes from the history, and nothing is stored. `picture` is None also where too many were drawn lately.

        NotFoundError for a child the platform does not know, UnavailableError if the platform or our database does not
        answer.
        """
        facts = (await self.read_facts([child.student_id], period)).get(child.student_id)
        if facts is None:
            raise NotFoundError("student_unknown", student_id=child.student_id)
        memory = await recall_reports(parent, child.student_id, period, now)
        document = compose(facts, now, access, memory, asked=True)
        if (stored := await find_same_report(parent, document, language)) is not None:
            picture = await self.pictures.of_stored(stored.report_id, parent.telegram_id, stored.document, language)
            logger.info("report_repeated", report_id=stored.report_id, period=period.code)
            return replace(stored, picture=picture)
        text = render_text(document, language)
        picture = await self.pictures.draw(parent.telegram_id, document, language)
        report_id = await store_report(parent, document, ReportType.ON_DEMAND, text, language, now)
        assert report_id is not None, "reports on demand are never one too many"
        self.pictures.keep(report_id, picture)
        logger.info("report_made", report_id=report_id, type=ReportType.ON_DEMAND, period=period.code)
        return StoredReport(report_id=report_id, text=text, picture=picture, document=document)
