"""The pictures of reports: of those that are sent, drawn at that moment; of those on demand, seldom, as it is dear."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from pydantic import ValidationError

from mentorium_core.reports.document_json import load_document
from mentorium_core.reports.model import StoredReport
from mentorium_core.reports.ports import ReportPainter
from mentorium_db import autocommit_session
from mentorium_db.repositories import ReportHistoryRepository
from mentorium_domain.enums import Language
from mentorium_kit.deadline import deadline
from mentorium_kit.errors import MentoriumError
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error

DRAWINGS_AT_ONCE: Final = 6
SECONDS_A_DRAWING: Final = 10.0
LONGEST_WAIT_S: Final = 6.0
"""Some thirty times what a picture takes: then the words go alone."""
_MOST_PICTURES: Final = 64
_MOST_PARENTS: Final = 10_000

logger = get_logger(__name__)


@dataclass(slots=True)
class DrawingQuota:
    """A token bucket for each parent: six drawings at once, then six a minute. `now`: seconds that do not jump."""

    at_once: int = DRAWINGS_AT_ONCE
    seconds_each: float = SECONDS_A_DRAWING
    _full_at: OrderedDict[int, float] = field(default_factory=OrderedDict)

    def take(self, telegram_id: int, now: float) -> bool:
        """Whether one more picture may be drawn for this parent."""
        full_at = max(self._full_at.pop(telegram_id, now), now)
        taken = full_at + self.seconds_each <= now + self.at_once * self.seconds_each
        self._full_at[telegram_id] = full_at + self.seconds_each if taken else full_at
        if len(self._full_at) > _MOST_PARENTS:
            self._full_at.popitem(last=False)
        return taken


@dataclass(slots=True)
class ReportPictures:
    """In this process: the pictures of the newest reports, and who may have more drawn."""

    paint: ReportPainter
    _quota: DrawingQuota = field(default_factory=DrawingQuota)
    _drawn: OrderedDict[int, bytes] = field(default_factory=OrderedDict)

    async def of(self, report: StoredReport, telegram_id: int, language: Language) -> bytes | None:
        """The picture, drawn or drawn before; None where the text stands alone: this parent has had too many drawn
        lately, or a fault of ours keeps it from being drawn, or from being drawn in time.
        """
        if (picture := self._drawn.get(report.report_id)) is not None:
            return picture
        if report.document.chart is None or not self._quota.take(telegram_id, monotonic()):
            return None
        try:
            async with deadline(LONGEST_WAIT_S):
                picture = await self.paint(report.document, language)
        except MentoriumError as error:
            count_error(error)
            logger.error("picture_not_drawn", report_id=report.report_id, exc_info=error)
            return None
        self._drawn[report.report_id] = picture
        while len(self._drawn) > _MOST_PICTURES:
            self._drawn.popitem(last=False)
        return picture


@dataclass(frozen=True, slots=True)
class DrawStoredReport:
    """The picture of a report of the history, for the message that is being sent."""

    paint: ReportPainter

    async def __call__(self, report_id: int) -> bytes | None:
        """None where the report is gone, has no picture, or is written by another release. UnavailableError of our
        database; errors of `paint`.
        """
        async with autocommit_session() as session:
            row = await ReportHistoryRepository(session).get(report_id)
        if row is None:
            return None
        try:
            document = load_document(row.document)
        except ValidationError:
            return None
        return await self.paint(document, row.language) if document.chart is not None else None
