"""What health, log and metrics say while something fails: `make failures` writes docs/FAILURES.md.

Each failure is the one that a test of this folder survives; here it is looked at from an operator's side.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import aiohttp

from tests.e2e.sandbox import Sandbox, running_sandbox
from tests.hardship.conftest import registered
from tests.hardship.cuts_page import section_of
from tests.hardship.failures import FAILURES, Failure
from tests.hardship.failures_page import Row, followed_question, page
from tests.hardship.observed_processes import LogReader, addresses, metrics_of

QUESTION: Final = "How did the last week go?"
_ANSWERS_WITHIN: Final = aiohttp.ClientTimeout(total=8)
_WELL_WITHIN_S: Final = 150.0
_NOTICED_WITHIN_S: Final = 6.0
_PATHS: Final = ("/health/live", "/health/ready", "/health")


@dataclass(slots=True)
class Watch:
    """The worst that each process has answered to each question, and the parts that it named."""

    statuses: dict[tuple[str, str], int] = field(default_factory=dict)
    unwell: dict[str, dict[str, str]] = field(default_factory=dict)

    async def look(self, http: aiohttp.ClientSession, ports: dict[str, int]) -> None:
        await asyncio.gather(*(self._ask(http, *one, path) for one in ports.items() for path in _PATHS))

    async def _ask(self, http: aiohttp.ClientSession, process: str, port: int, path: str) -> None:
        try:
            async with http.get(f"http://127.0.0.1:{port}{path}", timeout=_ANSWERS_WITHIN) as answer:
                status, told = answer.status, await answer.json()
        except (aiohttp.ClientError, TimeoutError):
            status, told = 0, {}
        known = self.statuses.get((process, path), 200)
        if status == 0 or (status > known and known != 0):
            self.statuses[process, path] = status
        else:
            self.statuses.setdefault((process, path), status)
        if path == "/health":
            bad = {name: state for name, state in told.get("parts", {}).items() if state != "ok"}
            self.unwell.setdefault(process, {}).update(bad)


async def watched(sandbox: Sandbox, failure: Failure) -> Row:
    """Let it happen to a parent who asks, and write down what an operator would see."""
    parent = await registered(sandbox)
    log, watch, clock = LogReader(sandbox.folder / "logs"), Watch(), asyncio.get_running_loop()
    before, ports = await metrics_of(sandbox), addresses(sandbox.process.pid)
    async with aiohttp.ClientSession() as http, failure.begin(sandbox, parent):
        began = clock.time()
        await asyncio.gather(parent.say(QUESTION, wait_s=0), parent.say("/children", wait_s=0))
        if failure.kills is not None:
            await asyncio.sleep(0.4)
            await sandbox.kill_part(failure.kills)
        while clock.time() - began < failure.lasts_s:
            await watch.look(http, ports | addresses(sandbox.process.pid))
            await asyncio.sleep(1)
        said, after = log.new_lines(), await metrics_of(sandbox)
    await until_all_is_well(sandbox)
    return Row(failure.name, failure.tests, watch.statuses, watch.unwell, said, before, after, log.new_lines())


async def until_all_is_well(sandbox: Sandbox) -> None:
    """As far as each process has noticed, too. The model is asked: health knows of it what its last answer was."""
    await sandbox.wait_until_ready()
    parent = await registered(sandbox)
    async with aiohttp.ClientSession() as http, asyncio.timeout(_WELL_WITHIN_S):
        while True:
            await parent.say(QUESTION, wait_s=5)
            watch = Watch()
            await watch.look(http, addresses(sandbox.process.pid))
            if set(watch.statuses.values()) == {200} and not any(watch.unwell.values()):
                break
            await asyncio.sleep(2)
    await asyncio.sleep(_NOTICED_WITHIN_S)


async def main(target: Path, only: str) -> None:
    os.environ.pop("PROMETHEUS_MULTIPROC_DIR", None)
    with tempfile.TemporaryDirectory() as folder:
        async with running_sandbox(Path(folder) / "sandbox") as sandbox:
            rows: list[Row] = []
            for failure in FAILURES:
                if re.search(only, failure.name):
                    print(failure.name, flush=True)
                    rows.append(await watched(sandbox, failure))
            question = await _ask(sandbox)
            target.write_text(page(rows, question, section_of(target)), encoding="utf-8")


async def _ask(sandbox: Sandbox) -> str:
    """A question on a good day, and all that carries its id."""
    parent = await registered(sandbox)
    log = LogReader(sandbox.folder / "logs")
    await parent.say(QUESTION, wait_s=30)
    await asyncio.sleep(2)
    rows: list[Any] = await sandbox.rows(
        "SELECT trace_id, status, tokens_used, model FROM dialogs WHERE parent_telegram_id = $1", parent.id
    )
    return followed_question(dict(rows[-1]), log.new_lines())


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""))
