"""The bot of the release before, beside a running sandbox: its own code, this virtual environment."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.e2e.sandbox import Sandbox, free_port

REPOSITORY: Final = Path(__file__).parents[2]
COMMIT: Final = (Path(__file__).parent / "released_before.txt").read_text(encoding="utf-8").strip()
"""What the next release is rolled out beside. Each release writes its predecessor here."""
_ENDS_WITHIN_S: Final = 30


@dataclass(frozen=True, slots=True)
class OldBot:
    process: asyncio.subprocess.Process
    log_file: Path

    @property
    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8")

    async def until_started(self) -> None:
        """AssertionError with its log if it ends before."""
        while '"bot_started"' not in self.log:
            assert self.process.returncode is None, self.log[-3000:]
            await asyncio.sleep(0.1)


async def extract(folder: Path) -> None:
    """The code of that commit. AssertionError where the history does not reach so far (a shallow clone)."""
    folder.mkdir()
    archive = folder.with_suffix(".tar")
    for command in (
        ("git", "-C", str(REPOSITORY), "archive", "--output", str(archive), COMMIT, "packages", "apps"),
        ("tar", "-xf", str(archive), "-C", str(folder)),
    ):
        process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
        _, errors = await process.communicate()
        assert process.returncode == 0, errors.decode()


@asynccontextmanager
async def old_bot(sandbox: Sandbox, folder: Path) -> AsyncIterator[OldBot]:
    """Polls as the sandbox's own bot does, with the same token and the same databases; stopped with the block."""
    code = folder / "released_before"
    await extract(code)
    rooms = sorted([*(code / "packages").iterdir(), *(code / "apps").iterdir()])
    metrics = folder / "metrics_before"
    metrics.mkdir()
    environment = {
        **_environment_of_the_bot(sandbox),
        "PYTHONPATH": os.pathsep.join(str(room) for room in rooms),
        "BOT_HEALTH_PORT": str(free_port()),
        "PROMETHEUS_MULTIPROC_DIR": str(metrics),
        "JSON_LOGS": "true",
    }
    log_file = folder / "bot_before.jsonl"
    with log_file.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "mentorium_bot.main"),
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
        )
    try:
        yield OldBot(process, log_file)
    finally:
        if process.returncode is None:
            process.terminate()
            await asyncio.wait_for(process.wait(), _ENDS_WITHIN_S)


def _environment_of_the_bot(sandbox: Sandbox) -> dict[str, str]:
    """What the sandbox has given its own bot."""
    pid = sandbox.process.pid
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
        if b"mentorium_bot.main" in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0"):
            pairs = Path(f"/proc/{child}/environ").read_bytes().decode().split("\0")
            return dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    raise AssertionError("the sandbox runs no bot")
