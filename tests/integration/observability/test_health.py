"""The three questions of health and their status codes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from mentorium_kit.errors import UnavailableError
from mentorium_observability import health as health_module
from mentorium_observability.health import Health, HealthPart, LastOutcome


def works() -> Callable[[], Awaitable[None]]:
    async def probe() -> None:
        return None

    return probe


def fails(error: Exception) -> Callable[[], Awaitable[None]]:
    async def probe() -> None:
        raise error

    return probe


async def test_a_note_is_told_though_all_is_well() -> None:
    health = Health([HealthPart("redis", works())], notes={"openai_data_retention": "not confirmed"})
    answer = await health.full()
    assert (answer.http_status, answer.body["status"]) == (200, "ok")
    assert answer.body["notes"] == {"openai_data_retention": "not confirmed"}


async def test_all_well() -> None:
    health = Health([HealthPart("bot_db", works(), vital=True), HealthPart("redis", works())], busy=lambda: 3)
    for ask in (health.live, health.ready, health.full):
        answer = await ask()
        assert answer.http_status == 200
        assert answer.body["status"] == "ok"
        assert answer.body["busy"] == 3
        assert answer.body["next_due"] is None
    assert (await health.full()).body["parts"] == {"bot_db": "ok", "redis": "ok"}


async def test_without_a_part_that_is_not_vital_it_is_degraded() -> None:
    down = fails(UnavailableError("platform_db_unavailable"))
    health = Health([HealthPart("bot_db", works(), vital=True), HealthPart("platform_db", down)])
    answer = await health.full()
    assert (answer.http_status, answer.body["status"]) == (200, "degraded")
    assert answer.body["parts"] == {"bot_db": "ok", "platform_db": "platform_db_unavailable"}
    assert (await health.ready()).http_status == 200


async def test_without_a_vital_part_it_is_not_ready_but_alive() -> None:
    health = Health([HealthPart("bot_db", fails(ConnectionError("host and user")), vital=True)])
    full = await health.full()
    assert (full.http_status, full.body["parts"]) == (503, {"bot_db": "ConnectionError"})
    assert (await health.ready()).http_status == 503
    assert (await health.live()).http_status == 200


async def test_while_closing_it_is_not_ready() -> None:
    health = Health([HealthPart("bot_db", works(), vital=True)])
    health.close()
    answer = await health.ready()
    assert (answer.http_status, answer.body["status"]) == (503, "closing")
    assert (await health.live()).http_status == 200


async def test_a_part_that_hangs_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_module, "PROBE_TIMEOUT_S", 0.01)

    async def hang() -> None:
        await asyncio.Event().wait()

    answer = await Health([HealthPart("redis", hang)]).full()
    assert answer.body["parts"] == {"redis": "no answer"}


async def test_the_next_due_moment_is_told() -> None:
    moment = datetime(2026, 11, 30, 4, tzinfo=UTC)
    answer = await Health([], next_due=lambda: moment).live()
    assert answer.body["next_due"] == moment.isoformat()


async def test_a_loop_without_progress_is_not_alive_but_ready() -> None:
    health = Health([HealthPart("bot_db", works(), vital=True)])
    health.watch(lambda: ["jobs"])
    live, ready, full = await health.live(), await health.ready(), await health.full()
    assert (live.http_status, live.body["parts"]) == (503, {"jobs": "stalled"})
    assert ready.http_status == 200
    assert (full.http_status, full.body["parts"]) == (503, {"bot_db": "ok", "jobs": "stalled"})


async def test_an_alarming_part_is_red_and_ready_all_the_same() -> None:
    contested = fails(UnavailableError("another_process_polls_with_this_token"))
    health = Health([HealthPart("bot_db", works(), vital=True), HealthPart("polling", contested, alarming=True)])
    assert (await health.full()).http_status == 503
    assert (await health.ready()).http_status == 200
    assert (await health.live()).http_status == 200
    seen = await health.look()
    assert (seen.live, seen.ready, seen.full) == (200, 200, 503)
    assert seen.unwell == {"polling": "another_process_polls_with_this_token"}


async def test_while_closing_all_of_it_is_closing() -> None:
    health = Health([HealthPart("bot_db", works(), vital=True)])
    health.close()
    full = await health.full()
    assert (full.http_status, full.body["status"]) == (503, "closing")


def test_the_last_outcome_counts_until_it_is_old() -> None:
    last = LastOutcome()
    assert last.failure() is None
    last.failed("openai_unavailable")
    assert last.failure() == "openai_unavailable"
    last.worked()
    assert last.failure() is None
    old = LastOutcome(known_for_s=0)
    old.failed("mail_unavailable")
    assert old.failure() is None


async def test_what_hangs_keeps_nobody_who_asks_for_health(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker's questions to a database that hangs, too."""
    monkeypatch.setattr(health_module, "PROBE_TIMEOUT_S", 0.01)

    async def hang() -> health_module.Work:
        await asyncio.Event().wait()
        raise AssertionError

    answer = await Health([HealthPart("bot_db", works(), vital=True)], work=hang).full()
    assert (answer.http_status, answer.body["work"], answer.body["busy"]) == (200, "no answer", 1)
