"""The reports of a week for everybody, in batches that hold up nobody."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from mentorium_core.billing.commands import GrantSubscription
from mentorium_core.billing.queries import CheckAccess
from mentorium_core.identity.model import ParentView
from mentorium_core.identity.queries import list_registered_after
from mentorium_core.progress.queries import ReadFacts
from mentorium_core.reports import batches, drafts
from mentorium_core.reports.batches import enqueue_batch, next_batch
from mentorium_core.reports.calendar import MONTHLY, WEEKLY, Run, Schedule
from mentorium_core.reports.idempotency_keys import report_key
from mentorium_core.reports.period_run import MakePeriodReports, ReportsFailedError
from mentorium_core.reports.rules import compose
from mentorium_db import get_session
from mentorium_db.jobs import by_state
from mentorium_db.models import ReportHistory
from mentorium_db.repositories import NotificationRepository, ReportHistoryRepository, ReportRunRepository
from mentorium_domain.enums import DeliveryStatus, Language, NotificationType, ReportType, Tariff
from mentorium_domain.outbox import LIFE
from mentorium_kit import clock
from mentorium_kit.clock import start_of_day
from mentorium_reporting.jobs.make_reports import MakeReportsJob
from tests.integration.core.household import Household, register

FIRST = 200_000_001


async def families(household: Household, count: int) -> list[ParentView]:
    made = []
    for number in range(count):
        guardian_id = await household.guardian(f"Guardian {number}")
        await household.child(f"Child{number} Karimov", guardian_id)
        made.append((await register(FIRST + number, guardian_id, Language.EN)).parent)
    return made


async def told(parent: ParentView) -> list[Any]:
    """The parent's reports, in the outbox."""
    async with get_session() as session:
        found = await NotificationRepository(session).list_for_parent(parent.telegram_id)
    return [row for row in found if row.notification_type is NotificationType.REPORT]


def week() -> Run:
    return WEEKLY.run_of(clock.today())


def make_reports() -> MakePeriodReports:
    return MakePeriodReports(ReadFacts(), CheckAccess())


async def test_each_report_is_made_and_told_once(household: Household) -> None:
    parents = await families(household, 3)
    make = make_reports()
    runs = await asyncio.gather(*(make.for_parents(parents, week()) for _ in range(3)), return_exceptions=True)
    assert sum(run for run in runs if isinstance(run, int)) == 3
    assert await make.for_parents(parents, week()) == 0
    for number, parent in enumerate(parents):
        (message,) = await told(parent)
        assert f"Child{number}" in message.message
        assert message.dedup_key == f"report:w:{week().period.first_day}:p{parent.parent_id}:c{number + 1}"
        assert message.status is DeliveryStatus.PENDING


WORDS = """
    INSERT INTO platform.teacher_comment (student_id, author_name, body, for_guardians, created_at)
    VALUES (1, 'Nodira', $1, true, $2)
"""


async def test_long_words_of_a_teacher_follow_the_report_once(household: Household) -> None:
    """parents A3"""
    (parent,) = await families(household, 1)
    await GrantSubscription()(parent.telegram_id, Tariff.MONTHLY, "test", "test", request_key=uuid4().hex)
    body = "A word about the work of this week. " * 20
    async with household.school() as school:
        await school.execute(WORDS, body.strip(), start_of_day(week().period.last_day))
    for _ in range(2):
        await make_reports().for_parents([parent], week())
    report, words = await told(parent)
    assert body.strip() not in report.message
    assert body.strip() in words.message
    assert (words.dedup_key, words.report_id, words.buttons) == (f"{report.dedup_key}:words", None, None)
    assert (words.send_at, words.expires_at) == (report.send_at, report.expires_at)
    assert handles(report) == ["report:why", "report:tonight", "report:done", "report:month", "notify:reports"]


def handles(message: Any) -> list[str]:
    """The buttons without the report's id."""
    return [button["data"].rpartition(":")[0] for row in message.buttons for button in row]


async def test_under_a_report_stand_its_buttons_with_its_id(household: Household) -> None:
    (parent,) = await families(household, 1)
    await make_reports().for_parents([parent], week())
    (message,) = await told(parent)
    assert handles(message) == ["report:month", "notify:reports"], "nothing to ask where only what is free is told"
    async with get_session() as session:
        (report,) = await session.scalars(select(ReportHistory))
    assert message.buttons[-2][0]["data"] == f"report:month:{report.id}"


async def test_who_lost_the_right_to_see_a_child_gets_no_report(household: Household) -> None:
    (parent,) = await families(household, 1)
    await household.allow(1, 1, False)
    assert await make_reports().for_parents([parent], week()) == 0
    assert await told(parent) == []


async def test_one_childs_fault_costs_the_others_nothing(household: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    parents = await families(household, 3)

    def odd(facts: Any, *rest: Any, **more: Any) -> Any:
        if facts.student_id == 2:
            raise ZeroDivisionError
        return compose(facts, *rest, **more)

    monkeypatch.setattr(drafts, "compose", odd)
    make = make_reports()
    with pytest.raises(ReportsFailedError):
        await make.for_parents(parents, week())
    assert [len(await told(parent)) for parent in parents] == [1, 0, 1]
    monkeypatch.undo()
    assert await make.for_parents(parents, week()) == 1


async def test_the_next_batch_is_stored_once_however_often_one_is_tried(
    household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "A_BATCH", 2)
    parents = await families(household, 5)
    before = clock.now() + timedelta(minutes=1)
    async with get_session() as session:
        runs = ReportRunRepository(session)
        named = (ReportType.WEEKLY, week().period.code, week().day)
        run_id = await runs.start(*named, clock.now(), clock.now())
        assert run_id is not None
        assert await runs.start(*named, clock.now(), clock.now()) is None
        assert await runs.list_batch(run_id, 0)
        await enqueue_batch(week(), after=0, before=before)
    for _ in range(3):
        batch = await next_batch(week(), after=0, before=before)
        assert [parent.parent_id for parent in batch.parents] == [parent.parent_id for parent in parents[:2]]
    async with get_session() as session:
        assert await by_state(session) == {("make_reports", "queued"): 2}
    last = await next_batch(week(), after=parents[3].parent_id, before=before)
    assert [parent.parent_id for parent in last.parents] == [parents[4].parent_id]


async def test_who_came_after_the_moment_is_left_out(household: Household) -> None:
    moment = clock.now()
    await families(household, 1)
    assert await list_registered_after(0, moment, 10) == ()
    assert len(await list_registered_after(0, clock.now(), 10)) == 1


@pytest.mark.parametrize("schedule", [WEEKLY, MONTHLY])
async def test_a_batch_done_too_late_makes_nothing_and_an_operator_makes_it_as_late(
    household: Household, schedule: Schedule
) -> None:
    """The batch waited until the next period was over: nobody wants its run any more, unless an operator says so."""
    (parent,) = await families(household, 1)
    now = schedule.run_of(clock.today())
    named = schedule.run_for(schedule.period_of(now.period.first_day - timedelta(days=1)).first_day)
    async with get_session() as session:
        await enqueue_batch(named, after=0, before=clock.now())
        (payload,) = await session.scalars(text("SELECT payload FROM pgqueuer.pgqueuer"))
    await MakeReportsJob(make_reports())(json.loads(payload))
    assert await told(parent) == []
    before = clock.now()
    assert await make_reports().for_parents([parent], named) == 1
    (message,) = await told(parent)
    assert message.dedup_key == report_key(parent.parent_id, 1, named.period)
    assert before <= message.send_at <= clock.now()
    assert message.expires_at - message.send_at == LIFE[NotificationType.REPORT]
    async with get_session() as session:
        (stored,) = await ReportHistoryRepository(session).recent(parent.telegram_id, 1, 10)
    assert (stored.report_type, stored.report_period) == (named.report_type, named.period.code)


@pytest.mark.parametrize("at", [timedelta(minutes=-30), timedelta(), timedelta(hours=30)])
async def test_a_report_made_on_time_lives_as_long_as_its_run(household: Household, at: timedelta) -> None:
    (parent,) = await families(household, 1)
    midnight = clock.start_of_day(clock.today() + timedelta(days=1))
    run = Run(ReportType.WEEKLY, week().period, clock.now() - at, midnight + timedelta(days=1))
    assert await make_reports().for_parents([parent], run) == 1
    (message,) = await told(parent)
    assert run.send_at <= message.send_at < run.send_at + timedelta(seconds=1), "due when it was to be, however late"
    assert message.expires_at == run.expires_at
