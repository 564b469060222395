"""How long a parent waits for a whole answer, and how soon a checked sentence of it shows, while the model takes 1.9 s.

Against the bare SDK asking the same stand-in in the same run. The model's stand-in is silent first, sends one sentence,
is silent again and sends the rest: when it has sent the last character of the first sentence is known by its journal.
`python -m benchmarks.whole_answer [--parents 100] [--rounds 3]`
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from openai import AsyncOpenAI, DefaultAioHttpClient

from benchmarks.first_piece import register
from mentorium_sandbox.client import FakeParent, SandboxClient
from tests.e2e.sandbox import running_sandbox

_HALF_S: Final = 0.95
_FIRST: Final = "The week went well, and calmly so. "
_REST: Final = "There is nothing to worry about. Ask your child tonight what was new. " * 3
_QUESTION: Final = "How are things?"
_KEY: Final = "sk-benchmark"
_PATIENCE_S: Final = 120


@dataclass(frozen=True, slots=True)
class Seen:
    """Of one answer: seconds until its end, and from the first sentence's last character until it showed; calls."""

    whole_s: float
    sentence_s: float
    lasting_calls: int
    drafts: int


async def _bare(sandbox: SandboxClient, at_once: int) -> float:
    """The median of seconds until the bare SDK has the whole answer."""
    url = f"{sandbox.url}/openai/v1"
    async with AsyncOpenAI(api_key=_KEY, base_url=url, max_retries=0, http_client=DefaultAioHttpClient()) as model:

        async def once() -> float:
            began = time.perf_counter()
            asked: Any = [{"role": "user", "content": _QUESTION}]
            async with await model.chat.completions.create(model="gpt-6-luna", messages=asked, stream=True) as stream:
                async for _ in stream:
                    pass
            return time.perf_counter() - began

        await once()
        return statistics.median(await asyncio.gather(*(once() for _ in range(at_once))))


async def _ask(sandbox: SandboxClient, users: Sequence[int]) -> list[Seen]:
    before = await sandbox.last_bot_call()
    model_before = len(await sandbox.model_requests())
    asked_at: dict[int, datetime] = {}

    async def ask(number: int, user: int) -> None:
        asked_at[user] = datetime.now(UTC)
        if not await FakeParent(sandbox, user).say(f"{_QUESTION} {number}", wait_s=_PATIENCE_S):
            raise RuntimeError("a question without an answer")

    await asyncio.gather(*(ask(number, user) for number, user in enumerate(users)))
    made = await sandbox.bot_calls(after=before)
    requests = [one for one in (await sandbox.model_requests())[model_before:] if "messages" in one["body"]]
    sent = {users[_number_of(one)]: datetime.fromisoformat(one["time"]) for one in requests}
    return [
        _seen([call for call in made if str(call["params"].get("chat_id")) == str(user)], asked_at[user], sent[user])
        for user in users
    ]


def _number_of(request: Any) -> int:
    """Whose question it is: each parent's ends in a number of its own."""
    return int(str(request["body"]["messages"][-1]["content"]).rsplit(" ", 1)[1])


def _seen(calls: Sequence[Any], asked_at: datetime, requested_at: datetime) -> Seen:
    shown = next(call for call in calls if _FIRST.strip() in str(call["params"].get("text", "")))
    last = next(call for call in calls if call["method"].lower() == "sendmessage")
    drafts = sum(call["method"].lower() == "sendmessagedraft" for call in calls)
    return Seen(
        (datetime.fromisoformat(last["time"]) - asked_at).total_seconds(),
        (datetime.fromisoformat(shown["time"]) - requested_at).total_seconds() - _HALF_S,
        len(calls) - drafts,
        drafts,
    )


async def run(parents: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with running_sandbox(Path(folder) / "sandbox", "--direct") as sandbox:
            users = await register(sandbox, parents)
            await sandbox.script_model(
                chunks=[_FIRST, _REST], delay_ms=_HALF_S * 1000, stall_s=_HALF_S, times=1_000_000
            )
            print(
                "| parents | bare SDK, p50 s | ours, p50 s | ratio | first sentence, p50 ms | p95 ms | calls | drafts |"
            )
            print("|---|---|---|---|---|---|---|---|")
            for group, times in ((users[:1], rounds * 3), (users, rounds)):
                await _ask(sandbox, group)  # warm
                floor = statistics.median([await _bare(sandbox, len(group)) for _ in range(times)])
                seen = [one for _ in range(times) for one in await _ask(sandbox, group)]
                print(_line(len(group), floor, seen))


def _line(at_once: int, floor_s: float, seen: Sequence[Seen]) -> str:
    whole = statistics.median(one.whole_s for one in seen)
    late = sorted(one.sentence_s * 1000 for one in seen)
    calls = statistics.mean(one.lasting_calls for one in seen)
    drafts = statistics.mean(one.drafts for one in seen)
    return (
        f"| {at_once} | {floor_s:.2f} | {whole:.2f} | {whole / floor_s:.2f} | {statistics.median(late):.0f} |"
        f" {late[int(len(late) * 0.95)]:.0f} | {calls:.1f} | {drafts:.1f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parents", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    asyncio.run(run(arguments.parents, arguments.rounds))


if __name__ == "__main__":
    main()
