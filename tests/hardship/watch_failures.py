"""What health, log and metrics say while something fails: `make failures` writes docs/FAILURES.md from a real sandbox.

Each failure is the one that a test of this folder survives; here it is looked at from an operator's side.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import aiohttp

from mentorium_db.migrate import downgrade, upgrade
from mentorium_sandbox.client import FakeParent
from tests.e2e.sandbox import Sandbox, running_sandbox
from tests.hardship.conftest import registered
from tests.hardship.failures_page import Row, followed_question, page
from tests.hardship.observed_processes import LogReader, addresses, metrics_of

QUESTION: Final = "How did the last week go?"
_ANSWERS_WITHIN: Final = aiohttp.ClientTimeout(total=8)
_PATHS: Final = ("/health/live", "/health/ready", "/health")
Begin = Callable[[Sandbox, FakeParent], AbstractAsyncContextManager[object]]


@dataclass(frozen=True, slots=True)
class Failure:
    """`tests`: those of this folder that survive it. `lasts_s`: as long as it takes to be noticed everywhere."""

    name: str
    begin: Begin
    tests: tuple[str, ...]
    lasts_s: float = 12.0


def _fault(target: str, kind: str, **more: object) -> Begin:
    return lambda sandbox, _: sandbox.fault(target, kind, **more)


@asynccontextmanager
async def _killed(sandbox: Sandbox, _: FakeParent) -> AsyncIterator[None]:
    await sandbox.script_model(chunks=["Kamron ", "has ", "done ", "well."], delay_ms=300, times=2)
    yield
    await sandbox.clear_model_scripts()


@asynccontextmanager
async def _deployed(sandbox: Sandbox, _: FakeParent) -> AsyncIterator[None]:
    await sandbox.stop_part("bot")
    yield
    await sandbox.start_part("bot")


@asynccontextmanager
async def _flooded(_: Sandbox, parent: FakeParent) -> AsyncIterator[None]:
    for _round in range(12):
        await asyncio.gather(*(parent.say("/help", wait_s=0) for _ in range(50)))
    yield


def _away(part: str) -> Begin:
    return lambda sandbox, _: sandbox.part_away(part)


@asynccontextmanager
async def _schema_taken_back(sandbox: Sandbox, _: FakeParent) -> AsyncIterator[None]:
    dsn = (await sandbox.state())["databases"]["bot"]
    await downgrade(dsn, "-1")
    yield
    await upgrade(dsn, "head")


@asynccontextmanager
async def _contested(sandbox: Sandbox, _: FakeParent) -> AsyncIterator[None]:
    token = (await sandbox.state())["keys"]["telegram_token"]

    async def poll() -> None:
        while True:
            url = f"{sandbox.url}/bot{token}/getUpdates"
            async with sandbox.http.get(url, params={"timeout": "20", "offset": "-1"}) as answer:
                await answer.read()
            await asyncio.sleep(1)

    other = asyncio.create_task(poll())
    yield
    other.cancel()


FAILURES: Final = (
    Failure("Our database only reads", _fault("bot_db", "read_only"), ("test_a_question_while_our_database_is_away",)),
    Failure("Our database is gone", _fault("bot_db", "down"), ("test_a_question_while_our_database_is_away",)),
    Failure("Our database hangs", _fault("bot_db", "timeout"), ("test_a_question_while_our_database_is_away",), 20),
    Failure(
        "The answer to a COMMIT is lost, twice",
        _fault("bot_db", "commit_lost", times=2, match="*insert into dialogs*"),
        ("test_a_lost_answer_to_commit_loses_nothing_and_doubles_nothing",),
    ),
    Failure("Its schema lacks a migration", _schema_taken_back, ()),
    Failure("The bot is killed while it answers", _killed, ("test_a_bot_killed_while_it_answers",), 20),
    Failure("The bot is stopped for a deploy", _deployed, ("test_a_deploy_stops_no_answer",), 8),
    Failure("Telegram is away", _fault("telegram", "down"), ("test_telegram_away_when_the_answer_is_sent",)),
    Failure(
        "Telegram's answer to a message is lost",
        _fault("telegram", "drop_response", match="sendMessage", times=1),
        (
            "test_a_lost_answer_to_the_first_part_costs_no_other",
            "test_a_reply_whose_answer_is_lost_raises_no_false_alarm",
        ),
    ),
    Failure("Another process polls with this token", _contested, (), 45),
    Failure(
        "The platform hangs",
        _fault("platform_db", "timeout"),
        ("test_a_hanging_platform_costs_help_nothing",),
        20,
    ),
    Failure(
        "One parent writes 600 messages", _flooded, ("test_one_parents_flood_delays_another_by_two_seconds_at_most",)
    ),
    Failure("Redis is away", _away("redis"), ("test_redis_away_known_parents_are_served",)),
    Failure("The language model is away", _fault("openai", "down"), (), 25),
)


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
        if "killed" in failure.name:
            await asyncio.sleep(0.4)
            await sandbox.kill_part("bot")
        while clock.time() - began < failure.lasts_s:
            await watch.look(http, ports | addresses(sandbox.process.pid))
            await asyncio.sleep(1)
        said, after = log.new_lines(), await metrics_of(sandbox)
    await sandbox.wait_until_ready()
    await asyncio.sleep(6)
    return Row(failure.name, failure.tests, watch.statuses, watch.unwell, said, before, after, log.new_lines())


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
            target.write_text(page(rows, question), encoding="utf-8")


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
