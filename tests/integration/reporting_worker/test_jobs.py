"""Stored jobs: with their fact or not at all, each done, tried again with an end, taken over from the dead."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, nullcontext
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.ports.driver import Driver
from sqlalchemy import text

from mentorium_core.reports.calendar import MONTHLY, WEEKLY
from mentorium_core.reports.period_run import ReportsFailedError
from mentorium_db import driver_of, get_session
from mentorium_db.job_consumer import manager_id, queries, take
from mentorium_db.jobs import by_state, enqueue
from mentorium_domain.enums import JobKind
from mentorium_kit.errors import ConflictError, UnavailableError
from mentorium_kit.trace import current_trace, tracing
from mentorium_reporting import job_loop
from mentorium_reporting.job_loop import HEARTBEAT_S, Handler, JobLoop
from tests.fixtures.databases import SessionFactory
from tests.fixtures.log_lines import reading_the_log
from tests.fixtures.patience import HANGS_AFTER_S


async def store(number: int, key: str | None = None) -> bool:
    async with get_session() as session:
        return await enqueue(session, JobKind.MAIL_CODE, {"number": number}, dedup_key=key or str(number))


async def jobs() -> dict[tuple[str, str], int]:
    async with get_session() as session:
        return await by_state(session)


@asynccontextmanager
async def working(dsn: str, handler: Handler, **settings: Any) -> AsyncIterator[JobLoop]:
    loop = JobLoop(dsn, {JobKind.MAIL_CODE: handler}, lambda _: None, **settings)
    task = asyncio.create_task(loop.run())
    try:
        yield loop
    finally:
        loop.stop()
        await asyncio.wait_for(task, HANGS_AFTER_S)


async def until(state: str | None, patience_s: float = HANGS_AFTER_S) -> None:
    """Until every job is in this state, or none is left."""
    async with asyncio.timeout(patience_s):
        while any(found != state for _, found in await jobs()):
            await asyncio.sleep(0.05)


async def test_a_job_goes_on_with_the_trace_in_which_it_was_stored(
    session_factory: SessionFactory, bot_dsn: str
) -> None:
    """operators D: also when it is tried again, and none for a job of the release before."""
    seen: list[str | None] = []

    async def handle(_: Mapping[str, Any]) -> None:
        seen.append(current_trace())
        if len(seen) == 1:
            raise ConflictError("bot_db_conflict")

    with tracing(None) as trace_id:
        await store(1)
    with reading_the_log("worker") as log:
        async with working(bot_dsn, handle):
            await until(None)
    assert set(seen) == {trace_id}
    (done,) = log.of("job_done")
    assert (done["trace_id"], done["handler"], done["process"]) == (trace_id, "mail_code", "worker")


async def test_the_job_loop_tells_when_it_has_stopped_looking(
    session_factory: SessionFactory, bot_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Liveness means progress: it looks every few seconds, also while all its places are taken."""
    looking, go_on = asyncio.Event(), asyncio.Event()

    async def hang(*_: Any, **__: Any) -> list[Any]:
        looking.set()
        await go_on.wait()
        return []

    async def nothing(_: Mapping[str, Any]) -> None:
        return None

    monkeypatch.setattr(Queries, "dequeue", hang)
    async with working(bot_dsn, nothing) as loop:
        await asyncio.wait_for(looking.wait(), HANGS_AFTER_S)
        await asyncio.sleep(0.3)
        assert loop.stalled_s() > 0.2
        go_on.set()


@pytest.mark.parametrize("trace_id", [None, "3f2a9c0d1e4b5a67"])
async def test_a_job_is_stored_as_pgqueuer_would_store_it(
    session_factory: SessionFactory, trace_id: str | None
) -> None:
    """Row for row, in the queue and in its log; in one transaction, where it is one moment."""
    payload, headers = {"number": 7}, {"trace_id": trace_id} if trace_id else None
    async with get_session() as session:
        driver = await driver_of(session)
        with tracing(trace_id) if trace_id else nullcontext():
            assert await enqueue(session, JobKind.MAIL_CODE, payload, dedup_key="ours")
        await queries(driver).enqueue(
            JobKind.MAIL_CODE,
            json.dumps(payload).encode(),
            dedupe_key="theirs",
            headers=headers,
            on_conflict="skip",
        )
        ours, theirs = await driver.fetch(
            "SELECT to_jsonb(job) - 'id' - 'dedupe_key' AS job, to_jsonb(log) - 'id' - 'job_id' AS log"
            " FROM pgqueuer.pgqueuer job JOIN pgqueuer.pgqueuer_log log ON log.job_id = job.id ORDER BY dedupe_key"
        )
    assert ours["job"]["headers"] == headers
    assert ours == theirs


async def test_a_job_stands_with_its_fact_or_not_at_all(session_factory: SessionFactory) -> None:
    async def fail_after_all() -> None:
        async with get_session() as session:
            assert await enqueue(session, JobKind.MAIL_CODE, {}, dedup_key="lost")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail_after_all()
    assert await jobs() == {}
    assert await store(1)
    assert not await store(2, key="1"), "it waits already"
    assert await jobs() == {("mail_code", "queued"): 1}


async def test_side_by_side_each_job_is_done_once(session_factory: SessionFactory, bot_dsn: str) -> None:
    done: list[int] = []

    async def note(payload: Mapping[str, Any]) -> None:
        done.append(payload["number"])

    for number in range(60):
        await store(number)
    async with working(bot_dsn, note), working(bot_dsn, note):
        await until(None)
    assert sorted(done) == list(range(60))


async def test_a_failing_job_is_tried_again_and_then_held(
    session_factory: SessionFactory, bot_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_loop, "FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(job_loop, "MOST_TRIES", 3)
    tries: list[int] = []

    async def fail(payload: Mapping[str, Any]) -> None:
        tries.append(payload["number"])
        raise ValueError("Dilnoza's phone is +998901112233")

    await store(7)
    async with working(bot_dsn, fail):
        await until("failed")
    assert tries == [7, 7, 7]
    connection = await asyncpg.connect(bot_dsn)
    log = await connection.fetch("SELECT status::text, traceback FROM pgqueuer.pgqueuer_log")
    await connection.close()
    assert "failed" in {row["status"] for row in log}
    assert "Dilnoza" not in str([dict(row) for row in log]), "what an exception says stays out of the database"


def test_reports_are_tried_for_as_long_as_anybody_wants_them_while_a_server_is_away() -> None:
    for schedule in (WEEKLY, MONTHLY):
        run = schedule.run_of(date(2027, 1, 18))
        tries = job_loop.most_tries(JobKind.MAKE_REPORTS, UnavailableError("platform_unavailable"))
        tried_for_s = sum(job_loop.pause_s(failures, 0.0) for failures in range(tries - 1))
        assert timedelta(seconds=tried_for_s) > run.expires_at - run.made_from
    ours = job_loop.most_tries(JobKind.MAKE_REPORTS, ReportsFailedError("reports_failed", count=1))
    assert ours == job_loop.MOST_TRIES, "a fault of ours calls a person the same day"


async def test_while_a_server_is_away_a_job_is_not_held_by_the_usual_number_of_tries(
    session_factory: SessionFactory, bot_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_loop, "FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(job_loop, "MOST_TRIES", 3)
    monkeypatch.setattr(job_loop, "MOST_TRIES_AWAY", {JobKind.MAIL_CODE: 100})
    away = [True] * 5

    async def work(_: Mapping[str, Any]) -> None:
        if away and away.pop():
            raise UnavailableError("platform_unavailable")

    await store(1)
    async with working(bot_dsn, work):
        await until(None)
    assert away == []


async def test_a_server_that_comes_back_is_enough(
    session_factory: SessionFactory, bot_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_loop, "FIRST_PAUSE_S", 0.01)
    away = [True, True]

    async def work(_: Mapping[str, Any]) -> None:
        if away and away.pop():
            raise UnavailableError("mail_unavailable")

    await store(1)
    async with working(bot_dsn, work):
        await until(None)
    assert away == [], "it was tried until it went well"


async def test_the_jobs_of_the_dead_are_taken_over(session_factory: SessionFactory, bot_dsn: str) -> None:
    done: list[int] = []

    async def note(payload: Mapping[str, Any]) -> None:
        done.append(payload["number"])

    await store(1)
    connection = await asyncpg.connect(bot_dsn)
    await connection.execute(
        "UPDATE pgqueuer.pgqueuer SET status = 'picked', queue_manager_id = gen_random_uuid(),"
        " heartbeat = now() - interval '1 minute', updated = now() - interval '1 minute'"
    )
    await connection.close()
    async with working(bot_dsn, note):
        await until(None)
    assert done == [1]


async def odd_worker(dsn: str, place: str, heartbeat_s: float, what: str, file: Path) -> asyncio.subprocess.Process:
    module = "tests.integration.reporting_worker.odd_worker"
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, dsn, place, str(heartbeat_s), what, str(file)
    )


async def test_a_job_that_kills_its_worker_is_held_after_three_deaths(
    session_factory: SessionFactory, bot_dsn: str, tmp_path: Path
) -> None:
    """durability 12: each worker comes up at the place of the one before, and goes on with its job within seconds."""
    file = tmp_path / "begun"
    await store(1)
    async with asyncio.timeout(HANGS_AFTER_S):
        for death in range(3):
            worker = await odd_worker(bot_dsn, "here", 600.0, "die", file)
            assert await worker.wait() == 9
            assert file.read_text().count("begun") == death + 1
    done: list[int] = []

    async def note(payload: Mapping[str, Any]) -> None:
        done.append(payload["number"])

    async with working(bot_dsn, note, place="here"):
        await until("failed")
        assert done == [], "nobody takes it any more"
        async with get_session() as session:
            events = await session.scalars(text("SELECT metadata FROM event_logs WHERE event_name = 'job_held'"))
            assert [(event["code"], event["tries"]) for event in events] == [("worker_died", 3)]
        connection = await asyncpg.connect(bot_dsn)
        stored: Queries = queries(connection)
        await stored.requeue_jobs([job.id for job in await stored.list_failed_jobs()])
        await connection.close()
        await until(None)
    assert done == [1], "given another go by an operator, it is done"


async def test_a_job_whose_loop_stalls_does_its_work_once(
    session_factory: SessionFactory, bot_dsn: str, tmp_path: Path
) -> None:
    """durability 12: with 48 s between heartbeats a stall of 16 s; here both are an eighth."""
    assert HEARTBEAT_S / 3 >= 16
    file, done = tmp_path / "begun", list[int]()
    await store(1)
    worker = await odd_worker(bot_dsn, "there", HEARTBEAT_S / 8, "2.0", file)

    async def note(payload: Mapping[str, Any]) -> None:
        done.append(payload["number"])

    async with asyncio.timeout(HANGS_AFTER_S):
        while not file.exists():
            await asyncio.sleep(0.02)
    async with working(bot_dsn, note, place="elsewhere", heartbeat_s=HEARTBEAT_S / 8):
        await until(None)
    worker.kill()
    await worker.wait()
    assert (file.read_text().count("begun"), done) == (1, [])


async def test_who_has_lost_a_job_does_not_begin_it(session_factory: SessionFactory, bot_dsn: str) -> None:
    """durability 12: the loop stalled between picking and beginning, and somebody else has the job by now."""
    await store(1)
    mine, theirs = manager_id("here"), manager_id("there")
    connection = await asyncpg.connect(bot_dsn)
    driver: Driver = queries(connection).driver
    await connection.execute("UPDATE pgqueuer.pgqueuer SET status = 'picked', queue_manager_id = $1", theirs)
    (job_id,) = await connection.fetchrow("SELECT id FROM pgqueuer.pgqueuer")  # type: ignore[misc]
    assert await take(driver, job_id, mine) is None
    assert [await take(driver, job_id, theirs) for _ in range(4)] == [1, 2, 3, 4]
    assert await take(driver, job_id, theirs) == 1, "once it is held the count begins anew"
    await connection.close()


async def test_a_job_that_is_cut_short_by_the_end_is_stored_again(
    session_factory: SessionFactory, bot_dsn: str
) -> None:
    """durability 35"""
    begun = asyncio.Event()

    async def hang(_: Mapping[str, Any]) -> None:
        begun.set()
        await asyncio.sleep(HANGS_AFTER_S)

    await store(1)
    async with working(bot_dsn, hang, grace_s=0.2):
        await asyncio.wait_for(begun.wait(), HANGS_AFTER_S)
    assert await jobs() == {("mail_code", "queued"): 1}


async def test_two_that_meet_in_a_row_are_told_apart_by_trying_again(
    session_factory: SessionFactory, bot_dsn: str
) -> None:
    """durability 4: a deadlock or a serialisation failure is the edge's to repeat, and no failure of the job."""
    tries: list[int] = []

    async def collide(payload: Mapping[str, Any]) -> None:
        tries.append(payload["number"])
        if len(tries) < 3:
            raise ConflictError("bot_db_conflict")

    await store(1)
    async with working(bot_dsn, collide):
        await until(None)
    async with get_session() as session:
        logged = await session.scalars(text("SELECT status::text FROM pgqueuer.pgqueuer_log"))
        assert "exception" not in set(logged)
    assert tries == [1, 1, 1]


async def test_a_database_that_hangs_up_is_called_again(session_factory: SessionFactory, bot_dsn: str) -> None:
    done: list[int] = []

    async def note(payload: Mapping[str, Any]) -> None:
        done.append(payload["number"])

    async with working(bot_dsn, note):
        await store(1)
        await until(None)
        connection = await asyncpg.connect(bot_dsn)
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'mentorium-jobs'"
        )
        await connection.close()
        await store(2)
        await until(None, 30)
    assert done == [1, 2]


@given(st.integers(1, 1000), st.floats(0, 1))
def test_pauses_between_tries_have_an_end(attempt: int, jitter: float) -> None:
    assert job_loop.FIRST_PAUSE_S <= job_loop.pause_s(attempt, jitter) <= job_loop.LONGEST_PAUSE_S * 1.5
