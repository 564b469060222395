"""The bot's own port: health and metrics."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from mentorium_observability.health import Health, HealthAnswer
from mentorium_observability.metrics import CONTENT_TYPE, render_metrics


@asynccontextmanager
async def serve_health(health: Health, host: str, port: int) -> AsyncIterator[None]:
    """Answer on this port for as long as the block runs. OSError if somebody else has it."""
    app = web.Application()
    app.add_routes(
        [
            web.get("/health/live", _route(health.live)),
            web.get("/health/ready", _route(health.ready)),
            web.get("/health", _route(health.full)),
            web.get("/metrics", _metrics),
        ]
    )
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield
    finally:
        await runner.cleanup()


def _route(ask: Callable[[], Awaitable[HealthAnswer]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def respond(_: web.Request) -> web.Response:
        answer = await ask()
        return web.json_response(answer.body, status=answer.http_status)

    return respond


async def _metrics(_: web.Request) -> web.Response:
    return web.Response(body=render_metrics(), headers={"Content-Type": CONTENT_TYPE})
