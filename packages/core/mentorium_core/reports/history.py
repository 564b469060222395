"""The history of reports: what was said, kept, and remembered for the next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from pydantic import ValidationError

from mentorium_core.advice.history import Talk, improvement_of, question_id_of, told_by
from mentorium_core.advice.model import Choice, Memory
from mentorium_core.advice.rules import subject_of
from mentorium_core.identity.model import ParentView
from mentorium_core.progress.model import Period
from mentorium_core.reports.document_json import dump_document, load_document
from mentorium_core.reports.model import ReportDocument, StoredReport
from mentorium_core.reports.rules import ACTION_NOT_REPEATED
from mentorium_core.reports.text import render_report
from mentorium_db import get_session
from mentorium_db.repositories import ReportHistoryRepository
from mentorium_domain.enums import Language, ReportType
from mentorium_kit.errors import NotFoundError
from mentorium_observability import get_logger

logger = get_logger(__name__)
_REPORTS_REMEMBERED: Final = 100
_REPORTS_TOLD: Final = 12


async def recall_reports(parent: ParentView, student_id: int, period: Period, now: datetime) -> Memory:
    """What this parent read about this child before `now` (aware), as far as it counts for a report on `period`."""
    async with get_session() as session:
        history = await ReportHistoryRepository(session).recent(parent.telegram_id, student_id, _REPORTS_REMEMBERED)
        return remembered(history, period, now)


async def store_report(
    parent: ParentView,
    document: ReportDocument,
    report_type: ReportType,
    text: str,
    language: Language,
    now: datetime,
) -> int | None:
    """Keep a report as it is told; its id. It joins the open unit of work.

    None if the parent has a weekly or monthly report about this child and period already.
    """
    async with get_session() as session:
        return await ReportHistoryRepository(session).add(
            parent.telegram_id,
            document.student_id,
            report_type=report_type,
            report_period=document.period.code,
            language=language,
            content=text,
            document=dump_document(document),
            now=now,
            template_id=document.wording,
            action_id=document.action_id,
        )


async def store_report_once(
    parent: ParentView, document: ReportDocument, text: str, language: Language, now: datetime
) -> StoredReport:
    """Keep a report on demand, without its picture; where the newest says the same, that one is it.

    Presses of one moment take turns: they make one row. It joins the open unit of work.
    """
    async with get_session() as session:
        await ReportHistoryRepository(session).take_turn(parent.telegram_id, document.student_id)
        if (same := await find_same_report(parent, document, language)) is not None:
            logger.info("report_repeated", report_id=same.report_id, period=document.period.code)
            return same
        report_id = await store_report(parent, document, ReportType.ON_DEMAND, text, language, now)
        assert report_id is not None, "reports on demand are never one too many"
        logger.info("report_made", report_id=report_id, type=ReportType.ON_DEMAND, period=document.period.code)
        return StoredReport(report_id=report_id, text=text, picture=None, document=document)


async def find_same_report(parent: ParentView, document: ReportDocument, language: Language) -> StoredReport | None:
    """The newest report on demand of this parent, child, period and language, if it says the same; without a picture.

    Facts, access and wording are all in the document, and no time is: so documents are compared.
    """
    async with get_session() as session:
        row = await ReportHistoryRepository(session).newest(
            parent.telegram_id, document.student_id, ReportType.ON_DEMAND, document.period.code, language
        )
        if row is None:
            return None
        try:
            stored = load_document(row.document)
        except ValidationError:  # written by an older release: made anew
            return None
        if stored != document:
            return None
        return StoredReport(report_id=row.id, text=row.content, picture=None, document=stored)


async def find_worded(parent: ParentView, document: ReportDocument, language: Language) -> ReportDocument | None:
    """The newest report on demand as it was worded by a model, if but for its words it is this one."""
    async with get_session() as session:
        row = await ReportHistoryRepository(session).newest(
            parent.telegram_id, document.student_id, ReportType.ON_DEMAND, document.period.code, language
        )
    try:
        stored = load_document(row.document) if row is not None else None
    except ValidationError:
        return None
    if stored is None or stored.shell is None or replace(stored, shell=document.shell) != document:
        return None
    return stored


async def read_report(parent: ParentView, report_id: int) -> StoredReport:
    """A report that was made for this parent, without its picture; the right to its child is the caller's to judge.

    NotFoundError for one that is gone, is somebody else's, or was written by a release that this one cannot read.
    """
    async with get_session() as session:
        row = await ReportHistoryRepository(session).get(report_id)
        if row is None or row.parent_telegram_id != parent.telegram_id:
            raise NotFoundError("report_unknown", report_id=report_id)
        try:
            document = load_document(row.document)
        except ValidationError as error:
            raise NotFoundError("report_unreadable", report_id=report_id) from error
        made_at = row.generated_at
        words = render_report(document, row.language).words
        return StoredReport(
            report_id=row.id, text=row.content, picture=None, document=document, words=words, made_at=made_at
        )


async def remember_done(parent: ParentView, report_id: int, now: datetime) -> bool:
    """The parent says that what this report proposed was done; whether that is news. `now` is aware.

    The next report knows. A report that is somebody else's stays as it is.
    """
    async with get_session() as session:
        news = await ReportHistoryRepository(session).mark_done(parent.telegram_id, report_id, now)
    if news:
        logger.info("report_advice_done", report_id=report_id)
    return news


def remembered(history: Sequence[Talk], period: Period, now: datetime) -> Memory:
    """What counts of the history, newest last, for a report on `period` at `now`."""
    others = [report for report in history if report.report_period != period.code]
    same = [report for report in history if report.report_period == period.code]
    recent = [report for report in others if report.generated_at > now - ACTION_NOT_REPEATED]
    last_day = period.last_day.isoformat()
    before = [report for report in others if report.report_period[-len(last_day) :] <= last_day]
    asked = [question_id_of(report.document) for report in recent]
    return Memory(
        template_ids=tuple(report.template_id for report in others if report.template_id),
        action_ids=tuple(report.action_id for report in recent if report.action_id),
        again=_choice(same[-1]) if same else None,
        question_ids=tuple(question_id for question_id in asked if question_id),
        told=told_by(before[-_REPORTS_TOLD:]),
    )


def _choice(report: Talk) -> Choice:
    improvement = improvement_of(report.document)
    return Choice(
        report.template_id,
        report.action_id,
        question_id_of(report.document),
        subject_of(improvement.shortfall) if improvement else None,
    )
