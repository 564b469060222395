"""The reports of a week for everybody, in batches that hold up nobody."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from mentorium_core.billing.queries import CheckAccess
from mentorium_core.identity.model import ParentView
from mentorium_core.identity.queries import list_registered_after
from mentorium_core.progress.period import last_finished_week
from mentorium_core.progress.queries import ReadFacts
from mentorium_core.reports import period_run
from mentorium_core.reports.period_run import MakePeriodReports, ReportsFailedError, enqueue_batch, next_batch
from mentorium_core.reports.rules import compose
from mentorium_db import get_session
from mentorium_db.jobs import by_state
from mentorium_db.repositories import NotificationRepository, ReportHistoryRepository
from mentorium_domain.enums import DeliveryStatus, Language, ReportType
from mentorium_kit import clock
from mentorium_rendering.picture import render_picture
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
    async with get_session() as session:
        return list(await NotificationRepository(session).list_for_parent(parent.telegram_id))


def week() -> Any:
    return last_finished_week(clock.today())


async def test_each_report_is_made_and_told_once(household: Household) -> None:
    parents = await families(household, 3)
    make = MakePeriodReports(ReadFacts(), CheckAccess(), render_picture)
    runs = await asyncio.gather(
        *(make.for_parents(parents, ReportType.WEEKLY, week()) for _ in range(3)), return_exceptions=True
    )
    assert sum(run for run in runs if isinstance(run, int)) == 3
    assert await make.for_parents(parents, ReportType.WEEKLY, week()) == 0
    for number, parent in enumerate(parents):
        (message,) = await told(parent)
        assert f"Child{number}" in message.message
        assert message.dedup_key == f"report:w:{week().first_day}:p{parent.parent_id}:c{number + 1}"
        assert message.status is DeliveryStatus.PENDING


async def test_who_lost_the_right_to_see_a_child_gets_no_report(household: Household) -> None:
    (parent,) = await families(household, 1)
    await household.allow(1, 1, False)
    assert (
        await MakePeriodReports(ReadFacts(), CheckAccess(), render_picture).for_parents(
            [parent], ReportType.WEEKLY, week()
        )
        == 0
    )
    assert await told(parent) == []


async def test_one_childs_fault_costs_the_others_nothing(household: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    parents = await families(household, 3)

    def odd(facts: Any, *rest: Any, **more: Any) -> Any:
        if facts.student_id == 2:
            raise ZeroDivisionError
        return compose(facts, *rest, **more)

    monkeypatch.setattr(period_run, "compose", odd)
    make = MakePeriodReports(ReadFacts(), CheckAccess(), render_picture)
    with pytest.raises(ReportsFailedError):
        await make.for_parents(parents, ReportType.WEEKLY, week())
    assert [len(await told(parent)) for parent in parents] == [1, 0, 1]
    monkeypatch.undo()
    assert await make.for_parents(parents, ReportType.WEEKLY, week()) == 1


async def test_the_next_batch_is_stored_once_however_often_one_is_tried(
    household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(period_run, "A_BATCH", 2)
    parents = await families(household, 5)
    before = clock.now() + timedelta(minutes=1)
    async with get_session() as session:
        assert await ReportHistoryRepository(session).start_run(ReportType.WEEKLY, week().code, clock.now())
        assert not await ReportHistoryRepository(session).start_run(ReportType.WEEKLY, week().code, clock.now())
        await enqueue_batch(ReportType.WEEKLY, week(), after=0, before=before)
    for _ in range(3):
        batch = await next_batch(ReportType.WEEKLY, week(), after=0, before=before)
        assert [parent.parent_id for parent in batch] == [parent.parent_id for parent in parents[:2]]
    async with get_session() as session:
        assert await by_state(session) == {("make_reports", "queued"): 2}
    last = await next_batch(ReportType.WEEKLY, week(), after=parents[3].parent_id, before=before)
    assert [parent.parent_id for parent in last] == [parents[4].parent_id]


async def test_who_came_after_the_moment_is_left_out(household: Household) -> None:
    moment = clock.now()
    await families(household, 1)
    assert await list_registered_after(0, moment, 10) == ()
    assert len(await list_registered_after(0, clock.now(), 10)) == 1
