"""The HTTP app on port 8001: `python -m mentorium_bot.webhook_app`. Health, and the metrics of all processes here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final

from fastapi import FastAPI
from starlette.routing import Route

import mentorium_db
from mentorium_bot.config import WebhookAppSettings
from mentorium_kit import clock
from mentorium_observability import flush_sentry
from mentorium_observability.health import Health
from mentorium_runtime import probes
from mentorium_runtime.health_app import HealthApp
from mentorium_runtime.http_server import serving
from mentorium_runtime.process import run_as_process
from mentorium_runtime.signals import stop_on_signals

GRACE_S: Final = 10


def build(settings: WebhookAppSettings) -> FastAPI:
    """The app; nothing is connected to yet."""
    clock.configure(settings.clock_file)
    mentorium_db.configure(settings.database_dsn)
    health = Health([probes.bot_database()])
    app = FastAPI(title="Mentorium", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan(health))
    health_app = HealthApp(health)
    app.router.routes.extend(Route(path, health_app) for path in health_app.paths)
    return app


def _lifespan(health: Health) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        health.close()
        await mentorium_db.dispose()
        await flush_sentry()

    return lifespan


async def run(settings: WebhookAppSettings) -> None:
    """Serve until SIGTERM or SIGINT; requests in hand are finished."""
    stopping = stop_on_signals()
    async with serving(build(settings), settings.webhook_host, settings.webhook_port, grace_s=GRACE_S, lifespan=True):
        await stopping.wait()


def main() -> None:
    """Exit status 2 for a setting that is wrong, 1 where the port is taken."""
    run_as_process("mentorium_bot.webhook_app", WebhookAppSettings, run)


if __name__ == "__main__":
    main()
