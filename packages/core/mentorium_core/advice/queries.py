"""What a family was advised last, for whoever else speaks with the parent."""

from __future__ import annotations

from typing import Final

from mentorium_core.advice.history import improvement_of, question_id_of
from mentorium_core.advice.model import GivenAdvice
from mentorium_db import get_session
from mentorium_db.repositories import ReportHistoryRepository

_REPORTS_LOOKED_AT: Final = 6


async def find_last_advice(telegram_id: int, student_id: int) -> GivenAdvice | None:
    """What the newest report to this parent about this child that had something to improve said of it."""
    async with get_session() as session:
        reports = await ReportHistoryRepository(session).recent(telegram_id, student_id, _REPORTS_LOOKED_AT)
        for report in reversed(reports):
            if (improvement := improvement_of(report.document)) is not None:
                done = report.done_at is not None
                return GivenAdvice(improvement, question_id_of(report.document), report.report_period, done)
    return None
