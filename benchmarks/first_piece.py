"""How soon a parent sees the first words of an answer, and how many Bot API calls an answer takes.

The real bot against a bare aiogram bot that streams the same answer into drafts; both ask the same stand-ins in the
same run. What the stand-in of the language model itself needs for its first words is measured by its own SDK and
taken off. `python -m benchmarks.first_piece [--parents 100] [--rounds 3]`
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
from openai import AsyncOpenAI, DefaultAioHttpClient

from mentorium_sandbox.client import FakeParent, SandboxClient
from tests.e2e.sandbox import running_sandbox

_BARE_BOT = 434_343_434
_BARE_TOKEN = f"{_BARE_BOT}:bare-aiogram-streaming-bot"
_KEY = "sk-benchmark"
_QUESTION = "How did the week go?"
_ANSWER = "The week went well: many lessons, a few tests and a new award. " * 5
_PATIENCE_S = 120
_AT_ONCE_WHILE_REGISTERING = 10
_SHOWING = frozenset({"sendmessagedraft", "sendmessage", "editmessagetext"})


@dataclass(frozen=True, slots=True)
class Seen:
    """What one parent saw of one answer: seconds until the first words, and the calls that it took."""

    first_piece_s: float
    calls: int


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    at_once: int
    seen: Sequence[Seen]
    own_s: float

    @property
    def above_own_ms(self) -> float:
        """Half of the parents see the first words within so many milliseconds above the stand-in's own."""
        return (statistics.median(seen.first_piece_s for seen in self.seen) - self.own_s) * 1000

    def line(self) -> str:
        times = sorted(seen.first_piece_s for seen in self.seen)
        slow = (times[int(len(times) * 0.95)] - self.own_s) * 1000
        calls = statistics.mean(seen.calls for seen in self.seen)
        return f"| {self.name} | {self.at_once} | {self.above_own_ms:.0f} | {slow:.0f} | {calls:.1f} |"


@asynccontextmanager
async def _bare_bot(sandbox: SandboxClient) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.streaming_bot"),
        env={
            **os.environ,
            "BOT_TELEGRAM_TOKEN": _BARE_TOKEN,
            "BOT_TELEGRAM_API_URL": sandbox.url,
            "OPENAI_API_KEY": _KEY,
            "OPENAI_BASE_URL": f"{sandbox.url}/openai/v1",
        },
    )
    try:
        while not await sandbox.bot_calls("getMe", bot=_BARE_BOT):
            await asyncio.sleep(0.2)
        yield
    finally:
        process.terminate()
        await process.wait()


async def register(sandbox: SandboxClient, parents: int) -> list[int]:
    """Parents with a child each and a subscription, through the chat; the subscriptions are copies of the first."""
    gate = asyncio.Semaphore(_AT_ONCE_WHILE_REGISTERING)

    async def one(number: int) -> int:
        async with gate:
            parent = await sandbox.parent("en")
            child = await sandbox.child("Child", f"No{number}", email=f"parent{number}@example.uz")
            await parent.register(child, tariff=None)
            return parent.id

    users = list(await asyncio.gather(*(one(number) for number in range(parents))))
    await FakeParent(sandbox, users[0]).grant()
    await _copy_subscription(sandbox, users)
    return users


async def _copy_subscription(sandbox: SandboxClient, users: Sequence[int]) -> None:
    connection = await asyncpg.connect((await sandbox.state())["databases"]["bot"])
    try:
        columns = await connection.fetch(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND table_name = 'subscriptions' AND column_name NOT IN ('id', 'parent_id') AND is_generated = 'NEVER'"
        )
        names = ", ".join(row["column_name"] for row in columns)
        given = ", ".join(f"given.{row['column_name']}" for row in columns)
        await connection.execute(
            f"INSERT INTO subscriptions (parent_id, {names}) SELECT other.id, {given} FROM parents other"
            " CROSS JOIN (SELECT s.* FROM subscriptions s JOIN parents p ON p.id = s.parent_id"
            " WHERE p.telegram_id = $1) AS given WHERE other.telegram_id = ANY($2)",
            users[0],
            list(users[1:]),
        )
    finally:
        await connection.close()


async def _own_first_piece(sandbox: SandboxClient, at_once: int) -> float:
    """The median of seconds until the stand-in of the model sends its first words to its own SDK."""
    url = f"{sandbox.url}/openai/v1"
    async with AsyncOpenAI(api_key=_KEY, base_url=url, http_client=DefaultAioHttpClient()) as model:

        async def once() -> float:
            began = time.perf_counter()
            asked: Any = [{"role": "user", "content": _QUESTION}]
            stream = await model.chat.completions.create(model="gpt-6-luna", messages=asked, stream=True)
            async with stream:
                async for chunk in stream:
                    if chunk.choices[0].delta.content:
                        return time.perf_counter() - began
            raise RuntimeError("an answer without words")

        await once()
        return statistics.median(await asyncio.gather(*(once() for _ in range(at_once))))


async def _ask(sandbox: SandboxClient, users: Sequence[int], bot: int | None) -> list[Seen]:
    """All of these parents ask at once; returns when all have their answers."""
    before = await sandbox.last_bot_call()
    asked_at: dict[int, datetime] = {}

    async def ask(user: int) -> None:
        asked_at[user] = datetime.now(UTC)
        if not await FakeParent(sandbox, user, bot=bot).say(_QUESTION, wait_s=_PATIENCE_S):
            raise RuntimeError("a question without an answer")

    await asyncio.gather(*(ask(user) for user in users))
    made = await sandbox.bot_calls(after=before, bot=bot)
    return [_seen([c for c in made if str(c["params"].get("chat_id")) == str(user)], asked_at[user]) for user in users]


def _seen(calls: Sequence[Any], asked_at: datetime) -> Seen:
    showing = [call for call in calls if call["method"].lower() in _SHOWING and call["params"].get("text")]
    first = datetime.fromisoformat(showing[0]["time"])
    return Seen((first - asked_at).total_seconds(), len(calls))


async def _measure(
    name: str, sandbox: SandboxClient, users: Sequence[int], rounds: int, own_s: float, bot: int | None = None
) -> Row:
    await _ask(sandbox, users, bot)  # warm
    seen = [one for _ in range(rounds) for one in await _ask(sandbox, users, bot)]
    return Row(name, len(users), seen, own_s)


async def run(parents: int, rounds: int) -> list[tuple[Row, Row]]:
    """The floor and ours, for one parent and for all at once."""
    with tempfile.TemporaryDirectory() as folder:
        async with running_sandbox(Path(folder) / "sandbox", "--direct") as sandbox, _bare_bot(sandbox):
            return await _compare(sandbox, parents, rounds)


async def _compare(sandbox: SandboxClient, parents: int, rounds: int) -> list[tuple[Row, Row]]:
    users = await register(sandbox, parents)
    for user in users:
        await FakeParent(sandbox, user, bot=_BARE_BOT).start(wait_s=0)
    await sandbox.script_model(text=_ANSWER, times=1_000_000)
    pairs = []
    for group, times in ((users[:1], rounds * 5), (users, rounds)):
        own_s = await _own_first_piece(sandbox, len(group))
        floor = await _measure("bare aiogram bot", sandbox, group, times, own_s, _BARE_BOT)
        ours = await _measure("the real bot", sandbox, group, times, own_s)
        pairs.append((floor, ours))
    return pairs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parents", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    pairs = asyncio.run(run(arguments.parents, arguments.rounds))
    print("| | parents at once | first words above the stand-in's own, p50 ms | p95 ms | Bot API calls an answer |")
    print("|---|---|---|---|---|")
    for pair in pairs:
        for row in pair:
            print(row.line())
    for floor, ours in pairs:
        print(f"ratio at {ours.at_once}: {ours.above_own_ms / floor.above_own_ms:.2f} of the floor's time")


if __name__ == "__main__":
    main()
