"""Runs are started once, by whoever has the turn, however late; sweeping goes on whatever fails."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from prometheus_client import REGISTRY
from sqlalchemy import text

from mentorium_core.notifications.commands import claim_messages
from mentorium_core.privacy.keep_retention import KeepRetention
from mentorium_core.reports.calendar import MONTHLY, WEEKLY
from mentorium_core.reports.due_run import next_report_moment
from mentorium_db import get_session
from mentorium_db.jobs import by_state
from mentorium_domain.enums import DeliveryStatus, JobKind, NotificationType
from mentorium_domain.outbox import Lane
from mentorium_kit import clock, unit_of_work
from mentorium_kit.clock import TASHKENT
from mentorium_kit.nursery import Nursery
from mentorium_observability.health import Health
from mentorium_reporting.clock_guard import ClockGuard
from mentorium_reporting.container import SCHEDULED_JOBS, next_scheduled_run
from mentorium_reporting.outbox.sweeper import OutboxSweeper
from mentorium_reporting.run_starter import TURN, RunStarter
from mentorium_reporting.ticker import Duty, JobCounts, Ticker, outbox_duties, retention_duty
from mentorium_runtime.supervisor import Supervisor
from tests.fixtures.databases import SessionFactory
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.core.clock_in_hand import move_platform
from tests.integration.reporting_worker.conftest import Post

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


async def test_many_starters_start_a_run_once(
    session_factory: SessionFactory, configured_platform: str, at: At
) -> None:
    ran: list[str] = []
    starters = [starter(ran) for _ in range(4)]
    early = MONDAY.replace(hour=6)
    await move_platform(configured_platform, early)
    at(early - timedelta(minutes=1))
    assert any(await asyncio.gather(*(one.start_due() for one in starters)))
    assert ran == []
    assert await next_report_moment((WEEKLY, MONTHLY), clock.now()) == early
    at(early)
    assert await next_report_moment((WEEKLY, MONTHLY), clock.now()) == early, "it is due until somebody has started it"
    for _ in range(3):
        await asyncio.gather(*(one.start_due() for one in starters))
    assert ran == ["weekly_reports", "monthly_reports"]
    async with get_session() as session:
        assert await by_state(session) == {("make_reports", "queued"): 2}
    at(MONDAY + timedelta(hours=1, seconds=1))
    await asyncio.gather(*(one.start_due() for one in starters))
    assert ran == ["weekly_reports", "monthly_reports"]
    assert await next_report_moment((WEEKLY, MONTHLY), clock.now()) == early + timedelta(weeks=1)


@pytest.mark.parametrize(("late", "started"), [(timedelta(days=2), True), (timedelta(days=2, hours=12), False)])
async def test_an_outage_makes_a_run_late_and_not_lost(
    session_factory: SessionFactory, at: At, late: timedelta, started: bool
) -> None:
    at(MONDAY + late)
    ran: list[str] = []
    await starter(ran).start_due()
    assert ("weekly_reports" in ran) is started


async def test_who_has_the_turn_is_not_disturbed(session_factory: SessionFactory, at: At) -> None:
    at(MONDAY + timedelta(weeks=1))
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


@asynccontextmanager
async def ticking(*duties: Duty, guard: ClockGuard | None = None) -> AsyncIterator[Ticker]:
    ticker = Ticker(duties, guard=guard)
    task = asyncio.create_task(ticker.run())
    try:
        yield ticker
    finally:
        task.cancel()
        await asyncio.wait({task})


async def test_a_duty_with_units_of_its_own_joins_none(session_factory: SessionFactory, at: At) -> None:
    joined: list[bool] = []

    async def look() -> None:
        joined.append(unit_of_work.is_open())

    both = Duty("joins", look, 60), Duty("has-its-own", look, 60, in_own_units=True)
    ticker = Ticker(both)
    assert [await ticker.do(duty) for duty in both] == [True, True]
    assert joined == [True, False]


async def test_a_duty_that_fails_stops_no_other_and_is_done_again(session_factory: SessionFactory, at: At) -> None:
    """durability 16"""
    done, failures = asyncio.Event(), [RuntimeError(), RuntimeError()]

    async def fail() -> None:
        async with get_session() as session:
            await session.execute(text("SELECT no_such_column FROM parents"))

    async def fail_twice() -> None:
        if failures:
            raise failures.pop()
        done.set()

    async with ticking(Duty("faulty", fail, 0.05), Duty("sometimes", fail_twice, 0.05)) as ticker:
        await asyncio.wait_for(done.wait(), HANGS_AFTER_S)
        assert ticker.stalled_s() < 30
    assert _ticked_at("sometimes") is not None, "operators D: the age of the last tick"
    assert _ticked_at("faulty") is None


def _ticked_at(duty: str) -> float | None:
    return REGISTRY.get_sample_value("worker_ticked_at_seconds", {"duty": duty})


async def test_an_abandoned_payment_is_swept_although_another_duty_fails(post: Post) -> None:
    """durability 16"""
    parent = await post.parent()
    await post.tell(parent, "paid 42", NotificationType.PAYMENT)
    assert len(await claim_messages(Lane.PAYMENT, 1, 0.05, "who vanished")) == 1

    async def fail() -> None:
        raise RuntimeError

    sweeper = OutboxSweeper()
    async with ticking(Duty("faulty", fail, 0.05), Duty("leases", sweeper.leases, 0.05, by_the_clock=False)):
        (row,) = await post.until(lambda rows: rows[0].status is DeliveryStatus.PENDING)
    assert (row.repeated, row.reason) == (True, "sender_vanished")


async def test_many_messages_expire_a_batch_in_each_unit_of_work(post: Post) -> None:
    """What one batch has done stays done, though the next fails."""
    parent = await post.parent()
    for number in range(7):
        await post.tell(parent, f"week {number}")
    post.move(timedelta(hours=2))
    sweeper, fails_after = OutboxSweeper(most=2), [2]

    async def expire() -> bool:
        more = await sweeper.expire()
        if not fails_after[0]:
            raise RuntimeError
        fails_after[0] -= 1
        return more

    ticker = Ticker([duty := replace(outbox_duties(sweeper)[1], work=expire)])
    with pytest.raises(RuntimeError):
        await ticker.do(duty)
    assert [row.status for row in await post.rows()].count(DeliveryStatus.EXPIRED) == 4
    fails_after[0] = 9
    assert await ticker.do(duty)
    assert {row.status for row in await post.rows()} == {DeliveryStatus.EXPIRED}
    assert fails_after == [7], "two batches, of which the last was no full one"


async def test_a_clock_that_differs_from_the_databases_starts_nothing(
    session_factory: SessionFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """durability 17: the product's clock jumps to Monday for one tick, and is right again."""
    clock.configure(None)
    apart = [timedelta(days=3)]

    async def their_clock() -> datetime:
        return datetime.now(TASHKENT) - apart[0]

    guard, done, ran = ClockGuard(their_clock), list[int](), list[str]()
    duty = Duty("by the clock", partial(note, done), 60)
    one = RunStarter({"weekly": start_always}, next_scheduled_run, ran.append, guard)
    ticker = Ticker([duty], guard=guard)
    for _ in range(2):
        assert await one.start_due() is None
        assert not await ticker.do(duty)
    assert (done, ran, await part_of(guard)) == ([], [], "clock_wrong")
    async with get_session() as session:
        events = await session.scalar(
            text("SELECT count(*) FROM event_logs WHERE event_name = 'clock_wrong' AND severity = 'ERROR'")
        )
    assert events == 1, "told once"
    apart[0] = timedelta(seconds=50)
    assert await one.start_due()
    assert await ticker.do(duty)
    assert (done, ran, await part_of(guard)) == ([1], ["weekly"], "ok")


async def test_the_databases_own_clock_is_asked(session_factory: SessionFactory, at: At) -> None:
    """durability 17"""
    at(MONDAY)
    assert await ClockGuard().is_right(), "with a clock file the difference is meant"
    clock.configure(None)
    assert await ClockGuard().is_right()


async def test_a_ticker_without_a_tick_is_stalled_and_started_again(session_factory: SessionFactory, at: At) -> None:
    ticks = list[int]()

    async def tick() -> None:
        ticks.append(1)

    ticker = Ticker([Duty("tick", tick, 0.05)])
    nursery, stopping = Nursery(lambda *_: None), asyncio.Event()
    supervisor = Supervisor(nursery, stalled_after_s=1.0, first_pause_s=0.05)
    supervisor.hang("ticker", ticker.run, stalled_s=ticker.stalled_s)
    running = asyncio.create_task(supervisor.run_until(stopping))
    health = Health([])
    health.watch(supervisor.stalled)
    async with asyncio.timeout(HANGS_AFTER_S):
        while not ticks:
            await asyncio.sleep(0.02)
        assert (await health.live()).http_status == 200
        for scheduler in (found for found in gc.get_objects() if isinstance(found, AsyncIOScheduler)):
            if scheduler.running:
                scheduler.pause()
        while not supervisor.stalled():
            await asyncio.sleep(0.02)
        assert (await health.live()).http_status == 503
        ticks.clear()
        while not ticks:
            await asyncio.sleep(0.02)
        assert (await health.live()).http_status == 200
    stopping.set()
    await running
    await supervisor.stop(1.0)
    await nursery.drain(1.0)


async def test_what_follows_the_clock_is_done_when_it_is_moved_and_the_rest_in_its_own_time(
    session_factory: SessionFactory, at: At
) -> None:
    at(MONDAY)
    followed, own_time = list[datetime](), list[int]()

    async def follow() -> None:
        followed.append(clock.now())

    duties = (
        Duty("follows", follow, 3600, follows=True, rests=lambda: bool(followed)),
        Duty("does not", partial(note, own_time), 3600),
    )
    async with ticking(*duties), asyncio.timeout(HANGS_AFTER_S):
        while not (followed and own_time):
            await asyncio.sleep(0.02)
        for days in (1, 2):
            at(MONDAY + timedelta(days=days))
            while followed[-1] < MONDAY + timedelta(days=days):
                await asyncio.sleep(0.02)
    assert own_time == [1]


async def test_after_a_move_the_turn_is_waited_for(session_factory: SessionFactory, at: At) -> None:
    at(MONDAY)
    done = list[int]()
    duty = Duty("follows", partial(note, done), 3600, follows=True)
    ticker = Ticker([duty])
    async with get_session() as session:
        await session.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": duty.turn})
        waiting = asyncio.create_task(ticker.do(duty, moved=True))
        assert not await asyncio.create_task(ticker.do(duty)), "somebody else is at it"
        assert not waiting.done()
    assert await waiting
    assert done == [1]


async def note(done: list[int]) -> None:
    done.append(1)


async def start_always(_: datetime, _held: object) -> bool:
    return True


async def part_of(guard: ClockGuard) -> object:
    answer = await Health([guard.part()]).full()
    return answer.body["parts"]["clock"]  # type: ignore[index]


async def test_jobs_are_counted_by_kind_and_state(session_factory: SessionFactory, at: At) -> None:
    at(MONDAY + timedelta(weeks=1))
    await starter([]).start_due()
    counts = JobCounts()
    await counts.show()
    assert shown("make_reports", "queued") == 1
    assert {shown(kind, "failed") for kind in JobKind} == {0}, "an alert asks for each before the first"
    async with get_session() as session:
        await session.execute(text("DELETE FROM pgqueuer.pgqueuer"))
    await counts.show()
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
    async with ticking(retention_duty(KeepRetention())), asyncio.timeout(10):
        while len(logged := await logged_jobs()) == 3:
            await asyncio.sleep(0.02)  # the scheduler tells nobody when it has done something
    assert logged == [1, 29]


async def logged_jobs() -> list[int]:
    async with get_session() as session:
        return list(await session.scalars(text("SELECT job_id FROM pgqueuer.pgqueuer_log ORDER BY job_id")))


def shown(job: str, state: str) -> float | None:
    return REGISTRY.get_sample_value("jobs_by_state", {"job_name": job, "state": state})
