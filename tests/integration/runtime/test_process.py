"""A process begins and ends in order: what an operator reads, and the exit status."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

import aiohttp

from tests.integration.runtime.ports import HOST, free_port


async def _webhook_app(folder: Path, port: int) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mentorium_bot.webhook_app"),
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "BOT_DB_URL": "postgresql://nobody@127.0.0.1:1/nothing",
            "WEBHOOK_PORT": str(port),
        },
        stderr=asyncio.subprocess.PIPE,
    )


async def _until_it_lives(port: int) -> None:
    """Nothing but its port tells that a process serves."""
    async with aiohttp.ClientSession() as http, asyncio.timeout(60):
        while True:
            try:
                async with http.get(f"http://{HOST}:{port}/health/live") as answer:
                    assert answer.status == 200
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)


async def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as listener:
        process = await _webhook_app(tmp_path, listener.getsockname()[1])
        _, errors = await asyncio.wait_for(process.communicate(), 60)
    (line,) = errors.decode().splitlines()
    assert line.startswith("mentorium_bot.webhook_app: cannot listen on port")
    assert process.returncode == 1


async def test_sigterm_is_an_end_in_order(tmp_path: Path) -> None:
    port = free_port()
    process = await _webhook_app(tmp_path, port)
    await _until_it_lives(port)
    process.send_signal(signal.SIGTERM)
    _, errors = await asyncio.wait_for(process.communicate(), 60)
    assert (process.returncode, errors) == (0, b"")


_HANGING = """
import asyncio
from mentorium_runtime.signals import stop_on_signals

async def main():
    stopping = stop_on_signals(0.2)
    print("ready", flush=True)
    await stopping.wait()
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_a_process_that_hangs_while_it_stops_says_where_and_leaves() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _HANGING), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    await asyncio.wait_for(process.stdout.readline(), 60)
    process.send_signal(signal.SIGTERM)
    _, errors = await asyncio.wait_for(process.communicate(), 60)
    assert (process.returncode, b"most recent call first" in errors) == (1, True)
