"""The real processes of the product, each started with its production command line and kept alive."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import json
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

_RESTART_PAUSE_S = 1.0
_STOP_GRACE_S = 15.0
_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Run in the child: if the launcher is killed outright, the part ends too (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass(slots=True)
class Part:
    """One supervised process. `ready_url` answers 200 when it serves."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    ready_url: str
    log_file: Path
    _process: asyncio.subprocess.Process | None = None
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def supervise(self) -> None:
        """Start the process again whenever it dies, until `stop`."""
        while not self._stopping.is_set():
            started = time.monotonic()
            status = await self._run_once()
            if self._stopping.is_set():
                return
            say(f"{self.name} ended with status {status}; starting it again")
            pause = _RESTART_PAUSE_S if time.monotonic() - started > 10 else 2 * _RESTART_PAUSE_S
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    async def _run_once(self) -> int:
        self._process = await asyncio.create_subprocess_exec(
            *self.command,
            env=dict(self.environment),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches the launcher alone, which then stops the parts in order
            preexec_fn=die_with_parent,
            limit=1 << 20,
        )
        await self._copy_log(self._process)
        return await self._process.wait()

    async def _copy_log(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            raise RuntimeError("the part was started without a pipe")
        with self.log_file.open("ab") as log:
            while line := await _read_line(process.stdout):
                log.write(line)
                log.flush()
                if short := short_form(self.name, line):
                    say(short)

    @property
    def pid(self) -> int:
        """Of the process that runs now. Raises RuntimeError while there is none."""
        if self._process is None or self._process.returncode is not None:
            raise RuntimeError(f"{self.name} does not run")
        return self._process.pid

    async def stop(self) -> None:
        """Ask it to finish what is in hand; after the grace period, end it."""
        self._stopping.set()
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), _STOP_GRACE_S)
        except TimeoutError:
            say(f"{self.name} did not stop in {_STOP_GRACE_S:.0f} s; ending it")
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()

    async def state(self, http: aiohttp.ClientSession) -> str:
        """`ok`, or in a word what is wrong."""
        if self._process is None or self._process.returncode is not None:
            return "down"
        try:
            async with http.get(self.ready_url, timeout=aiohttp.ClientTimeout(total=3)) as answer:
                return "ok" if answer.status == 200 else "not ready"
        except (aiohttp.ClientError, TimeoutError):
            return "starting"


async def _read_line(stream: asyncio.StreamReader) -> bytes:
    try:
        return await stream.readline()
    except ValueError:  # a line longer than the limit: its beginning was dropped, the rest follows
        return b"{}\n"


def short_form(part: str, line: bytes) -> str | None:
    """What the terminal shows of a log line: warnings and worse, and whatever is not a log line at all."""
    try:
        entry = json.loads(line)
    except ValueError:
        return f"{part}: {line.decode(errors='replace').rstrip()}"
    if not isinstance(entry, dict) or str(entry.get("level", "")).lower() in {"debug", "info", ""}:
        return None
    details = ", ".join(
        f"{key}={entry[key]}" for key in ("code", "error_type", "reason", "status", "handler") if entry.get(key)
    )
    return f"{part}: {entry['level']}: {entry.get('event', '')}{f' ({details})' if details else ''}"


def say(text: str) -> None:
    """One line to the person at the terminal."""
    print(f"  {text}", flush=True)
