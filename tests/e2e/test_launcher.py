"""A sandbox of its own: it keeps its parts alive, listens on this machine only, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

from tests.e2e.sandbox import Sandbox, running_sandbox

_LISTENING = "0A"


def _family(root: int) -> set[int]:
    """The process and all that descend from it."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:  # it ended while we looked
            continue
    family = {root}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return family


def _sockets(pids: set[int]) -> set[str]:
    found = set()
    for pid in pids:
        for link in Path(f"/proc/{pid}/fd").glob("*"):
            try:
                found.add(os.readlink(link))  # noqa: PTH115 - the target is no path
            except OSError:
                continue
    return found


def _addresses(pids: set[int]) -> set[str]:
    """Hexadecimal addresses on which these processes listen."""
    mine = _sockets(pids)
    lines = [
        line.split() for table in ("tcp", "tcp6") for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    return {line[1].partition(":")[0] for line in lines if line[3] == _LISTENING and f"socket:[{line[9]}]" in mine}


def _bot_of(pids: set[int]) -> int:
    (bot,) = [pid for pid in pids if b"mentorium_bot.main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    return bot


async def _unhealthy(sandbox: Sandbox) -> None:
    while (await sandbox.health()).ready:
        await asyncio.sleep(0.05)


async def test_from_start_to_ctrl_c(tmp_path: Path) -> None:
    async with running_sandbox(tmp_path / "sandbox") as sandbox:
        pids = _family(sandbox.process.pid)
        assert _addresses(pids) == {"0100007F"}, "127.0.0.1 and nothing else"
        bot = _bot_of(pids)
        os.kill(bot, signal.SIGKILL)
        await asyncio.wait_for(_unhealthy(sandbox), 10)
        await sandbox.wait_until_ready(30)
        pids |= _family(sandbox.process.pid)
        assert _bot_of(_family(sandbox.process.pid)) != bot
        sandbox.process.send_signal(signal.SIGINT)
        assert await sandbox.process.wait() == 0
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
