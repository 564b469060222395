"""A worker whose database is wrong says so, stays, and goes on when it is right again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest

from mentorium_db import get_session
from mentorium_db.jobs import by_state, enqueue
from mentorium_db.migrate import downgrade, upgrade
from mentorium_domain.enums import JobKind
from mentorium_observability.health import Health
from mentorium_reporting.config import WorkerSettings
from mentorium_reporting.container import build
from mentorium_reporting.main import health_of, work
from mentorium_runtime import health_watch, schema, supervisor
from tests.fixtures.log_lines import reading_the_log
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.reporting_worker.conftest import TOKEN


async def _until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(HANGS_AFTER_S):
        while not await condition():
            await asyncio.sleep(0.1)


def _settings(bot_dsn: str, redis_url: str) -> WorkerSettings:
    return WorkerSettings.model_validate(
        {
            "bot_telegram_token": TOKEN,
            "bot_telegram_api_url": "http://127.0.0.1:9",
            "bot_db_url": bot_dsn,
            "platform_db_url": "postgresql://nobody@127.0.0.1:9/nothing",
            "redis_url": redis_url,
        }
    )


def _is(health: Health, status: int) -> Callable[[], Awaitable[bool]]:
    async def condition() -> bool:
        return (await health.ready()).http_status == status

    return condition


@pytest.mark.own_databases
async def test_a_worker_outlives_a_schema_that_is_taken_back(
    bot_dsn: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """operators A13: not ready, never a 500, the log says why, and it comes back by itself."""
    monkeypatch.setattr(schema.SchemaProbe.__init__, "__defaults__", (0.1, 0.1))
    monkeypatch.setattr(health_watch.watch_health, "__defaults__", (0.2,))
    with reading_the_log("worker") as log:
        container, stopping = build(_settings(bot_dsn, redis_url)), asyncio.Event()
        health = health_of(container)
        working = asyncio.create_task(work(container, stopping, health))
        try:
            await _until(_is(health, 200))
            await downgrade(bot_dsn, "d2f08a6c41b7")
            await _until(_is(health, 503))
            full = await health.full()
            parts: Any = full.body["parts"]
            assert (full.http_status, parts["bot_db"]) == (503, "bot_db_schema_behind")
            await asyncio.sleep(3)  # every loop meets the schema
            assert not working.done()
            assert (await health.live()).http_status == 200
            await upgrade(bot_dsn, "head")
            await _until(_is(health, 200))
            async with get_session() as session:
                assert await enqueue(session, JobKind.MAIL_CODE, {}, dedup_key="one")

            async def is_done() -> bool:
                async with get_session() as session:
                    return not await by_state(session)

            await _until(is_done)
        finally:
            stopping.set()
            await asyncio.wait_for(working, HANGS_AFTER_S)
            await container.close()
    why, *_ = log.of("bot_database_schema_unknown")
    assert "make migrate" in why["reason"]
    assert "loop_ended" not in {line["event"] for line in log.all()}
    changes = log.of("health_changed")
    assert {line["process"] for line in changes} == {"worker"}
    assert any(line.get("ready") == 503 for line in changes)
    assert not [line for line in log.all() if line["logger"].startswith("apscheduler")], "operators A1"


@pytest.mark.own_databases
async def test_each_process_has_a_name_of_its_own_in_the_database(bot_dsn: str, redis_url: str) -> None:
    """operators A17"""
    container, stopping = build(_settings(bot_dsn, redis_url)), asyncio.Event()
    working = asyncio.create_task(work(container, stopping))
    expected = {"mentorium-worker-8003", "mentorium-worker-8003-jobs", "mentorium-worker-8003-listen"}
    try:

        async def are_there() -> bool:
            connection = await asyncpg.connect(bot_dsn)
            try:
                rows = await connection.fetch(
                    "SELECT DISTINCT application_name FROM pg_stat_activity WHERE datname = current_database()"
                )
            finally:
                await connection.close()
            return expected <= {row[0] for row in rows}

        await _until(are_there)
    finally:
        stopping.set()
        await asyncio.wait_for(working, HANGS_AFTER_S)
        await container.close()


async def test_every_loop_that_works_tells_of_its_progress(bot_dsn: str, redis_url: str) -> None:
    """Liveness means progress: those that only wait for news, or show something, have none to tell."""
    container = build(_settings(bot_dsn, redis_url))
    loops = {loop.name: loop.stalled_s for loop in container.supervisor()._loops}
    told = {name for name, stalled_s in loops.items() if stalled_s is not supervisor._never}
    assert told == {"ticker", "run-starter", "jobs", "outcomes", "sender"}
    assert [stalled_s() for stalled_s in loops.values()] == [0.0] * len(loops)
    await container.close()
