"""How a program of the product becomes a process: as `python -m module words`, unless somebody starts it otherwise."""

from __future__ import annotations

import asyncio
import ctypes
import signal
import sys
from collections.abc import Mapping
from typing import Protocol

_PR_SET_PDEATHSIG = 1
_LONGEST_LINE = 1 << 20


class RunningProcess(Protocol):
    """What asyncio gives for a process, as far as it is used here; `stdout` holds both of its outputs."""

    @property
    def pid(self) -> int: ...

    @property
    def returncode(self) -> int | None: ...

    @property
    def stdout(self) -> asyncio.StreamReader | None: ...

    async def wait(self) -> int: ...

    def terminate(self) -> None: ...


class StartProcess(Protocol):
    """Starts a program in a session of its own, so that Ctrl-C reaches the launcher alone; it reads `given`."""

    async def __call__(
        self, module: str, *words: str, environment: Mapping[str, str], given: bytes = b""
    ) -> RunningProcess: ...


def die_with_parent() -> None:
    """Run in the child: if the launcher is killed outright, the part ends too (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


async def start_interpreter(
    module: str, *words: str, environment: Mapping[str, str], given: bytes = b""
) -> RunningProcess:
    """`python -m module words`, the production command line."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *words),
        env=dict(environment),
        stdin=asyncio.subprocess.PIPE if given else asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=die_with_parent,
        limit=_LONGEST_LINE,
    )
    if process.stdin is not None:
        process.stdin.write(given)
        process.stdin.close()
    return process


async def ended_with(process: RunningProcess) -> tuple[int, str]:
    """Its exit status, and all that it printed."""
    if process.stdout is None:
        raise RuntimeError("the program was started without a pipe")
    output = await process.stdout.read()
    return await process.wait(), output.decode(errors="replace").strip()
