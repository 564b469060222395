"""Stored jobs: with their fact or not at all, each done, tried again with an end, taken over from the dead."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorium_db import get_session
from mentorium_db.jobs import by_state, enqueue
from mentorium_domain.enums import JobKind
from mentorium_kit.errors import UnavailableError
from mentorium_reporting import job_loop
from mentorium_reporting.job_loop import Handler, JobLoop
from tests.fixtures.databases import SessionFactory
from tests.fixtures.patience import HANGS_AFTER_S


async def store(number: int, key: str | None = None) -> bool:
    async with get_session() as session:
        return await enqueue(session, JobKind.MAIL_CODE, {"number": number}, dedup_key=key or str(number))


async def jobs() -> dict[tuple[str, str], int]:
    async with get_session() as session:
        return await by_state(session)


@asynccontextmanager
async def working(dsn: str, handler: Handler) -> AsyncIterator[JobLoop]:
    loop = JobLoop(dsn, {JobKind.MAIL_CODE: handler}, lambda _: None)
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
