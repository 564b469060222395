"""How soon a parent sees the first words of an answer, and how many Bot API calls an answer takes.

The real bot against a bare aiogram bot that streams the same answer into drafts; both ask the same stand-ins in the
same run. What the stand-in of the language model itself needs for its first words is measured by its own SDK and
taken off. `python -m benchmarks.first_piece [--parents 100] [--rounds 3]`
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
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

import aiohttp
import asyncpg
from openai import AsyncOpenAI, DefaultAioHttpClient

from mentorium_sandbox.settings import HOST

_BARE_BOT = 434_343_434
_BARE_TOKEN = f"{_BARE_BOT}:bare-aiogram-streaming-bot"
_KEY = "sk-benchmark"
_QUESTION = "How did the week go?"
_ANSWER = "The week went well: five lessons, two tests and a new award. " * 5
_READY_S = 180
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


@dataclass(frozen=True, slots=True)
class Sandbox:
    url: str
    http: aiohttp.ClientSession

    async def call(self, method: str, path: str, body: object = None) -> Any:
        async with self.http.request(method, f"{self.url}/sandbox/{path}", json=body) as answer:
            answer.raise_for_status()
            return await answer.json()


@asynccontextmanager
async def _running_sandbox() -> AsyncIterator[Sandbox]:
    port = _unused_port()
    with tempfile.TemporaryDirectory() as folder:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "mentorium_sandbox", "--headless", "--port", str(port)),
            *("--data", str(Path(folder) / "sandbox")),
            stdout=asyncio.subprocess.DEVNULL,
        )
        try:
            timeout = aiohttp.ClientTimeout(total=_PATIENCE_S + 30)
            connector = aiohttp.TCPConnector(limit=0)
            async with aiohttp.ClientSession(timeout=timeout, connector=connector) as http:
                sandbox = Sandbox(f"http://{HOST}:{port}", http)
                await asyncio.wait_for(_until_ready(sandbox), _READY_S)
                yield sandbox
        finally:
            process.terminate()
            await process.wait()


def _unused_port() -> int:
    """Not kept: the sandbox, which is another process, takes it itself."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


async def _until_ready(sandbox: Sandbox) -> None:
    while True:
        try:
            async with sandbox.http.get(f"{sandbox.url}/sandbox/health") as answer:
                if answer.status == 200:
                    return
        except aiohttp.ClientConnectionError:
            pass
        await asyncio.sleep(0.2)


@asynccontextmanager
async def _bare_bot(sandbox: Sandbox) -> AsyncIterator[None]:
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
        while not (await sandbox.call("GET", f"calls?method=getMe&bot={_BARE_BOT}"))["calls"]:
            await asyncio.sleep(0.2)
        yield
    finally:
        process.terminate()
        await process.wait()


async def _register(sandbox: Sandbox, parents: int) -> list[int]:
    """Parents with a child each and a subscription, through the chat; the subscriptions are copies of the first."""
    gate = asyncio.Semaphore(_AT_ONCE_WHILE_REGISTERING)

    async def one(number: int) -> int:
        async with gate:
            user: int = (await sandbox.call("POST", "users", {"first_name": "Parent", "language_code": "en"}))["id"]
            guardian = {"full_name": f"Parent {number}", "email": f"parent{number}@example.uz"}
            child = {"first_name": "Child", "last_name": f"No{number}", "guardian": guardian}
            link = (await sandbox.call("POST", "platform/students", child))["link_code"]
            shown = (await sandbox.call("POST", f"users/{user}/start", {"payload": link}))["replies"]
            for button in ("lang:en", "consent:yes"):
                press = {"message_id": shown[-1]["message_id"], "button": button, "wait_s": 60}
                answer = await sandbox.call("POST", f"users/{user}/press", press)
                shown = [*answer["edited"], *answer["replies"]]
            return user

    users = list(await asyncio.gather(*(one(number) for number in range(parents))))
    await sandbox.call("POST", f"users/{users[0]}/grant", {"tariff": "monthly"})
    await _copy_subscription(sandbox, users)
    return users


async def _copy_subscription(sandbox: Sandbox, users: Sequence[int]) -> None:
    connection = await asyncpg.connect((await sandbox.call("GET", "state"))["databases"]["bot"])
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


async def _own_first_piece(sandbox: Sandbox, at_once: int) -> float:
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


async def _ask(sandbox: Sandbox, users: Sequence[int], bot: int | None) -> list[Seen]:
    """All of these parents ask at once; returns when all have their answers."""
    calls = (await sandbox.call("GET", "calls"))["calls"]
    before = calls[-1]["seq"] if calls else 0
    asked_at: dict[int, datetime] = {}

    async def ask(user: int) -> None:
        asked_at[user] = datetime.now(UTC)
        body = {"text": _QUESTION, "wait_s": _PATIENCE_S} | ({"bot": bot} if bot else {})
        if not (await sandbox.call("POST", f"users/{user}/messages", body))["replies"]:
            raise RuntimeError("a question without an answer")

    await asyncio.gather(*(ask(user) for user in users))
    of_bot = f"&bot={bot}" if bot else ""
    made = (await sandbox.call("GET", f"calls?after={before}{of_bot}"))["calls"]
    return [_seen([c for c in made if str(c["params"].get("chat_id")) == str(user)], asked_at[user]) for user in users]


def _seen(calls: Sequence[Any], asked_at: datetime) -> Seen:
    showing = [call for call in calls if call["method"].lower() in _SHOWING and call["params"].get("text")]
    first = datetime.fromisoformat(showing[0]["time"])
    return Seen((first - asked_at).total_seconds(), len(calls))


async def _measure(
    name: str, sandbox: Sandbox, users: Sequence[int], rounds: int, own_s: float, bot: int | None = None
) -> Row:
    await _ask(sandbox, users, bot)  # warm
    seen = [one for _ in range(rounds) for one in await _ask(sandbox, users, bot)]
    return Row(name, len(users), seen, own_s)


async def run(parents: int, rounds: int) -> list[tuple[Row, Row]]:
    """The floor and ours, for one parent and for all at once."""
    async with _running_sandbox() as sandbox, _bare_bot(sandbox):
        users = await _register(sandbox, parents)
        for user in users:
            await sandbox.call("POST", f"users/{user}/start", {"bot": _BARE_BOT, "wait_s": 0})
        await sandbox.call("POST", "openai/script", {"text": _ANSWER, "times": 1_000_000})
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
