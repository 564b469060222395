"""Supervisor: the real processes of the product, each started with its production command line and kept alive."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import aiohttp

from mentorium_sandbox.product_process import RunningProcess, StartProcess, start_interpreter
from mentorium_sandbox.servers.process import ServerError, kill_group
from mentorium_sandbox.settings import HOST, free_port

_PATIENCE = aiohttp.ClientTimeout(total=3)
_RESTART_PAUSE_S = 1.0
_STOP_GRACE_S = 15.0


@dataclass(slots=True)
class SupervisedProcess:
    """One supervised process of the product. `port` is where it tells its health; `port_variable` gives it the port.

    `environment` is asked at each start.
    """

    name: str
    module: str
    environment: Callable[[], Mapping[str, str]]
    port: int
    port_variable: str
    log_file: Path
    start_process: StartProcess = start_interpreter
    _process: RunningProcess | None = None
    _held: bool = False
    _closing: bool = False
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def supervise(self) -> None:
        """Start the process again whenever it dies, but for the time in which it is told to stay away."""
        while not self._closing:
            if self._held:
                await self._change()
                continue
            started = time.monotonic()
            status = await self._run_once()
            if not self._wanted():
                continue
            say(f"{self.name} ended with status {status}; starting it again")
            pause = _RESTART_PAUSE_S if time.monotonic() - started > 10 else 2 * _RESTART_PAUSE_S
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._change(), pause)

    def _wanted(self) -> bool:
        return not (self._closing or self._held)

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()

    async def _run_once(self) -> int:
        # somebody else may have taken the port since it was chosen
        self.port = free_port(self.port, set())
        self._process = await self.start_process(
            self.module, environment={**self.environment(), self.port_variable: str(self.port)}
        )
        await self._copy_log(self._process)
        return await self._process.wait()

    async def _copy_log(self, process: RunningProcess) -> None:
        if process.stdout is None:
            raise RuntimeError("the part was started without a pipe")
        with self.log_file.open("ab") as log:
            while line := await _read_line(process.stdout):
                log.write(line)
                log.flush()
                if short := short_form(self.name, line):
                    say(short)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def held(self) -> bool:
        """Whether it was told to stay away."""
        return self._held

    @property
    def pid(self) -> int:
        """Of the process that runs now. Raises RuntimeError while there is none."""
        if self._process is None or self._process.returncode is not None:
            raise RuntimeError(f"{self.name} does not run")
        return self._process.pid

    async def kill(self) -> None:
        """End it without a word; it is started again."""
        if self._process is not None and self.runs:
            await kill_group(self._process)

    async def halt(self) -> None:
        """Stop it in order; it stays away until `start`."""
        self._held = True
        await self._end()

    async def start(self) -> None:
        """Let it run again. Harmless while it does."""
        self._held = False
        self._changed.set()

    async def stop(self) -> None:
        """Stop it for good."""
        self._closing = True
        self._changed.set()
        await self._end()

    async def _end(self) -> None:
        """Ask it to finish what is in hand; after the grace period, end it."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), _STOP_GRACE_S)
        except TimeoutError:
            say(f"{self.name} did not stop in {_STOP_GRACE_S:.0f} s; ending it")
            await kill_group(process)

    async def state(self, http: aiohttp.ClientSession) -> str:
        """`ok`, or in a word what is wrong."""
        if not self.runs:
            return "stopped" if self._held else "down"
        try:
            async with http.get(f"{self.url}/health/ready", timeout=_PATIENCE) as answer:
                return "ok" if answer.status == 200 else "not ready"
        except (aiohttp.ClientError, TimeoutError):
            return "starting"

    async def health(self, http: aiohttp.ClientSession) -> Mapping[str, object]:
        """What it tells of itself, `busy` and `next_due` among it; empty while it tells nothing."""
        try:
            async with http.get(f"{self.url}/health", timeout=_PATIENCE) as answer:
                body = await answer.json()
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return {}
        return body if isinstance(body, dict) else {}


class Server(Protocol):
    """An embedded server, as its supervisor sees it."""

    async def wait(self) -> None: ...

    async def kill(self) -> None: ...

    async def halt(self) -> None: ...

    async def start_again(self) -> None: ...


@dataclass(slots=True)
class SupervisedServer:
    """An embedded server that comes back when it dies, unless it was told to stay away."""

    name: str
    server: Server
    _held: bool = False
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def held(self) -> bool:
        return self._held

    async def supervise(self) -> None:
        """Until it is cancelled."""
        while True:
            await self.server.wait()
            while self._held:
                self._changed.clear()
                await self._changed.wait()
            say(f"{self.name} is away; starting it again")
            try:
                await self.server.start_again()
            except ServerError as error:
                say(f"{self.name} did not start: {error}")
                await asyncio.sleep(_RESTART_PAUSE_S)

    async def kill(self) -> None:
        """End it as a power cut would; it is started again."""
        await self.server.kill()

    async def halt(self) -> None:
        """Shut it down in order; it stays away until `start`."""
        self._held = True
        await self.server.halt()

    async def start(self) -> None:
        """Let it run again. Harmless while it does."""
        self._held = False
        self._changed.set()


async def _read_line(stream: asyncio.StreamReader) -> bytes:
    try:
        return await stream.readline()
    except ValueError:  # a line longer than the limit: its beginning was dropped, the rest follows
        return b"{}\n"


def short_form(part: str, line: bytes) -> str | None:
    """What the terminal shows of a log line: warnings and worse, and whatever is not a log line at all.

    A library's warning stays in the log: to a newcomer it looks like a fault of ours.
    """
    try:
        entry = json.loads(line)
    except ValueError:
        return f"{part}: {line.decode(errors='replace').rstrip()}"
    if not isinstance(entry, dict) or str(entry.get("level", "")).lower() in {"debug", "info", ""}:
        return None
    of_ours = str(entry.get("logger", "mentorium")).startswith(("mentorium", "__main__"))
    if not of_ours and str(entry["level"]).lower() == "warning":
        return None
    details = ", ".join(
        f"{key}={entry[key]}" for key in ("code", "error_type", "reason", "status", "handler") if entry.get(key)
    )
    return f"{part}: {entry['level']}: {entry.get('event', '')}{f' ({details})' if details else ''}"


def say(text: str) -> None:
    """One line to the person at the terminal."""
    print(f"  {text}", flush=True)
