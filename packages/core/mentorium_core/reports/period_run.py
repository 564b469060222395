"""Making the reports of a week or month for everybody: noticed once, made once, told once, whoever is killed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from mentorium_core.billing.queries import CheckAccess
from mentorium_core.identity.model import Child, ParentView
from mentorium_core.identity.queries import list_children, list_registered_after
from mentorium_core.notifications.commands import notify
from mentorium_core.notifications.model import OutboxMessage
from mentorium_core.progress.model import LearnerFacts
from mentorium_core.progress.period import Period, PeriodKind, month_of, week_of
from mentorium_core.progress.queries import ReadFacts
from mentorium_core.reports.calendar import is_due, next_moment, run_of
from mentorium_core.reports.model import ReportDocument
from mentorium_core.reports.on_demand import remembered
from mentorium_core.reports.ports import ReportPainter
from mentorium_core.reports.record import document_record
from mentorium_core.reports.rules import compose
from mentorium_core.reports.text import render_text
from mentorium_db import get_session
from mentorium_db.jobs import enqueue
from mentorium_db.repositories import ReportHistoryRepository
from mentorium_domain.enums import JobKind, NotificationType, ReportType
from mentorium_kit import clock
from mentorium_kit.errors import MentoriumError, UnavailableError
from mentorium_observability import EventLogService, get_logger
from mentorium_observability.metrics import count_error

A_BATCH: Final = 50
_REPORTS_REMEMBERED: Final = 100
_LATE_LIFE: Final = timedelta(hours=24)
"""How long a report is worth sending that an operator has made after its time."""
_SCHEDULED: Final = (ReportType.WEEKLY, ReportType.MONTHLY)

logger = get_logger(__name__)


class ReportsFailedError(MentoriumError):
    """Some reports of a batch could not be made, for faults of ours; the others are."""


@dataclass(frozen=True, slots=True)
class StartDueRun:
    """What the ticker asks every moment: is it time? Joins the unit of work in which it is asked."""

    report_type: ReportType

    async def __call__(self, now: datetime) -> bool:
        """Start the run of this week or month if it is due and nobody has started it; whether that was so."""
        run = run_of(self.report_type, clock.local_day(now))
        if not is_due(run, now):
            return False
        async with get_session() as session:
            started = await ReportHistoryRepository(session).start_run(run.report_type, run.period.code, now)
            if started:
                await enqueue_batch(run.report_type, run.period, after=0, before=run.send_at)
                await EventLogService.log_system(
                    "report_run_started", report_type=run.report_type, period=run.period.code
                )
        return started


async def next_report_moment(now: datetime) -> datetime:
    """When the next reports are due; not after `now` while there are some that nobody has started."""
    today = clock.local_day(now)
    due = [run for kind in _SCHEDULED if is_due(run := run_of(kind, today), now)]
    async with get_session() as session:
        history = ReportHistoryRepository(session)
        waiting = [run.send_at for run in due if not await history.run_started(run.report_type, run.period.code)]
    return min([*waiting, *(next_moment(kind, now) for kind in _SCHEDULED)])


async def enqueue_batch(report_type: ReportType, period: Period, *, after: int, before: datetime) -> None:
    """Have the next batch of parents made as a job of its own, in the commit of the open unit of work.

    `before`: who came later than that is left out; they can ask for the report.
    """
    payload = {
        "report_type": report_type,
        "first_day": period.first_day.isoformat(),
        "after": after,
        "before": before.isoformat(),
    }
    key = f"reports:{report_type}:{period.first_day}:{after}"
    async with get_session() as session:
        await enqueue(session, JobKind.MAKE_REPORTS, payload, dedup_key=key)


async def next_batch(
    report_type: ReportType, period: Period, *, after: int, before: datetime
) -> tuple[ParentView, ...]:
    """The parents behind `after`, at most fifty; those behind them become a job of their own, if they are not one yet.

    So a batch that fails holds up nobody else.
    """
    parents = await list_registered_after(after, before, A_BATCH)
    if len(parents) == A_BATCH:
        last = parents[-1].parent_id
        async with get_session() as session:
            if await ReportHistoryRepository(session).reach(report_type, period.code, last):
                await enqueue_batch(report_type, period, after=last, before=before)
    return parents


def period_from(report_type: ReportType, first_day: date) -> Period:
    """The whole week or month that begins on this day."""
    return week_of(first_day) if report_type is ReportType.WEEKLY else month_of(first_day)


@dataclass(frozen=True, slots=True)
class MakePeriodReports:
    """Reports of one finished period. Each report and its message stand in one commit."""

    read_facts: ReadFacts
    check_access: CheckAccess
    paint: ReportPainter

    async def for_parents(self, parents: Sequence[ParentView], report_type: ReportType, period: Period) -> int:
        """How many reports are new; what has been made already stays as it is. Rights and access are asked now.

        UnavailableError if platform or our database do not answer: try again. ReportsFailedError, after all others
        have been made, if some could not be.
        """
        families = [(parent, await list_children(parent)) for parent in parents]
        wanted = await self._unmade(families, report_type, period)
        facts = await self.read_facts(sorted({child.student_id for _, child in wanted}), period)
        made = failed = 0
        for parent, child in wanted:
            if (known := facts.get(child.student_id)) is None:
                logger.warning("report_without_facts", student_id=child.student_id)
                continue
            try:
                made += await self._make(parent, child, known, report_type)
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
        self, families: Sequence[tuple[ParentView, Sequence[Child]]], report_type: ReportType, period: Period
    ) -> list[tuple[ParentView, Child]]:
        async with get_session() as session:
            made = await ReportHistoryRepository(session).made(
                [parent.telegram_id for parent, _ in families], report_type, period.code
            )
        return [
            (parent, child)
            for parent, children in families
            for child in children
            if (parent.telegram_id, child.student_id) not in made
        ]

    async def _make(self, parent: ParentView, child: Child, facts: LearnerFacts, report_type: ReportType) -> bool:
        now = clock.now()
        access = (await self.check_access(parent, [child], now)).of(child.student_id)
        async with get_session() as session:
            history = await ReportHistoryRepository(session).recent(
                parent.telegram_id, child.student_id, _REPORTS_REMEMBERED
            )
        document = compose(facts, now, access, remembered(history, facts.period, now), asked=False)
        text = render_text(document, parent.language)
        picture = await self.paint(document, parent.language) if document.chart else None
        return await self._store(parent, document, report_type, text, picture, now)

    async def _store(
        self,
        parent: ParentView,
        document: ReportDocument,
        report_type: ReportType,
        text: str,
        picture: bytes | None,
        now: datetime,
    ) -> bool:
        run = run_of(report_type, clock.local_day(now))
        on_time = run.period == document.period and now < run.expires_at
        message = OutboxMessage(
            telegram_id=parent.telegram_id,
            kind=NotificationType.REPORT,
            message=text,
            dedup_key=report_key(parent, document),
            send_at=max(run.send_at, now) if on_time else now,
            expires_at=run.expires_at if on_time else now + _LATE_LIFE,
            picture=picture,
        )
        async with get_session() as session:
            stored = await ReportHistoryRepository(session).add(
                parent.telegram_id,
                document.student_id,
                report_type=report_type,
                report_period=document.period.code,
                language=parent.language,
                content=text,
                document=document_record(document),
                now=now,
                template_id=document.wording,
                action_id=document.action_id,
            )
            if stored is not None:
                await notify([message])
        return stored is not None


def report_key(parent: ParentView, document: ReportDocument) -> str:
    """`report:w:2026-11-16:p42:c7`: one message about one child and one period to one parent, ever."""
    kind = "m" if document.period.kind is PeriodKind.MONTH else "w"
    return f"report:{kind}:{document.period.first_day}:p{parent.parent_id}:c{document.student_id}"
