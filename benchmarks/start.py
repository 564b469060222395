"""How long the bot takes from its start to its first answer: wall time and CPU, alone and beside a busy core.

`python -m benchmarks.start [--rounds 5]` prints the rows of the table in benchmarks/README.md. The question (/help)
waits before the bot is started. The floor is the same interpreter importing aiogram, which no bot of it can do without.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.cpu import cpu_seconds
from mentorium_sandbox.client import FakeParent
from tests.e2e.sandbox import Sandbox, running_sandbox

_PATIENCE_S: Final = 120.0
_LOOK_AGAIN_S: Final = 0.02
_BUSY: Final = "import os; os.sched_setaffinity(0, {0})\nwhile True: pass"


@dataclass(frozen=True, slots=True)
class Start:
    wall_s: float
    cpu_s: float


def bot_pid(sandbox: Sandbox) -> int | None:
    """The process id of the sandbox's bot (Linux); None while there is none."""
    pid = sandbox.process.pid
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
        if b"mentorium_bot.main" in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0"):
            return int(child)
    return None


async def start_once(sandbox: Sandbox, parent: FakeParent) -> Start:
    """From the order to start until /help, which waits already, is answered."""
    await sandbox.stop_part("bot")
    heard = len(await parent.messages())
    await parent.say("/help", wait_s=0)
    began = time.perf_counter()
    await sandbox.start_part("bot")
    async with asyncio.timeout(_PATIENCE_S):
        while len(await parent.messages()) < heard + 2:  # the parent's own, and the answer
            await asyncio.sleep(_LOOK_AGAIN_S)
    wall = time.perf_counter() - began
    pid = bot_pid(sandbox)
    assert pid is not None
    cpu = cpu_seconds(pid)
    await sandbox.wait_until_ready()
    return Start(wall, cpu)


@contextmanager
def one_core_busy() -> Iterator[None]:
    """Something that never waits, held to the first core."""
    with subprocess.Popen([sys.executable, "-c", _BUSY]) as burner:
        try:
            yield
        finally:
            burner.kill()


def floor_s() -> float:
    """CPU of an interpreter that imports aiogram's dispatcher and types and ends."""
    before = os.times()
    subprocess.run([sys.executable, "-c", "import aiogram.types"], check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def row(name: str, starts: list[Start], floor: float) -> str:
    wall, cpu = (statistics.median(values) for values in ([s.wall_s for s in starts], [s.cpu_s for s in starts]))
    most = max(start.wall_s for start in starts)
    return f"| {name} | {wall:.1f} | {most:.1f} | {cpu:.1f} | {cpu / floor:.1f} |"


async def run(rounds: int) -> None:
    floor = statistics.median(floor_s() for _ in range(3))
    print(f"floor: {floor:.2f} s of CPU (import aiogram.types)")
    print("| | wall to the first answer, s | worst, s | CPU till then, s | times the floor |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        async with running_sandbox(Path(folder) / "sandbox") as sandbox:
            parent = FakeParent(sandbox, (await sandbox.parents(1, registered=True))[0])
            await start_once(sandbox, parent)  # bytecode and page cache
            print(row("alone", [await start_once(sandbox, parent) for _ in range(rounds)], floor), flush=True)
            with one_core_busy():
                print(row("one core busy", [await start_once(sandbox, parent) for _ in range(rounds)], floor))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    asyncio.run(run(parser.parse_args().rounds))


if __name__ == "__main__":
    main()
