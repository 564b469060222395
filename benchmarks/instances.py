"""Updates a second with one and with two instances, each a bot and a webhook app behind nginx.

Known parents press a button of the real bot; Telegram's stand-in brings the presses as webhooks, over TLS. Stand-in,
PostgreSQL, nginx and instances share this machine, so that its cores, not an instance, would be the limit: each process
of an instance therefore gets a share of one core, and is held (SIGSTOP) while it has had more. The floor is a bare
aiogram bot that polls, with the same share. `python -m benchmarks.instances [--share 0.2] [--presses 600]`
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import web

from benchmarks.cpu import cpu_seconds
from benchmarks.updates import ECHO_TOKEN, echo_bot, press, register
from mentorium_sandbox.app import build_app
from mentorium_sandbox.sandbox import Sandbox
from mentorium_sandbox.settings import DEFAULT_PORT, HOST, Settings, free_port
from tests.fixtures.instances import Instance, make_certificate, proxy

_LOOK_EVERY_S: Final = 0.01
_MOST_SAVED_S: Final = 0.05


def _on_cpu_s(pid: int) -> float:
    """To the nanosecond, where /proc/<pid>/stat counts hundredths of a second (Linux)."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError):  # it has ended just now
            total += int((task / "schedstat").read_text(encoding="ascii").split()[0])
    return total / 1e9


@asynccontextmanager
async def limited(pid: int, share: float) -> AsyncIterator[None]:
    """While the block runs, this process has at most `share` of one core."""

    async def hold() -> None:
        held, last, had, credit = False, time.monotonic(), _on_cpu_s(pid), 0.0
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            now, has = time.monotonic(), _on_cpu_s(pid)
            credit = min(credit + (now - last) * share - (has - had), _MOST_SAVED_S)
            last, had = now, has
            if held != (credit < 0):
                held = credit < 0
                os.kill(pid, signal.SIGSTOP if held else signal.SIGCONT)

    async with asyncio.TaskGroup() as group:
        holding = group.create_task(hold())
        try:
            yield
        finally:
            holding.cancel()
            os.kill(pid, signal.SIGCONT)


@dataclass(frozen=True, slots=True)
class Run:
    name: str
    presses: int
    seconds: float
    cpu: Mapping[str, float]

    @property
    def rate(self) -> float:
        return self.presses / self.seconds

    def row(self, floor: float) -> str:
        cpu = ", ".join(f"{name} {used * 1000 / self.presses:.1f}" for name, used in self.cpu.items())
        return f"| {self.name} | {self.rate:.1f} | {self.rate / floor:.2f} | {cpu} |"


async def measure(
    name: str, sandbox: Sandbox, bot_id: int, processes: Mapping[str, Sequence[int]], users: Sequence[int], most: int
) -> Run:
    """Presses until `most` are answered; CPU seconds of each kind of process."""
    await press(sandbox, bot_id, users, most // 10)  # warm
    before, began = {kind: sum(map(cpu_seconds, pids)) for kind, pids in processes.items()}, time.perf_counter()
    await press(sandbox, bot_id, users, most)
    seconds = time.perf_counter() - began
    return Run(
        name, most, seconds, {kind: sum(map(cpu_seconds, pids)) - before[kind] for kind, pids in processes.items()}
    )


async def with_instances(
    count: int, sandbox: Sandbox, users: Sequence[int], folder: Path, share: float, presses: int
) -> Run:
    """So many instances behind nginx."""
    taken: set[int] = set()
    ports = [free_port(18_001 + number, taken) for number in range(2 * count)]
    entrance = free_port(18_443, taken)
    given = {**sandbox.environment(), "BOT_WEBHOOK_URL": f"https://localhost:{entrance}/webhooks/telegram"}
    apps = [Instance("mentorium_bot.webhook_app", port, given, folder / f"app{port}") for port in ports[:count]]
    bots = [Instance("mentorium_bot.main", port, given, folder / f"bot{port}") for port in ports[count:]]
    async with AsyncExitStack() as stack:
        certificate, key = folder / "certificate.pem", folder / "key.pem"
        outside = await stack.enter_async_context(proxy(folder / "nginx", entrance, ports[:count], certificate, key))
        for one in (*apps, *bots):
            stack.push_async_callback(one.stop)
            await one.start()
        bot = sandbox.telegram.bot(sandbox.keys.bot_id)
        while bot.webhook is None or bot.webhook.address.url != given["BOT_WEBHOOK_URL"]:
            await asyncio.sleep(0.1)
        for one in (*apps, *bots):
            await stack.enter_async_context(limited(one.pid, share))
        processes = {"bot": [one.pid for one in bots], "webhook app": [one.pid for one in apps]}
        processes["nginx"] = [outside.process.pid, *outside.workers()]
        name = f"{count} instance{'s' if count > 1 else ''}"
        return await measure(name, sandbox, sandbox.keys.bot_id, processes, users, presses)


async def floor(sandbox: Sandbox, users: Sequence[int], share: float, presses: int) -> Run:
    """The bare bot."""
    echo = await echo_bot(sandbox)
    try:
        bot_id = sandbox.telegram.authorise(ECHO_TOKEN).id
        await press(sandbox, bot_id, users, 10)  # it is up
        async with limited(echo.pid, share):
            return await measure("bare aiogram bot", sandbox, bot_id, {"bot": [echo.pid]}, users, presses)
    finally:
        echo.terminate()
        await echo.wait()


async def run(parents: int, presses: int, share: float, folder: Path) -> None:
    certificate, _ = make_certificate(folder)
    os.environ["SSL_CERT_FILE"] = str(certificate)  # what Telegram's stand-in, which lives here, trusts
    port = free_port(DEFAULT_PORT + 1000, set())
    settings = Settings(folder / "sandbox", port, True, True, False, True, None, None, None)
    sandbox = Sandbox.prepare(settings)
    runner = web.AppRunner(build_app(sandbox), access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, HOST, settings.port).start()
    try:
        await sandbox.start_databases()
        sandbox.start_parts()
        await sandbox.wait_until_parts_serve()
        users = await register(sandbox, parents)
        await asyncio.gather(*(sandbox.parts[name].halt() for name in ("bot", "webhook", "worker")))
        bare = await floor(sandbox, users, share, presses)
        print(bare.row(bare.rate), flush=True)
        for count in (1, 2):
            place = folder / f"{count}"
            place.mkdir()
            for name in ("certificate.pem", "key.pem"):
                (place / name).symlink_to(folder / name)
            print((await with_instances(count, sandbox, users, place, share, presses)).row(bare.rate), flush=True)
    finally:
        await sandbox.stop()
        await runner.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parents", type=int, default=50)
    parser.add_argument("--presses", type=int, default=600)
    parser.add_argument("--share", type=float, default=0.2, help="of one core, for each process of an instance")
    given = parser.parse_args()
    # each parent presses faster than a person's quota lets them
    os.environ |= {"BOT_UPDATES_AT_ONCE": "1000", "BOT_UPDATES_A_SECOND": "1000"}
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}, each process has {given.share} of a core")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(given.parents, given.presses, given.share, Path(folder)))


if __name__ == "__main__":
    main()
