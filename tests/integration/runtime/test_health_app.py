"""Health and metrics over real HTTP: on a port of their own, and behind the webhook app's."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

import mentorium_db
from mentorium_bot import webhook_app
from mentorium_bot.config import WebhookAppSettings
from mentorium_kit.errors import UnavailableError
from mentorium_observability import health as health_module
from mentorium_observability.health import Health, HealthPart
from mentorium_observability.metrics import CONTENT_TYPE
from mentorium_runtime import health_app
from mentorium_runtime.health_app import HealthApp
from mentorium_runtime.http_server import serving
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.runtime.ports import HOST, free_port


async def _well() -> None:
    return None


async def _away() -> None:
    raise UnavailableError("redis_unavailable")


@pytest.fixture
def health() -> Health:
    return Health([HealthPart("bot_db", _well, vital=True), HealthPart("redis", _away)], busy=lambda: 2)


@pytest_asyncio.fixture
async def http(health: Health) -> AsyncIterator[aiohttp.ClientSession]:
    port = free_port()
    async with (
        serving(HealthApp(health), HOST, port),
        aiohttp.ClientSession(f"http://{HOST}:{port}") as session,
    ):
        yield session


async def test_the_three_questions(http: aiohttp.ClientSession, health: Health) -> None:
    async with http.get("/health") as answer:
        assert (answer.status, answer.content_type) == (200, "application/json")
        assert await answer.json() == {
            "status": "degraded",
            "parts": {"bot_db": "ok", "redis": "redis_unavailable"},
            "next_due": None,
            "busy": 2,
        }
    health.close()
    async with http.get("/health/ready") as answer:
        assert (answer.status, (await answer.json())["status"]) == (503, "closing")
    async with http.get("/health/live") as answer:
        assert (answer.status, (await answer.json())["status"]) == (200, "ok")


async def test_whatever_fails_inside_health_it_is_no_500(monkeypatch: pytest.MonkeyPatch) -> None:
    """operators A13: also where it is health itself, or the metrics."""

    def fail(*_: object) -> int:
        raise RuntimeError("something nobody knows")

    monkeypatch.setattr(health_app, "render_metrics", fail)
    port = free_port()
    async with (
        serving(HealthApp(Health([], busy=fail)), HOST, port),
        aiohttp.ClientSession(f"http://{HOST}:{port}") as http,
    ):
        for path in ("/health", "/health/live", "/health/ready"):
            async with http.get(path) as answer:
                told = await answer.json()
                assert (answer.status, told["status"]) == (503, "down")
                assert set(told) == {"status", "parts", "next_due", "busy"}
        async with http.get("/metrics") as answer:
            assert answer.status == 503


async def test_metrics(http: aiohttp.ClientSession) -> None:
    async with http.get("/metrics") as answer:
        assert (answer.status, answer.headers["Content-Type"]) == (200, CONTENT_TYPE)
        assert "# TYPE errors_total counter" in await answer.text()


async def test_only_reading_is_allowed(http: aiohttp.ClientSession) -> None:
    async with http.head("/health/live") as answer:
        assert (answer.status, await answer.read()) == (200, b"")
    async with http.post("/health") as answer:
        assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")
    for unknown in ("/", "/health/", "/health/nothing"):
        async with http.get(unknown) as answer:
            assert answer.status == 404


async def test_the_webhook_app_answers_with_the_same() -> None:
    app = webhook_app.build(WebhookAppSettings(bot_db_url="postgresql://nobody@127.0.0.1:1/nothing"))
    port = free_port()
    try:
        async with (
            serving(app, HOST, port, lifespan=True),
            aiohttp.ClientSession(f"http://{HOST}:{port}") as http,
        ):
            async with http.get("/health") as answer:
                told = await answer.json()
                assert (answer.status, told["status"], told["parts"]["bot_db"]) == (503, "down", "bot_db_unavailable")
                assert set(told) == {"status", "parts", "next_due", "busy"}
                assert {"bot_db", "redis", "platform_db"} <= set(told["parts"])
            async with http.get("/metrics") as answer:
                assert answer.headers["Content-Type"] == CONTENT_TYPE
            async with http.post("/health/live") as answer:
                assert answer.status == 405
    finally:
        await mentorium_db.dispose()


async def test_signals_stay_with_the_process(health: Health) -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    port = free_port()
    async with serving(HealthApp(health), HOST, port), aiohttp.ClientSession(f"http://{HOST}:{port}") as http:
        async with http.get("/health/live") as answer:
            assert answer.status == 200
        assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before


async def test_a_port_that_is_taken_is_told_at_once(health: Health) -> None:
    port = free_port()
    async with serving(HealthApp(health), HOST, port):
        with pytest.raises(UnavailableError, match="Address already in use"):
            async with serving(HealthApp(health), HOST, port):
                pytest.fail("two listen on one port")


async def test_a_server_that_ends_by_itself_ends_the_block(health: Health) -> None:
    async def live_on() -> None:
        async with serving(HealthApp(health), HOST, free_port()):
            (server,) = [task for task in asyncio.all_tasks() if task.get_name() == "http-server"]
            server.cancel()
            await asyncio.sleep(HANGS_AFTER_S)

    with pytest.raises(UnavailableError, match="http_server_ended"):
        await live_on()


async def test_an_end_waits_for_no_probe_and_leaves_our_own_work_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_module, "PROBE_TIMEOUT_S", 3600)
    asked = asyncio.Event()

    async def hang() -> None:
        asked.set()
        await asyncio.Event().wait()

    port = free_port()
    ours = asyncio.create_task(asyncio.Event().wait())
    async with aiohttp.ClientSession(f"http://{HOST}:{port}") as http:
        async with serving(HealthApp(Health([HealthPart("redis", hang)])), HOST, port):
            question = asyncio.create_task(http.get("/health"))
            await asked.wait()
        async with await question as answer:
            assert (answer.status, (await answer.json())["status"]) == (503, "closing")
    assert not ours.done()
    ours.cancel()
