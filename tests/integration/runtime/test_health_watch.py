"""A process that looks at itself: the log tells of changes and nothing else, the metrics of how it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mentorium_kit.errors import UnavailableError
from mentorium_observability.health import Health, HealthPart
from mentorium_observability.metrics import render_metrics
from mentorium_runtime.health_watch import watch_health
from tests.fixtures.log_lines import reading_the_log
from tests.fixtures.patience import HANGS_AFTER_S


@asynccontextmanager
async def _watched(health: Health) -> AsyncIterator[None]:
    watching = asyncio.create_task(watch_health(health, "watched", 0.01))
    yield
    watching.cancel()


async def _until_shown(*lines: str) -> None:
    async with asyncio.timeout(HANGS_AFTER_S):
        while not all(line in render_metrics().decode() for line in lines):
            await asyncio.sleep(0.01)


async def test_changes_are_logged_once_and_metrics_follow() -> None:
    """operators A2, A13, D"""
    wrong: list[str] = []
    stalled: list[str] = []

    async def probe() -> None:
        if wrong:
            raise UnavailableError(wrong[0])

    health = Health([HealthPart("bot_db", probe, vital=True)])
    health.watch(lambda: stalled)
    with reading_the_log("watched") as log:
        async with _watched(health):
            await _until_shown('health_http_status{process="watched",question="ready"} 200.0')
            wrong.append("bot_db_read_only")
            await _until_shown(
                'health_http_status{process="watched",question="ready"} 503.0',
                'health_http_status{process="watched",question="live"} 200.0',
                'health_part_ok{part="bot_db",process="watched"} 0.0',
            )
            wrong.clear()
            await _until_shown('health_part_ok{part="bot_db",process="watched"} 1.0')
            stalled.append("jobs")
            await _until_shown(
                'health_part_ok{part="jobs",process="watched"} 0.0',
                'health_http_status{process="watched",question="live"} 503.0',
            )
            stalled.clear()
            await _until_shown('health_part_ok{part="jobs",process="watched"} 1.0')
    told = [(line["status"], line.get("unwell")) for line in log.of("health_changed")]
    assert told == [
        ("down", {"bot_db": "bot_db_read_only"}),
        ("ok", None),
        ("down", {"jobs": "stalled"}),
        ("ok", None),
    ]
