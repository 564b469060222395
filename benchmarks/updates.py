"""Updates a second: known parents press a button of the real bot, against a bare aiogram echo bot.

Both bots poll the same Telegram stand-in in the same run, each in a process of its own; the stand-in lives in this
process. They are pressed in turn, and the middle one of the rounds' ratios counts: a machine that others share is not
equally fast for a minute. `python -m benchmarks.updates [--parents 50] [--presses 400] [--rounds 7]`
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from benchmarks.cpu import cpu_seconds
from mentorium_sandbox.app import build_app
from mentorium_sandbox.client import SandboxClient
from mentorium_sandbox.sandbox import Sandbox
from mentorium_sandbox.settings import DEFAULT_PORT, HOST, Settings, free_port

ECHO_TOKEN = "424242424:bare-aiogram-echo-bot"
_BUTTON = "tariff:monthly"
_PATIENCE_S = 300


@dataclass(frozen=True, slots=True)
class Run:
    name: str
    presses: int
    seconds: float
    cpu_seconds: float

    @property
    def rate(self) -> float:
        return self.presses / self.seconds

    def line(self) -> str:
        cpu_ms = self.cpu_seconds * 1000 / self.presses
        return f"{self.name:24} {self.rate:7.0f} updates/s   {cpu_ms:6.2f} ms CPU an update"


async def press(sandbox: Sandbox, bot_id: int, users: Sequence[int], presses: int) -> None:
    """Put the presses into the bot's queue, in turn for each parent, and wait until every one is answered."""
    world = sandbox.telegram
    bot = world.bot(bot_id)
    due = world.journal.count(bot_id, "answerCallbackQuery") + presses
    for number in range(presses):
        conversation = world.conversation(bot, users[number % len(users)])
        if conversation is None:
            raise RuntimeError("an unknown parent")
        callback = world.add_callback(bot, conversation)
        query = {
            "id": callback.id,
            "from": conversation.user.as_user(),
            "chat_instance": "1",
            "data": _BUTTON,
            "message": {
                "message_id": 1,
                "date": int(time.time()),
                "chat": conversation.user.as_chat(),
                "from": bot.as_user(),
                "text": "Choose",
            },
        }
        bot.queue.put("callback_query", query, conversation)
    deadline = time.monotonic() + _PATIENCE_S
    while world.journal.count(bot_id, "answerCallbackQuery") < due or len(bot.queue):
        if time.monotonic() > deadline:
            raise TimeoutError(f"the bot did not answer all presses in {_PATIENCE_S} s")
        await asyncio.sleep(0.05)


async def _measure(name: str, sandbox: Sandbox, bot_id: int, pid: int, users: Sequence[int], presses: int) -> Run:
    cpu, started = cpu_seconds(pid), time.perf_counter()
    await press(sandbox, bot_id, users, presses)
    return Run(name, presses, time.perf_counter() - started, cpu_seconds(pid) - cpu)


async def register(sandbox: Sandbox, parents: int) -> list[int]:
    """Parents with a child each and a subscription, written as the product writes them: through the chat."""
    users = []
    async with SandboxClient.connect(sandbox.settings.url) as client:
        for number in range(parents):
            parent = await client.parent("en")
            child = await client.child("Child", f"No{number}", email=f"parent{number}@example.uz")
            await parent.register(child, tariff=None)
            users.append(parent.id)
    return users


async def echo_bot(sandbox: Sandbox) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.echo_bot"),
        env={
            **os.environ,
            "BOT_TELEGRAM_TOKEN": ECHO_TOKEN,
            "BOT_TELEGRAM_API_URL": sandbox.settings.url,
        },
    )


async def run(parents: int, presses: int, rounds: int) -> list[tuple[Run, Run]]:
    """Of each round the floor and ours."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            folder=Path(folder) / "sandbox",
            port=free_port(DEFAULT_PORT + 1000, set()),
            headless=True,
            fresh=True,
            telegram_limits=False,
            webhook=False,
            foreign_bot_db=None,
            foreign_platform_db=None,
            foreign_redis=None,
        )
        sandbox = Sandbox.prepare(settings)
        runner = web.AppRunner(build_app(sandbox), access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, HOST, settings.port).start()
        echo = None
        try:
            await sandbox.start_databases()
            sandbox.start_parts()
            await sandbox.wait_until_parts_serve()
            users = await register(sandbox, parents)
            echo = await echo_bot(sandbox)
            bots = {
                "bare aiogram echo bot": (sandbox.telegram.authorise(ECHO_TOKEN).id, echo.pid),
                "the real bot": (sandbox.keys.bot_id, sandbox.parts["bot"].pid),
            }
            for bot_id, _ in bots.values():
                await press(sandbox, bot_id, users, presses)  # warm
            found: list[tuple[Run, Run]] = []
            for _ in range(rounds):
                floor, ours = [
                    await _measure(name, sandbox, bot_id, pid, users, presses) for name, (bot_id, pid) in bots.items()
                ]
                found.append((floor, ours))
            return found
        finally:
            if echo is not None:
                echo.terminate()
                await echo.wait()
            await sandbox.stop()
            await runner.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parents", type=int, default=50)
    parser.add_argument("--presses", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    # each parent presses faster than a person's quota lets them
    os.environ |= {"BOT_UPDATES_AT_ONCE": "1000", "BOT_UPDATES_A_SECOND": "1000"}
    found = asyncio.run(run(arguments.parents, arguments.presses, arguments.rounds))
    for runs in zip(*found, strict=True):
        print(sorted(runs, key=lambda one: one.rate)[len(runs) // 2].line())
    ratios = sorted(ours.rate / floor.rate for floor, ours in found)
    print(
        f"ratio: the real bot makes {statistics.median(ratios):.2f} of the floor's updates a second"
        f" ({ratios[0]:.2f} to {ratios[-1]:.2f})"
    )


if __name__ == "__main__":
    main()
