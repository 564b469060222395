"""The monthly report as a file: a PDF, made when its button is pressed, and not kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import ClassVar, Final

from mentorium_core.reports.model import StoredReport
from mentorium_core.reports.pictures import DrawingQuota
from mentorium_core.reports.ports import PdfWriter
from mentorium_domain.enums import Language
from mentorium_kit.clock import local_day
from mentorium_kit.deadline import deadline
from mentorium_kit.errors import MentoriumError, RefusedError, UnavailableError
from mentorium_observability import EventLogService, get_logger

LONGEST_WAIT_S: Final = 6.0
"""Some fifty times what a report takes."""

logger = get_logger(__name__)


class PdfNotMadeError(UnavailableError):
    """The file could not be made, or not in time: the report itself stands above."""

    message_key: ClassVar[str] = "pdf-not-made"


class TooManyFilesError(RefusedError):
    """This parent has had too many made lately."""

    message_key: ClassVar[str] = "pdf-too-many"


@dataclass(frozen=True, slots=True)
class ReportFile:
    name: str
    content: bytes


@dataclass(slots=True)
class MakeReportPdf:
    """In this process: who may have more files made. Rights and access are the caller's to check."""

    write_pdf: PdfWriter
    longest_wait_s: float = LONGEST_WAIT_S
    _quota: DrawingQuota = field(default_factory=DrawingQuota)

    async def __call__(self, report: StoredReport, telegram_id: int, language: Language, now: datetime) -> ReportFile:
        """The file, by a name that names nobody. `now` is aware.

        TooManyFilesError (six at once, then six a minute); PdfNotMadeError, of which an event is kept.
        """
        if not self._quota.take(telegram_id, monotonic()):
            raise TooManyFilesError("pdf_too_many")
        try:
            async with deadline(self.longest_wait_s):
                content = await self.write_pdf(report.document, language, local_day(report.made_at or now))
        except MentoriumError as error:
            reason = error.context.get("reason")
            await EventLogService.log_error(
                "pdf_failed", telegram_id, report_id=report.report_id, code=error.code, reason=reason
            )
            raise PdfNotMadeError("pdf_failed", reason=reason or error.code) from error
        logger.info("pdf_made", report_id=report.report_id, bytes=len(content))
        return ReportFile(f"mentorium-{report.document.period.first_day:%Y-%m}.pdf", content)
