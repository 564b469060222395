"""Runs are started once, by whoever has the turn, however late; sweeping goes on whatever fails."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

from mentorium_core.reports.calendar import MONTHLY, WEEKLY
from mentorium_core.reports.due_run import next_report_moment
from mentorium_db import get_session
from mentorium_db.jobs import by_state
from mentorium_kit import clock
from mentorium_kit.clock import TASHKENT
from mentorium_reporting.container import SCHEDULED_JOBS, next_scheduled_run
from mentorium_reporting.outbox.sweeper import OutboxSweeper
from mentorium_reporting.run_starter import TURN, RunStarter
from mentorium_reporting.ticker import Ticker
from tests.fixtures.databases import SessionFactory
from tests.fixtures.patience import HANGS_AFTER_S

MONDAY = datetime(2030, 4, 1, 9, tzinfo=TASHKENT)  # and a first of the month


class At:
    """Sets the product's clock."""

    def __init__(self, file: Path) -> None:
        self.file = file
        clock.configure(file)

    def __call__(self, moment: datetime) -> None:
        self.file.write_text(str((moment - datetime.now(TASHKENT)).total_seconds()))


@pytest.fixture
def at(tmp_path: Path) -> Iterator[At]:
    yield At(tmp_path / "clock")
    clock.configure(None)


def starter(ran: list[str]) -> RunStarter:
    return RunStarter({job.name: job.due_check for job in SCHEDULED_JOBS}, next_scheduled_run, ran.append)


async def test_many_starters_start_a_run_once(session_factory: SessionFactory, at: At) -> None:
    ran: list[str] = []
    starters = [starter(ran) for _ in range(4)]
    at(MONDAY - timedelta(minutes=1))
    assert any(await asyncio.gather(*(one.start_due() for one in starters)))
    assert ran == []
    assert await next_report_moment((WEEKLY, MONTHLY), clock.now()) == MONDAY
    at(MONDAY)
    assert await next_report_moment((WEEKLY, MONTHLY), clock.now()) == MONDAY, "it is due until somebody has started it"
    for _ in range(3):
        await asyncio.gather(*(one.start_due() for one in starters))
    assert ran == ["weekly_reports"]
    async with get_session() as session:
        assert await by_state(session) == {("make_reports", "queued"): 1}
    at(MONDAY + timedelta(hours=1, seconds=1))
    await asyncio.gather(*(one.start_due() for one in starters))
    assert ran == ["weekly_reports", "monthly_reports"]
    assert await next_report_moment((WEEKLY, MONTHLY), clock.now()) == MONDAY + timedelta(weeks=1)


@pytest.mark.parametrize(("late", "started"), [(timedelta(days=2), True), (timedelta(days=2, hours=12), False)])
async def test_an_outage_makes_a_run_late_and_not_lost(
    session_factory: SessionFactory, at: At, late: timedelta, started: bool
) -> None:
    at(MONDAY + late)
    ran: list[str] = []
    await starter(ran).start_due()
    assert ("weekly_reports" in ran) is started


async def test_who_has_the_turn_is_not_disturbed(session_factory: SessionFactory, at: At) -> None:
    at(MONDAY)
    ran: list[str] = []
    other = starter(ran)

    async def hold() -> None:
        async with get_session() as session:
            await session.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})
            (started,) = await asyncio.gather(other.start_due())
            assert not started

    await hold()
    assert ran == []
    assert await other.start_due()
    assert ran == ["weekly_reports"]


async def test_a_run_is_started_at_its_moment_however_the_clock_gets_there(
    session_factory: SessionFactory, at: At
) -> None:
    at(MONDAY - timedelta(days=3))
    started = asyncio.Event()
    one = RunStarter({job.name: job.due_check for job in SCHEDULED_JOBS}, next_scheduled_run, lambda _: started.set())
    running = asyncio.create_task(one.run())
    at(MONDAY)
    await asyncio.wait_for(started.wait(), HANGS_AFTER_S)
    running.cancel()


async def test_a_failing_sweep_is_followed_by_the_next(session_factory: SessionFactory, at: At) -> None:
    swept, failures = asyncio.Event(), [RuntimeError()]

    class FailingOnce(OutboxSweeper):
        async def sweep(self) -> int:
            if failures:
                raise failures.pop()
            swept.set()
            return 0

    one = Ticker(FailingOnce())
    one.start()
    await asyncio.wait_for(swept.wait(), HANGS_AFTER_S)
    await one.stop()


async def test_jobs_are_counted_by_kind_and_state(session_factory: SessionFactory, at: At) -> None:
    at(MONDAY)
    await starter([]).start_due()
    one = Ticker(OutboxSweeper())
    await one.show_jobs()
    assert shown("make_reports", "queued") == 1
    async with get_session() as session:
        await session.execute(text("DELETE FROM pgqueuer.pgqueuer"))
    await one.show_jobs()
    assert shown("make_reports", "queued") == 0, "what was shown once is not left standing"


async def test_the_log_of_old_jobs_is_cleaned_when_a_ticker_starts(session_factory: SessionFactory, at: At) -> None:
    async with get_session() as session:
        await session.execute(
            text(
                "INSERT INTO pgqueuer.pgqueuer_log (job_id, entrypoint, priority, status, created)"
                " SELECT days, 'mail_code', 0, 'successful', now() - make_interval(days => days)"
                " FROM unnest(ARRAY[1, 29, 31]) AS days"
            )
        )
    one = Ticker(OutboxSweeper())
    one.start()
    async with asyncio.timeout(10):
        while len(logged := await logged_jobs()) == 3:
            await asyncio.sleep(0.02)  # the scheduler tells nobody when it has done something
    await one.stop()
    assert logged == [1, 29]


async def logged_jobs() -> list[int]:
    async with get_session() as session:
        return list(await session.scalars(text("SELECT job_id FROM pgqueuer.pgqueuer_log ORDER BY job_id")))


def shown(job: str, state: str) -> float | None:
    return REGISTRY.get_sample_value("jobs_by_state", {"job": job, "state": state})
