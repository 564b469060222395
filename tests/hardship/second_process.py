"""One more bot or worker beside a running sandbox, given what the sandbox has given its own."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.e2e.sandbox import Sandbox, free_port
from tests.fixtures.forked_sandbox import environment_file

_ENDS_WITHIN_S: Final = 30
_HEALTH_PORT: Final = {"mentorium_bot.main": "BOT_HEALTH_PORT", "mentorium_reporting.main": "WORKER_HEALTH_PORT"}


@dataclass(frozen=True, slots=True)
class SecondProcess:
    process: asyncio.subprocess.Process
    log_file: Path
    port: int

    @property
    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8")

    async def until_logged(self, event: str) -> None:
        """AssertionError with its log if it ends before."""
        while f'"{event}"' not in self.log:
            assert self.process.returncode is None, self.log[-3000:]
            await asyncio.sleep(0.1)


@asynccontextmanager
async def second_process(
    sandbox: Sandbox, module: str, folder: Path, more: Mapping[str, str] | None = None
) -> AsyncIterator[SecondProcess]:
    """`python -m module` with the same token and databases and `more` in its environment; stopped with the block."""
    metrics, port = folder / "metrics", free_port()
    metrics.mkdir(parents=True)
    environment = {
        **environment_of(sandbox, module),
        _HEALTH_PORT[module]: str(port),
        "PROMETHEUS_MULTIPROC_DIR": str(metrics),
        "JSON_LOGS": "true",
        **(more or {}),
    }
    log_file = folder / "log.jsonl"
    with log_file.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module),
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
        )
    try:
        yield SecondProcess(process, log_file, port)
    finally:
        if process.returncode is None:
            process.terminate()
            await asyncio.wait_for(process.wait(), _ENDS_WITHIN_S)


def environment_of(sandbox: Sandbox, module: str) -> dict[str, str]:
    """What the sandbox has given its own process of this module."""
    kept = environment_file(sandbox.folder, module)
    if kept.exists():  # a forked process does not show its own
        known: dict[str, str] = json.loads(kept.read_text(encoding="utf-8"))
        return known
    pid = sandbox.process.pid
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
        if module.encode() in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0"):
            pairs = Path(f"/proc/{child}/environ").read_bytes().decode().split("\0")
            return dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    raise AssertionError(f"the sandbox does not run {module}")
