"""The HTTP app on port 8001: `python -m mentorium_bot.webhook_app`. Health, and the metrics of all processes here."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final

import uvicorn
from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse, PlainTextResponse

import mentorium_db
from mentorium_bot.config import WebhookAppSettings
from mentorium_kit import clock
from mentorium_kit.errors import ConfigurationError
from mentorium_observability import configure_logging, configure_sentry, flush_sentry
from mentorium_observability.health import Health, HealthAnswer
from mentorium_observability.metrics import CONTENT_TYPE, render_metrics
from mentorium_runtime import probes
from mentorium_runtime.settings import load, secret_value

_GRACE_S = 10
_MISUSE = 2
_HEALTH: Final[dict[int | str, dict[str, Any]]] = {503: {"description": "Something vital is missing, or it is closing"}}


def build(settings: WebhookAppSettings) -> FastAPI:
    """The app; nothing is connected to yet."""
    clock.configure(settings.clock_file)
    mentorium_db.configure(settings.database_dsn)
    health = Health([probes.bot_database()])
    app = FastAPI(title="Mentorium", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan(health))

    @app.get("/health/live", responses=_HEALTH)
    async def live() -> Response:
        return _as_response(await health.live())

    @app.get("/health/ready", responses=_HEALTH)
    async def ready() -> Response:
        return _as_response(await health.ready())

    @app.get("/health", responses=_HEALTH)
    async def full() -> Response:
        return _as_response(await health.full())

    @app.get("/metrics", response_class=PlainTextResponse)
    async def metrics() -> Response:
        return Response(render_metrics(), headers={"Content-Type": CONTENT_TYPE})

    return app


def _as_response(answer: HealthAnswer) -> Response:
    return JSONResponse(answer.body, status_code=answer.http_status)


def _lifespan(health: Health) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        health.close()
        await mentorium_db.dispose()
        await flush_sentry()

    return lifespan


def main() -> None:
    """Exit status 2 for a setting that is wrong."""
    try:
        settings = load(WebhookAppSettings)
        configure_logging(settings.log_level, json_logs=settings.json_logs, dev_mode=settings.dev_mode)
        configure_sentry(secret_value(settings.sentry_dsn), environment=settings.sentry_environment)
        app = build(settings)
    except ConfigurationError as error:
        sys.stderr.write(f"mentorium_bot.webhook_app: {error}\n")
        sys.exit(_MISUSE)
    uvicorn.run(
        app,
        host=settings.webhook_host,
        port=settings.webhook_port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=_GRACE_S,
    )


if __name__ == "__main__":
    main()
