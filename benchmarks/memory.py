"""What each process holds (PSS) and takes to be well, beside `import aiogram`; the smallest machine, really bounded.

`python -m benchmarks.memory` prints the tables of benchmarks/README.md from a running demo, after a conversation, a
report with its picture and a payment: tokenizer and renderer are loaded then. `--minimal` (root, Linux) runs bot,
webhook app, worker, the bot's PostgreSQL and Redis on one core with 1 GiB of memory.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiohttp

from benchmarks.control_group import control_group
from benchmarks.cpu import cpu_seconds
from benchmarks.idle import pss_mb
from mentorium_sandbox.client import Child, FakeParent
from tests.e2e.purchases import payments
from tests.e2e.sandbox import Sandbox, running_sandbox
from tests.e2e.week import believable_week, by_day
from tests.hardship.observed_processes import addresses

OURS: Final = ("bot", "webhook", "worker")
AIM_MB: Final = {"bot": 340, "webhook": 90, "worker": 230}
AIM_DEMO_MB: Final = 1229
AIM_START_CPU_S: Final = 8.0
QUESTION: Final = "How did the last week go?"
_MEMORY: Final = 1 << 30
_MODULES: Final = {
    "bot": b"mentorium_bot.main",
    "webhook": b"mentorium_bot.webhook_app",
    "worker": b"mentorium_reporting.main",
}
_SETTLE_S: Final = 75.0
_PATIENCE_S: Final = 180.0
_LOOKS_AGAIN_S: Final = 0.05
_FLOOR: Final = """
import os, {module}
used = os.times()
pss = next(line for line in open("/proc/self/smaps_rollup") if line.startswith("Pss:"))
print(int(pss.split()[1]) / 1024, used.user + used.system)
"""


@dataclass(frozen=True, slots=True)
class Start:
    """Until `/health` answers 200, from the order to start."""

    wall_s: float
    cpu_s: float


def load() -> str:
    """What else this machine does."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def floor(module: str) -> tuple[float, float]:
    """MB and CPU seconds of an interpreter that imports this and nothing else."""
    said = subprocess.run(
        [sys.executable, "-c", _FLOOR.format(module=module)], check=True, capture_output=True, text=True
    ).stdout.split()
    return float(said[0]), float(said[1])


def pid_of(sandbox: Sandbox, part: str) -> int | None:
    """Of the process that runs now."""
    pid = sandbox.process.pid
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
        try:
            if _MODULES[part] in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0"):
                return int(child)
        except FileNotFoundError:
            continue
    return None


def family(pid: int) -> dict[int, str]:
    """The process and all below it, each with its command's words."""
    found = {pid: _command(pid)}
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text(encoding="ascii").split():
            found |= family(int(child))
    return found


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").replace("\0", " ")


async def start(sandbox: Sandbox, part: str) -> Start:
    """Stop it in order, and start it again."""
    await sandbox.stop_part(part)
    began = time.perf_counter()
    await sandbox.start_part(part)
    async with asyncio.timeout(_PATIENCE_S), aiohttp.ClientSession() as http:
        while True:
            port = addresses(sandbox.process.pid).get(part)
            if port and await _is_well(http, port):
                break
            await asyncio.sleep(_LOOKS_AGAIN_S)
    wall_s, pid = time.perf_counter() - began, pid_of(sandbox, part)
    assert pid is not None
    return Start(wall_s, cpu_seconds(pid))


async def _is_well(http: aiohttp.ClientSession, port: int) -> bool:
    try:
        async with http.get(f"http://127.0.0.1:{port}/health", timeout=aiohttp.ClientTimeout(total=5)) as answer:
            return answer.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False


async def children(sandbox: Sandbox, count: int) -> list[Child]:
    """Who have a week behind them by the sandbox's clock."""
    made = [await sandbox.child("Kamron", "Sobirov") for _ in range(count)]
    await sandbox.advance_clock("P9D")
    await by_day(sandbox)
    for child in made:
        await believable_week(sandbox, child)
    return made


async def a_parents_day(sandbox: Sandbox, child: Child) -> dict[str, float]:
    """A registration, a payment, a conversation and a report with its picture; seconds of each. AssertionError."""
    took, clock = {}, time.perf_counter
    began = clock()
    parent = await sandbox.parent("en")
    await parent.agree(await sandbox.link(child.guardian_id))
    took["registration"], began = clock() - began, clock()
    await _pay(sandbox, parent)
    took["payment"], began = clock() - began, clock()
    said = await parent.say(QUESTION, wait_s=60)
    assert "Kamron" in str(said), said
    took["question"], began = clock() - began, clock()
    await parent.say("/report")
    shown = (await parent.press("report:week", wait_s=60)).shown
    assert any("photo" in message for message in shown), shown
    took["report with picture"] = clock() - began
    return took


async def _pay(sandbox: Sandbox, parent: FakeParent) -> None:
    await parent.say("/subscribe")
    await parent.press("tariff:monthly")
    (sent,) = (await parent.press("pay:payme")).replies
    before = len(await parent.messages())
    await sandbox.pay_at_payme(sent["reply_markup"]["inline_keyboard"][0][0]["url"])
    assert await payments(sandbox, parent) == ["SUCCESS"]
    assert await parent.hear_more_than(before), "the thanks"


def row(name: str, mb: float, aim_mb: float | None, started: Start | None) -> str:
    aim = f"{aim_mb:.0f}" if aim_mb is not None else "-"
    times = f"{started.cpu_s:.1f} | {started.wall_s:.1f}" if started is not None else "- | -"
    return f"| {name} | {mb:.0f} | {aim} | {times} |"


async def whole_demo() -> None:
    print(f"{load()}, CPython {sys.version.split()[0]}\n")
    print("| process | PSS, MiB | aim | CPU until healthy, s | wall, s |\n|---|---|---|---|---|")
    for module in ("aiogram", "aiogram.types"):
        mb, cpu = floor(module)
        print(f"| `import {module}` alone | {mb:.0f} | - | {cpu:.1f} | - |")
    with tempfile.TemporaryDirectory() as folder:
        async with running_sandbox(Path(folder) / "sandbox") as sandbox:
            starts = {part: await start(sandbox, part) for part in OURS}
            await sandbox.wait_until_ready()
            (child,) = await children(sandbox, 1)
            took = await a_parents_day(sandbox, child)
            await asyncio.sleep(_SETTLE_S)
            held = {}
            for member, command in family(sandbox.process.pid).items():
                with suppress(FileNotFoundError):  # a server of PostgreSQL that has ended meanwhile
                    held[member] = pss_mb(member), command
            total = sum(mb for mb, _ in held.values())
            for part in OURS:
                pid = pid_of(sandbox, part)
                assert pid is not None
                print(row(part, held.pop(pid)[0], AIM_MB[part], starts[part]))
            others = {
                "PostgreSQL, both": [mb for mb, command in held.values() if "postgres" in command],
                "Redis": [mb for mb, command in held.values() if "redis" in command or "valkey" in command],
            }
            others["the sandbox itself"] = [mb for mb, _ in held.values()]
            rest = sum(others["the sandbox itself"]) - sum(others["PostgreSQL, both"]) - sum(others["Redis"])
            others["the sandbox itself"] = [rest]
            for name, sizes in others.items():
                print(row(name, sum(sizes), None, None))
            print(row("**all of the demo**", total, AIM_DEMO_MB, None))
            print("\n" + ", ".join(f"{what} {seconds:.1f} s" for what, seconds in took.items()))


async def minimal_machine(core: int) -> None:
    """Bot, webhook app, worker, the bot's PostgreSQL and Redis within; school, stand-ins and parents outside."""
    print(f"{load()}: one core (number {core}), {_MEMORY >> 20} MB\n")
    with tempfile.TemporaryDirectory() as folder, control_group("mentorium-minimal", _MEMORY, core) as group:
        async with running_sandbox(Path(folder) / "sandbox") as sandbox:
            parts = ("bot_db", "redis", *OURS)
            for part in reversed(parts):
                await sandbox.stop_part(part)
            began = time.perf_counter()
            with group.around(sandbox.process.pid):
                for part in parts:
                    await sandbox.start_part(part)
                async with asyncio.timeout(_PATIENCE_S):
                    while not all(pid_of(sandbox, part) for part in OURS):
                        await asyncio.sleep(_LOOKS_AGAIN_S)
            await sandbox.wait_until_ready(_PATIENCE_S)
            print(f"all started and ready after {time.perf_counter() - began:.1f} s")
            first, second, *others = await children(sandbox, 7)
            for number, child in enumerate((first, second), start=1):
                took = await a_parents_day(sandbox, child)
                print(f"parent {number}: " + ", ".join(f"{what} {seconds:.1f} s" for what, seconds in took.items()))
            began = time.perf_counter()
            await asyncio.gather(*(a_parents_day(sandbox, child) for child in others))
            print(f"five parents at once, each all of it: {time.perf_counter() - began:.1f} s")
            held = sum(pss_mb(pid) for pid in group.pids)
            names = sorted({part for part in OURS if pid_of(sandbox, part) in group.pids})
            print(f"within: {', '.join(names)} and {len(group.pids) - len(names)} processes of PostgreSQL and Redis")
            print(f"PSS {held:.0f} MB; with page cache {group.peak_mb:.0f} MB; ended for want of it: {group.kills}")
            assert names == sorted(OURS)
            assert group.kills == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minimal", action="store_true", help="the specification's smallest machine instead")
    parser.add_argument("--core", type=int, default=0)
    given = parser.parse_args()
    asyncio.run(minimal_machine(given.core) if given.minimal else whole_demo())


if __name__ == "__main__":
    main()
