"""A line between the product and a server, on which faults can happen."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit

from mentorium_sandbox.faults import COMMIT_LOST, LINE_KINDS, READ_ONLY, Faults
from mentorium_sandbox.postgres_wire import PostgresWire

_SILENCE_S = 120.0
_LOOK_FOR_CLEARING_S = 0.1
_COMMIT_LOST, _READ_ONLY = frozenset({COMMIT_LOST}), frozenset({READ_ONLY})


@dataclass(slots=True)
class Relay:
    """`target` is the name that faults know the server behind it by. Bytes pass as they are, TLS included.

    Where the server is PostgreSQL (the URL tells), its protocol is read on the way, so that a COMMIT can be lost.
    """

    target: str
    faults: Faults
    _host: str = ""
    _port: int = 0
    _speaks_postgres: bool = False
    _server: asyncio.Server | None = None
    _lines: set[_RelayedConnection] = field(default_factory=set)

    async def open(self, address: str, listen_on: str) -> str:
        """Stand in front of the server of this URL; the URL by which it is reached through the relay."""
        parts = urlsplit(address)
        if parts.hostname is None or parts.port is None:
            raise ValueError(f"{self.target}: the URL names no host and port")
        self._host, self._port = parts.hostname, parts.port
        self._speaks_postgres = parts.scheme.startswith("postgres")
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Near(self._line()), listen_on, 0)
        self.faults.on_change.append(self._cut_if_gone)
        port = self._server.sockets[0].getsockname()[1]
        credentials, at, _ = parts.netloc.rpartition("@")
        return urlunsplit(parts._replace(netloc=f"{credentials}{at}{listen_on}:{port}"))

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        lines = list(self._lines)
        for line in lines:
            line.cut()
        for line in lines:
            await line.over.wait()

    @property
    def ports(self) -> list[int]:
        """The server sees the product's connections come from these."""
        return sorted(line.port for line in self._lines if line.port)

    def _cut_if_gone(self) -> None:
        """Also who says nothing, as a LISTEN does: a server that went down would have cut them off."""
        if self.faults.is_gone(self.target):
            for line in list(self._lines):
                line.cut()

    def _line(self) -> _RelayedConnection:
        return _RelayedConnection(self.target, self.faults, self._wire(), (self._host, self._port), self._lines)

    def _wire(self) -> PostgresWire | None:
        if not self._speaks_postgres:
            return None
        return PostgresWire(
            on_commit=lambda done: self.faults.take(self.target, done, kinds=_COMMIT_LOST) is not None,
            on_refusal=lambda: _forget(self.faults.take(self.target, "", kinds=_READ_ONLY)),
        )


def _forget(_: object) -> None:
    """That one of the times is used up is all that was wanted."""


@dataclass(slots=True, eq=False)
class _RelayedConnection:
    """One connection, of two ends: the product's, `near`, and the server's, `far`.

    A fault is taken when the product sends; some show only in the answer. Bytes pass from one transport's callback
    into the other transport, without a task that wakes up for them: all that the demo asks its databases goes here.
    """

    target: str
    faults: Faults
    wire: PostgresWire | None
    address: tuple[str, int]
    lines: set[_RelayedConnection]
    near: asyncio.Transport | None = None
    far: asyncio.Transport | None = None
    port: int = 0
    open_ends: int = 0
    is_cut: bool = False
    over: asyncio.Event = field(default_factory=asyncio.Event)
    slow: bool = False
    dropped: bool = False
    held: set[asyncio.Transport] = field(default_factory=set)
    waiting: set[asyncio.Transport] = field(default_factory=set)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def begin(self, near: asyncio.Transport) -> None:
        """The product has connected: so does its line, to the server."""
        if self.faults.is_down(self.target):
            near.abort()
            return
        self.near = near
        self.open_ends += 1
        self.lines.add(self)
        near.pause_reading()  # until there is somebody to pass it on to
        self._do(self._connect())

    def go_through(self, far: asyncio.Transport) -> None:
        """The server has taken the connection."""
        self.far = far
        self.open_ends += 1
        self.port = far.get_extra_info("sockname")[1]
        if self.is_cut:
            far.abort()
        else:
            self.go_on(self.near)

    def cut(self) -> None:
        """Both ends, at once, whatever is still on its way."""
        self.is_cut = True
        for end in (self.near, self.far):
            if end is not None:
                end.abort()
        for task in self.tasks:
            task.cancel()

    def hang_up(self, other: asyncio.Transport | None) -> None:
        """One end has hung up: what it said before still reaches the other."""
        self.is_cut = True
        if other is not None:
            other.close()
        for task in self.tasks:
            task.cancel()
        self.open_ends -= 1
        if not self.open_ends:
            self.lines.discard(self)
            self.over.set()

    def hold(self, end: asyncio.Transport | None) -> None:
        """Hear nothing of it: the other's buffer is full."""
        if end is not None and not end.is_closing():
            self.waiting.add(end)
            end.pause_reading()

    def has_room(self, end: asyncio.Transport | None) -> None:
        """The other's buffer is full no more."""
        if end is not None:
            self.waiting.discard(end)
            self.go_on(end)

    def go_on(self, end: asyncio.Transport | None) -> None:
        """Hear it again, unless it is held for another reason."""
        if end is not None and end not in self.held | self.waiting and not end.is_closing():
            end.resume_reading()

    def carry_there(self, piece: bytes) -> None:
        assert self.far is not None
        assert self.near is not None
        fault = self.faults.take(self.target, "bytes", kinds=LINE_KINDS)
        kind = fault.kind if fault is not None else None
        if kind == "down":
            self.cut()
        elif kind == "timeout":
            self.held.add(self.near)
            self.near.pause_reading()
            self._do(self._be_silent())
        else:
            self.slow, self.dropped = kind == "slow", kind == "drop_response"
            self.far.write(self.wire.there(piece)[0] if self.wire is not None else piece)

    def carry_back(self, piece: bytes) -> None:
        assert self.far is not None
        if self.dropped:
            self.cut()
        elif self.slow:
            self.slow = False
            self.held.add(self.far)
            self.far.pause_reading()
            self._do(self._carry_back_late(piece))
        else:
            self._pass_back(piece)

    def _pass_back(self, piece: bytes) -> None:
        assert self.near is not None
        passing, cut = self.wire.back(piece) if self.wire is not None else (piece, False)
        self.near.write(passing)
        if cut:
            self.cut()

    async def _carry_back_late(self, piece: bytes) -> None:
        assert self.far is not None
        await asyncio.sleep(self.faults.slow_s)
        self._pass_back(piece)
        self.held.discard(self.far)
        self.go_on(self.far)

    async def _connect(self) -> None:
        try:
            await asyncio.get_running_loop().create_connection(lambda: _Far(self), *self.address)
        except OSError:
            self.cut()

    async def _be_silent(self) -> None:
        """Until the faults are cleared, or for two minutes; nobody takes up such a connection again."""
        loop, clearings = asyncio.get_running_loop(), self.faults.clearings
        until = loop.time() + _SILENCE_S
        while loop.time() < until and self.faults.clearings == clearings:
            await asyncio.sleep(_LOOK_FOR_CLEARING_S)
        self.cut()

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)


class _End(asyncio.Protocol, ABC):
    """What one end's transport tells concerns the other end."""

    def __init__(self, line: _RelayedConnection) -> None:
        self._line = line

    @property
    @abstractmethod
    def _other(self) -> asyncio.Transport | None: ...

    def connection_lost(self, _: Exception | None) -> None:
        self._line.hang_up(self._other)

    def pause_writing(self) -> None:
        self._line.hold(self._other)

    def resume_writing(self) -> None:
        self._line.has_room(self._other)


class _Near(_End):
    """The product's end."""

    @property
    def _other(self) -> asyncio.Transport | None:
        return self._line.far

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._line.begin(cast("asyncio.Transport", transport))

    def data_received(self, data: bytes) -> None:
        self._line.carry_there(data)


class _Far(_End):
    """The server's end."""

    @property
    def _other(self) -> asyncio.Transport | None:
        return self._line.near

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._line.go_through(cast("asyncio.Transport", transport))

    def data_received(self, data: bytes) -> None:
        self._line.carry_back(data)
