"""An ASGI application served beside the other work of a process, by uvicorn."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final

import uvicorn

from mentorium_kit.errors import UnavailableError
from mentorium_kit.nursery import Nursery
from mentorium_observability import get_logger

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

GRACE_S: Final = 1
_BACKLOG: Final = 2048

logger = get_logger(__name__)


class _Server(uvicorn.Server):
    """A server that leaves the signals to the process it lives in."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(
    app: AsgiApp, host: str, port: int, *, grace_s: int = GRACE_S, lifespan: bool = False
) -> AsyncIterator[None]:
    """Answer on this port for as long as the block runs. UnavailableError if somebody else has it.

    A server that ends by itself ends the block, with UnavailableError: nobody is left to tell of the process's health.
    At the end requests in hand get `grace_s` seconds. With `lifespan` the app is told of its start and its end.
    """
    config = uvicorn.Config(
        app,
        interface="asgi3",
        lifespan="on" if lifespan else "off",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=grace_s,
    )
    server, nursery = _Server(config), Nursery(on_error=_report)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise UnavailableError("port_unavailable", port=port, reason=error.strerror) from error
    serving_task = nursery.start(server.serve(sockets=[listener]), name="http-server", fresh_context=True)
    owner, leaving = asyncio.current_task(), False

    def end_the_block(_: asyncio.Task[object]) -> None:
        if not leaving and owner is not None:
            owner.cancel()

    serving_task.add_done_callback(end_the_block)
    try:
        yield
    except asyncio.CancelledError:
        if not serving_task.done() or owner is None:
            raise
        owner.uncancel()
        raise UnavailableError("http_server_ended") from None
    finally:
        leaving = True
        server.should_exit = True
        await asyncio.wait({serving_task})
        listener.close()


def _report(_task_name: str, error: BaseException) -> None:
    logger.error("http_server_failed", exc_info=error)
