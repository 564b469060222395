"""Health and metrics of a process as one ASGI application, which all processes answer with."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Final

from mentorium_observability import get_logger
from mentorium_observability.health import Health, HealthAnswer
from mentorium_observability.metrics import CONTENT_TYPE, render_metrics
from mentorium_runtime.http_server import Receive, Scope, Send

METRICS: Final = "/metrics"
_READING: Final = frozenset({"GET", "HEAD"})

logger = get_logger(__name__)


class HealthApp:
    """Plain ASGI, no framework: it is served alone on a process's own port, or set behind the routes of another app."""

    def __init__(self, health: Health) -> None:
        self._health = health
        self._questions: Mapping[str, Callable[[], Awaitable[HealthAnswer]]] = {
            "/health/live": health.live,
            "/health/ready": health.ready,
            "/health": health.full,
        }

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path it answers."""
        return (*self._questions, METRICS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's three
        if scope["type"] != "http":
            raise RuntimeError(f"health is not told over {scope['type']}")
        path = scope["path"]
        if path not in self.paths:
            await _answer(send, HTTPStatus.NOT_FOUND, "text/plain; charset=utf-8", b"Not Found")
        elif scope["method"] not in _READING:
            await _answer(send, HTTPStatus.METHOD_NOT_ALLOWED, "text/plain; charset=utf-8", b"Method Not Allowed")
        elif path == METRICS:
            await _answer(send, *_metrics())
        else:
            answer = await self._ask(path)
            await _answer(send, answer.http_status, "application/json", json.dumps(answer.body).encode())

    async def _ask(self, path: str) -> HealthAnswer:
        try:
            return await self._questions[path]()
        except (
            asyncio.CancelledError
        ):  # by the server, which closes and waits for no probe; nothing follows but the answer
            return self._health.cut_short()
        except Exception as error:
            logger.error("health_failed", path=path, exc_info=error)
            return self._health.broken(error)


def _metrics() -> tuple[int, str, bytes]:
    try:
        return HTTPStatus.OK, CONTENT_TYPE, render_metrics()
    except Exception as error:  # an edge: a file of another process that cannot be read, say
        logger.error("metrics_failed", exc_info=error)
        return HTTPStatus.SERVICE_UNAVAILABLE, "text/plain; charset=utf-8", type(error).__name__.encode()


async def _answer(send: Send, status: int, content_type: str, body: bytes) -> None:
    headers = [(b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode())]
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers.append((b"allow", ", ".join(sorted(_READING)).encode()))
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": body})
