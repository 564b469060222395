"""An ASGI application served beside the other work of a process, by uvicorn."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

import uvicorn

from mentorium_kit.errors import UnavailableError
from mentorium_kit.nursery import Nursery
from mentorium_observability import get_logger

if TYPE_CHECKING:  # which of the two it is depends on what is installed
    from uvicorn.protocols.http.h11_impl import H11Protocol as HttpProtocol
else:
    from uvicorn.protocols.http.auto import AutoHTTPProtocol as HttpProtocol

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

GRACE_S: Final = 1
REQUEST_WITHIN_S: Final = 10.0
LARGEST_HEAD: Final = 65_536
_BACKLOG: Final = 2048
_PROTECTING: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)
"""What a browser may do with an answer that does not say so itself: an error, a webhook's, health's."""

logger = get_logger(__name__)


class _Connection(HttpProtocol):
    """Hung up on where a request does not come within `request_within_s`: uvicorn itself would wait for ever. And where
    what comes beside a body (its head, its trailers) is larger than `LARGEST_HEAD`, which httptools would keep.

    A request has come with its headers: how long its body may take is for whoever reads it.
    """

    def __init__(self, *args: Any, request_within_s: float, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request_within_s = request_within_s
        self._awaited: asyncio.TimerHandle | None = None
        self._beside_body = 0
        self._has_begun = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_request()

    def on_message_begin(self) -> None:
        """By httptools alone, as the next one: h11 keeps no large head by itself."""
        self._beside_body, self._has_begun = 0, True
        super().on_message_begin()  # type: ignore[misc]

    def on_body(self, body: bytes) -> None:
        self._beside_body -= len(body)
        super().on_body(body)  # type: ignore[misc]

    def data_received(self, data: bytes) -> None:
        self._has_begun = False
        super().data_received(data)
        if not self._has_begun:  # else nobody can tell which part of it is of this request
            self._beside_body += len(data)
        if self._beside_body > LARGEST_HEAD:
            self.transport.close()
        cycle: Any = self.cycle  # None until the first request has come
        if cycle is not None and not cycle.response_complete:
            self._stop_waiting()
        elif self._awaited is None:
            self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _await_request(self) -> None:
        self._awaited = self.loop.call_later(self._request_within_s, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._awaited is not None:
            self._awaited.cancel()
            self._awaited = None


class _Server(uvicorn.Server):
    """A server that leaves the signals to the process it lives in."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _protecting(app: AsgiApp) -> AsgiApp:
    """The app, each of whose answers has those headers; what it says itself stands."""

    async def protected(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_protected(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                said = {name.lower() for name, _ in message["headers"]}
                missing = (header for header in _PROTECTING if header[0] not in said)
                message = {**message, "headers": [*message["headers"], *missing]}
            await send(message)

        await app(scope, receive, send_protected)

    return protected


def _config(app: AsgiApp, grace_s: int, request_within_s: float, *, lifespan: bool) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=cast("type[asyncio.Protocol]", partial(_Connection, request_within_s=request_within_s)),
        proxy_headers=False,
        interface="asgi3",
        lifespan="on" if lifespan else "off",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=grace_s,
    )


@asynccontextmanager
async def serving(
    app: AsgiApp,
    host: str,
    port: int,
    *,
    grace_s: int = GRACE_S,
    lifespan: bool = False,
    request_within_s: float = REQUEST_WITHIN_S,
) -> AsyncIterator[None]:
    """Answer on this port for as long as the block runs. UnavailableError if somebody else has it.

    A server that ends by itself ends the block, with UnavailableError: nobody is left to tell of the process's health.
    At the end requests in hand get `grace_s` seconds. With `lifespan` the app is told of its start and its end. A
    connection on which no request comes within `request_within_s` is hung up on. What a request's headers say of its
    caller is not believed here: whom a proxy tells of is for the app to read (`TRUSTED_PROXY_HEADER`). An answer that
    does not say what a browser may do with it says: nothing.
    """
    config = _config(_protecting(app), grace_s, request_within_s, lifespan=lifespan)
    server, nursery = _Server(config), Nursery(on_error=_report)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise UnavailableError("port_unavailable", port=port, reason=error.strerror) from error
    # Accepted connections inherit it. asyncio sets it only where a socket names its protocol, which this one does not;
    # an answer's body would then wait 40 ms until the caller has acknowledged its headers (Nagle and delayed ACK).
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
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
