"""A line between the product and a server, on which faults can happen."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from mentorium_sandbox.faults import COMMIT_LOST, LINE_KINDS, READ_ONLY, Faults
from mentorium_sandbox.postgres_wire import PostgresWire

_SILENCE_S = 120.0
_LOOK_FOR_CLEARING_S = 0.1
_PIECE = 1 << 16
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
    _lines: set[asyncio.Task[None]] = field(default_factory=set)
    _ports: set[int] = field(default_factory=set)

    async def open(self, address: str, listen_on: str) -> str:
        """Stand in front of the server of this URL; the URL by which it is reached through the relay."""
        parts = urlsplit(address)
        if parts.hostname is None or parts.port is None:
            raise ValueError(f"{self.target}: the URL names no host and port")
        self._host, self._port = parts.hostname, parts.port
        self._speaks_postgres = parts.scheme.startswith("postgres")
        self._server = await asyncio.start_server(self._serve, listen_on, 0)
        self.faults.on_change.append(self._cut_if_gone)
        port = self._server.sockets[0].getsockname()[1]
        credentials, at, _ = parts.netloc.rpartition("@")
        return urlunsplit(parts._replace(netloc=f"{credentials}{at}{listen_on}:{port}"))

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for line in self._lines:
            line.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)

    @property
    def ports(self) -> list[int]:
        """The server sees the product's connections come from these."""
        return sorted(self._ports)

    def _cut_if_gone(self) -> None:
        """Also who says nothing, as a LISTEN does: a server that went down would have cut them off."""
        if self.faults.is_gone(self.target):
            for line in self._lines:
                line.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = asyncio.current_task()
        assert line is not None
        self._lines.add(line)
        line.add_done_callback(self._lines.discard)
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await self._connect(reader, writer)
        writer.transport.abort()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.faults.is_down(self.target):
            return
        far_reader, far_writer = await asyncio.open_connection(self._host, self._port)
        ours = far_writer.get_extra_info("sockname")[1]
        self._ports.add(ours)
        line = _RelayedConnection(self.target, self.faults, self._wire())
        try:
            there = asyncio.create_task(line.carry_there(reader, far_writer))
            back = asyncio.create_task(line.carry_back(far_reader, writer))
            await asyncio.wait({there, back}, return_when=asyncio.FIRST_COMPLETED)
            for task in (there, back):
                task.cancel()
            await asyncio.gather(there, back, return_exceptions=True)
        finally:
            self._ports.discard(ours)
            far_writer.transport.abort()

    def _wire(self) -> PostgresWire | None:
        if not self._speaks_postgres:
            return None
        return PostgresWire(
            on_commit=lambda done: self.faults.take(self.target, done, kinds=_COMMIT_LOST) is not None,
            on_refusal=lambda: _forget(self.faults.take(self.target, "", kinds=_READ_ONLY)),
        )


def _forget(_: object) -> None:
    """That one of the times is used up is all that was wanted."""


@dataclass(slots=True)
class _RelayedConnection:
    """One connection. A fault is taken when the product sends; some show only in the answer."""

    target: str
    faults: Faults
    wire: PostgresWire | None
    slow: bool = False
    dropped: bool = False

    async def carry_there(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(_PIECE):
            fault = self.faults.take(self.target, "bytes", kinds=LINE_KINDS)
            kind = fault.kind if fault is not None else None
            if kind == "down":
                return
            if kind == "timeout":
                await self._be_silent()
                return
            self.slow, self.dropped = kind == "slow", kind == "drop_response"
            passing, _ = self.wire.there(piece) if self.wire is not None else (piece, False)
            writer.write(passing)
            await writer.drain()

    async def carry_back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(_PIECE):
            if self.dropped:
                return
            if self.slow:
                self.slow = False
                await asyncio.sleep(self.faults.slow_s)
            passing, cut = self.wire.back(piece) if self.wire is not None else (piece, False)
            writer.write(passing)
            if cut:
                return
            await writer.drain()

    async def _be_silent(self) -> None:
        """Until the faults are cleared, or for two minutes; nobody takes up such a connection again."""
        loop, clearings = asyncio.get_running_loop(), self.faults.clearings
        until = loop.time() + _SILENCE_S
        while loop.time() < until and self.faults.clearings == clearings:
            await asyncio.sleep(_LOOK_FOR_CLEARING_S)
