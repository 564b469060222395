"""Telling parents: what is due is judged, put together and given to the outbox, all of a batch at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from mentorium_core.alerts.model import NOTICES, Telling, type_of
from mentorium_core.alerts.rules import said_by_report, tellings
from mentorium_core.alerts.texts import line_of, text_of
from mentorium_core.billing.model import Access
from mentorium_core.billing.queries import CheckAccess
from mentorium_core.identity.model import Child, ParentView
from mentorium_core.identity.queries import find_parents, list_viewable_children
from mentorium_core.notifications.commands import notify
from mentorium_core.notifications.notices import notice_message
from mentorium_core.notifications.policy import is_night
from mentorium_core.progress.model import CourseStatus, LearnerFacts
from mentorium_core.progress.period import week_of
from mentorium_core.progress.queries import ReadFacts
from mentorium_core.progress.rules import is_through
from mentorium_db import autocommit_session, get_session
from mentorium_db.repositories import AlertRepository, NotificationSettingsRepository
from mentorium_domain.alerts import StoredAlert, ToldReport
from mentorium_domain.enums import AlertKind, AlertOutcome
from mentorium_domain.language import Titles
from mentorium_domain.outbox import OutboxMessage
from mentorium_domain.preferences import DEFAULTS, Preferences
from mentorium_kit import clock
from mentorium_observability import get_logger
from mentorium_observability.metrics import alerts as alert_count
from mentorium_observability.metrics import count_error

A_BATCH: Final = 500
_LATELY: Final = timedelta(days=8)

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the alerts of a batch are judged by, each read by one statement.

    `lessons`: of idle children, the one to go on with. `through`: those of them who have done every lesson.
    """

    parents: Mapping[int, ParentView]
    children: Mapping[tuple[int, int], Child]
    covered: Collection[int]
    preferences: Mapping[int, Preferences]
    reports: Mapping[int, Sequence[ToldReport]]
    lessons: Mapping[int, Titles] = field(default_factory=dict)
    through: Collection[int] = ()

    def child_of(self, alert: StoredAlert) -> Child | None:
        return self.children.get((alert.guardian_id, alert.student_id)) if alert.guardian_id is not None else None

    def wants(self, alert: StoredAlert) -> bool:
        """Whether the parent may hear of the child, has what is paid for, and has not switched this off."""
        parent = self.parents.get(alert.telegram_id)
        return (
            parent is not None
            and parent.registered
            and parent.consented
            and parent.reachable
            and self.child_of(alert) is not None
            and alert.student_id in self.covered
            and self.preferences.get(alert.telegram_id, DEFAULTS).switched_on(type_of(alert.kind))
        )


@dataclass(frozen=True, slots=True)
class TellAlerts:
    read_facts: ReadFacts
    check_access: CheckAccess
    most: int = A_BATCH

    async def __call__(self) -> bool:
        """Tell a batch of what is due; whether there may be more. At night nothing is.

        UnavailableError if platform or our database do not answer.
        """
        now = clock.now()
        if is_night(now):
            return False
        async with autocommit_session() as session:
            due = await AlertRepository(session).due(now, self.most)
        if not due:
            return False
        known = await self._look_up(due, now)
        async with get_session() as session:
            repository = AlertRepository(session)
            ours = await repository.lock([alert.id for alert in due])
            due = [alert for alert in due if alert.id in ours]
            messages, outcomes = _judge(due, known, now)
            await notify(messages)
            await repository.end([(alert.id, outcome) for alert, outcome in outcomes], now)
        for alert, outcome in outcomes:
            alert_count.labels(kind=alert.kind, outcome=outcome).inc()
        if outcomes:
            logger.info("alerts_judged", alerts=len(outcomes), messages=len(messages))
        return len(outcomes) > 0 and len(due) >= self.most

    async def _look_up(self, due: Sequence[StoredAlert], now: datetime) -> _Known:
        guardians = {alert.guardian_id for alert in due if alert.guardian_id is not None}
        viewable = await list_viewable_children(guardians)
        known = {(child.guardian_id, child.student_id): child for child in viewable}
        asked = [
            child
            for alert in due
            if alert.guardian_id is not None and (child := known.get((alert.guardian_id, alert.student_id)))
        ]
        access = await self.check_access(asked, now)
        chats = {alert.telegram_id for alert in due}
        reports: dict[int, list[ToldReport]] = {}
        async with get_session() as session:
            preferences = await NotificationSettingsRepository(session).of_chats(chats)
            for report in await AlertRepository(session).told_reports(chats, now, _LATELY):
                reports.setdefault(report.telegram_id, []).append(report)
        covered = {child.student_id for child in asked if access.of(child.student_id) is Access.FULL}
        idle = sorted({alert.student_id for alert in due if alert.kind is AlertKind.IDLE} & covered)
        facts = await self.read_facts(idle, week_of(clock.local_day(now)))
        return _Known(
            parents=await find_parents(chats),
            children=known,
            covered=covered,
            preferences=preferences,
            reports=reports,
            lessons=_next_lessons(facts),
            through={student_id for student_id, one in facts.items() if is_through(one)},
        )


def _next_lessons(facts: Mapping[int, LearnerFacts]) -> dict[int, Titles]:
    """By student id, the lesson to go on with."""
    found = {}
    for student_id, known in facts.items():
        active = (course for course in known.courses if course.status is CourseStatus.ACTIVE)
        if lesson := next((one for course in active for one in course.next_lessons), None):
            found[student_id] = lesson.title
    return found


def _judge(
    due: Sequence[StoredAlert], known: _Known, now: datetime
) -> tuple[list[OutboxMessage], list[tuple[StoredAlert, AlertOutcome]]]:
    """The messages, and what becomes of each alert: in one of them, or why not."""
    wanted, outcomes = [], dict[int, AlertOutcome]()
    for alert in due:
        if not known.wants(alert):
            outcomes[alert.id] = AlertOutcome.NOT_WANTED
        elif alert.kind is AlertKind.IDLE and alert.student_id in known.through:
            outcomes[alert.id] = AlertOutcome.FOLDED  # there is nothing to study
        elif alert.expires_at <= now or said_by_report(alert, known.reports.get(alert.telegram_id, ()), now):
            outcomes[alert.id] = AlertOutcome.FOLDED
        else:
            wanted.append(alert)
    messages = []
    for telling in tellings(wanted, now):
        try:
            messages.append(_message(telling, known))
        except Exception as error:  # a fault of ours in one message costs nobody else theirs
            count_error(error)
            logger.error("alert_failed", kind=telling.kind, student_id=telling.first.student_id, exc_info=error)
        else:
            outcomes |= {alert.id: AlertOutcome.TOLD for alert in telling.alerts}
    return messages, [(alert, outcomes.get(alert.id, AlertOutcome.FOLDED)) for alert in due]


def _message(telling: Telling, known: _Known) -> OutboxMessage:
    """It was due at its moment of the day, however late that is looked at, and does not wait for the next one."""
    first = telling.first
    child = known.child_of(first)
    assert child is not None
    lesson = known.lessons.get(first.student_id)
    return notice_message(
        NOTICES[telling.kind],
        first.telegram_id,
        first.language,
        text_of(telling, child.first_name, lesson.get(first.language) if lesson else None),
        telling.dedup_key,
        first.due_at,
        line=line_of(telling),
        student_id=first.student_id,
        expires_at=telling.expires_at,
    )
