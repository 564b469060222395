"""Making a report for a parent who asks: facts, rules, text and picture, and the history of what was said."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from mentorium_core.billing.model import Access
from mentorium_core.identity.model import Child, ParentView
from mentorium_core.notifications.preferences import read_preferences
from mentorium_core.progress.model import Period
from mentorium_core.progress.odd_rows import NameOddRows
from mentorium_core.progress.queries import ReadFacts
from mentorium_core.reports.history import find_worded, recall_reports, store_report_once
from mentorium_core.reports.model import ReportDocument, StoredReport
from mentorium_core.reports.pictures import ReportPictures
from mentorium_core.reports.rules import compose
from mentorium_core.reports.text import render_report
from mentorium_domain.enums import Language
from mentorium_kit.errors import NotFoundError
from mentorium_kit.nursery import Nursery

if TYPE_CHECKING:  # operators make reports in words of ours, and do not wait for the client of a model
    from mentorium_core.reports.wording import WordReports


@dataclass(frozen=True, slots=True)
class MakeReportOnDemand:
    """A report on demand. Rights and access are the caller's to check: `child` is one this parent may view now.

    Odd rows of the child are named beside the report, in the nursery: the parent does not wait for it.
    """

    read_facts: ReadFacts
    pictures: ReportPictures
    nursery: Nursery
    name_odd_rows: NameOddRows = field(default_factory=NameOddRows)
    word_reports: WordReports | None = None

    async def __call__(
        self, parent: ParentView, child: Child, period: Period, language: Language, access: Access, now: datetime
    ) -> StoredReport:
        """The report on a finished week or month, stored as it is to be sent; `now` is aware.

        It is told in `language` unless the parent has chosen another for reports, and worded by a model where there is
        one and the parent wants it.

        Asked again about the same period, it keeps its wording and its action; where nothing else has changed either,
        it comes from the history, and nothing is stored. `picture` is None also where too many were drawn lately.

        NotFoundError for a child the platform does not know, UnavailableError if the platform or our database does not
        answer.
        """
        facts = (await self.read_facts([child.student_id], period)).get(child.student_id)
        self.nursery.start(self.name_odd_rows([child.student_id]), name="name-odd-rows")
        if facts is None:
            raise NotFoundError("student_unknown", student_id=child.student_id)
        memory = await recall_reports(parent, child.student_id, period, now)
        chosen = await read_preferences(parent.parent_id)
        language = chosen.report_language or language
        document = compose(facts, now, access, memory, asked=True, tone=chosen.report_tone)
        if chosen.ai and self.word_reports is not None:
            document = await self._worded(parent, document, language)
        text = render_report(document, language)
        stored = await store_report_once(parent, document, text.caption, language, now)
        picture = await self.pictures.of(stored, parent.telegram_id, language)
        return replace(stored, picture=picture, words=text.words)

    async def _worded(self, parent: ParentView, document: ReportDocument, language: Language) -> ReportDocument:
        """In the words it had where nothing else has changed, else in those of a model, or as it is."""
        assert self.word_reports is not None
        kept = await find_worded(parent, document, language)
        return kept if kept is not None else await self.word_reports.word(document, language, parent.parent_id)
