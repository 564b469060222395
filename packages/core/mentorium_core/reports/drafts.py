"""A report of a run on its way from facts to the outbox: composed, worded, and told in one message a child."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mentorium_core.billing.model import Access
from mentorium_core.identity.model import Child, ParentView
from mentorium_core.notifications.notices import report_settings_row
from mentorium_core.progress.model import LearnerFacts
from mentorium_core.reports.buttons import buttons_under
from mentorium_core.reports.calendar import Run, place_in_line
from mentorium_core.reports.document_json import dump_document, dump_json
from mentorium_core.reports.history import remembered
from mentorium_core.reports.idempotency_keys import report_key, words_key
from mentorium_core.reports.model import Idle, IdleReason, LessonsDone, ReportDocument, StudyTime, WeekLine
from mentorium_core.reports.rules import compose
from mentorium_core.reports.text import ReportText, render_report
from mentorium_db.repositories.report_history import NewReport, TalkedOf
from mentorium_domain.enums import Language, Notice, NotificationType, ReportType
from mentorium_domain.outbox import OutboxMessage
from mentorium_domain.preferences import Preferences


@dataclass(frozen=True, slots=True)
class Plan:
    """What one parent is to be told about one child: `runs` as of `told_together`, but for what stands already.

    `others`: the siblings. `active`: whether the parent wrote or pressed something lately.
    """

    parent: ParentView
    child: Child
    others: tuple[Child, ...]
    runs: tuple[Run, ...]
    chosen: Preferences
    active: bool

    @property
    def language(self) -> Language:
        """In which its reports are told."""
        return self.chosen.report_language or self.parent.language

    @property
    def may_be_worded(self) -> bool:
        """Whether a model may be asked for words: of those who wrote or pressed something lately, and want it."""
        return self.active and self.chosen.ai


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan's reports in the order of its runs: the first is told, the other is a line of it."""

    plan: Plan
    documents: tuple[ReportDocument, ...]
    texts: tuple[ReportText, ...]

    def reworded(self, told: ReportDocument) -> Draft:
        """With these words in what is told; what only stands in the history stays as it is."""
        return Draft(
            self.plan,
            (told, *self.documents[1:]),
            (render_report(told, self.plan.language), *self.texts[1:]),
        )

    def new_reports(self) -> list[NewReport]:
        return [
            NewReport(
                self.plan.parent.telegram_id,
                document.student_id,
                run.report_type,
                run.period.code,
                self.plan.language,
                text.caption,
                dump_json(document),
                document.wording,
                document.action_id,
            )
            for run, document, text in zip(self.plan.runs, self.documents, self.texts, strict=True)
        ]

    def messages(
        self, stored: Mapping[tuple[int, int, ReportType], int], run_ids: Mapping[Run, int], now: datetime
    ) -> list[OutboxMessage]:
        """The first of its reports that is new, and after it the teacher's words where they are a message of their own.

        Where several runs are told together it is a message of the first that has begun (`run_ids`): who pays for the
        month pays for it. On time they live as long as their run; made after that, by an operator, as long as any
        report. Empty where all of it was known.
        """
        parent = self.plan.parent
        for run, document, text in zip(self.plan.runs, self.documents, self.texts, strict=True):
            report_id = stored.get((parent.telegram_id, document.student_id, run.report_type))
            if report_id is not None:
                run_id = next((run_ids[one] for one in (run, *self.plan.runs) if one in run_ids), None)
                return self._told(run, document, text, report_id, run_id, now)
        return []

    def _told(
        self, run: Run, document: ReportDocument, text: ReportText, report_id: int, run_id: int | None, now: datetime
    ) -> list[OutboxMessage]:
        parent, last = self.plan.parent, self.plan.runs[-1]
        key, is_late = report_key(parent.parent_id, document.student_id, run.period), now >= run.expires_at
        moment = place_in_line(last.moment_of(self.plan.chosen), parent.parent_id, last, active=self.plan.active)
        report = OutboxMessage(
            telegram_id=parent.telegram_id,
            kind=NotificationType.REPORT,
            message=text.caption,
            dedup_key=key,
            send_at=now if is_late else moment,
            expires_at=None if is_late else run.expires_at,
            report_id=report_id if document.chart else None,
            student_id=document.student_id,
            buttons=(
                *buttons_under(document, report_id, parent.language, self.plan.others),
                *report_settings_row(parent.language),
            ),
            notice=Notice.REPORT_MONTHLY if run.report_type is ReportType.MONTHLY else Notice.REPORT_WEEKLY,
            run_id=run_id,
        )
        if text.words is None:
            return [report]
        return [report, replace(report, message=text.words, dedup_key=words_key(key), report_id=None, buttons=())]


def draft(plan: Plan, facts: Sequence[LearnerFacts], access: Access, told: Sequence[TalkedOf], now: datetime) -> Draft:
    """`facts` on each run of the plan; `told`: what this parent has read about this child before, newest last.

    Reports of one moment know of each other: none asks, or proposes, what another does.
    """
    documents, talks = list[ReportDocument](), list(told)
    for run, known in zip(plan.runs, facts, strict=True):
        memory = remembered(talks, run.period, now)
        documents.append(compose(known, now, access, memory, asked=False, tone=plan.chosen.report_tone))
        if len(plan.runs) > 1:
            talks.append(_talk_of(documents[-1], now))
    if len(documents) > 1:
        documents[0] = with_week(documents[0], documents[1])
    texts = tuple(render_report(document, plan.language) for document in documents)
    return Draft(plan, tuple(documents), texts)


def _talk_of(document: ReportDocument, now: datetime) -> TalkedOf:
    return TalkedOf(
        document.period.code,
        document.wording,
        document.action_id,
        now,
        None,
        dump_document(replace(document, chart=None)),
    )


def with_week(month: ReportDocument, week: ReportDocument) -> ReportDocument:
    """The month with the week's line. In a month in which nothing happened the week has nothing to add, nor has one of
    which nothing is known.
    """
    idle = next((block for block in week.blocks if isinstance(block, Idle)), None)
    if any(isinstance(block, Idle) for block in month.blocks) or (idle and idle.reason is IdleReason.NO_DATA):
        return month
    seconds = next((block.seconds for block in week.blocks if isinstance(block, StudyTime)), None)
    lessons = next((block.count for block in week.blocks if isinstance(block, LessonsDone)), None)
    line = WeekLine(week.period, week.verdict, idle is not None, seconds, lessons)
    return replace(month, blocks=(*month.blocks, line))
