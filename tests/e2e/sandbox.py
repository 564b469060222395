"""The sandbox as the end-to-end tests drive it: a process of its own, and the client of its control API."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from mentorium_sandbox.client import SandboxCallError, SandboxClient

_READY_S = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(slots=True)
class Sandbox(SandboxClient):
    """The client of a sandbox that these tests have started; `folder` holds its data."""

    process: asyncio.subprocess.Process
    folder: Path

    async def refusal(self, method: str, path: str, body: object = None, *, status: int = 400) -> str:
        """The reason that a call is refused with, which it has to be."""
        with pytest.raises(SandboxCallError) as refused:
            await self.call(method, path, body)
        assert refused.value.status == status, refused.value
        assert isinstance(refused.value.body, dict), refused.value
        return str(refused.value.body["error"])

    async def get_text(self, url: str) -> str:
        """What stands at this address, which has to answer 200."""
        async with self.http.get(url) as answer:
            assert answer.status == 200, url
            return await answer.text()

    async def rows(self, query: str, *arguments: object, database: str = "bot") -> list[asyncpg.Record]:
        """Rows of the bot's (or the platform's) database, read with an owner's rights."""
        connection = await asyncpg.connect((await self.state())["databases"][database])
        try:
            return await connection.fetch(query, *arguments)
        finally:
            await connection.close()


@asynccontextmanager
async def running_sandbox(folder: Path, *options: str) -> AsyncIterator[Sandbox]:
    """`python -m mentorium_sandbox --headless`, ready; stopped as by Ctrl-C."""
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if k not in {"BOT_DB_URL", "PLATFORM_DB_URL", "REDIS_URL"}}
    said = folder.parent / f"{folder.name}.out"
    with said.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "mentorium_sandbox", "--headless", "--port", str(port), "--data", str(folder)),
            *options,
            env=environment,
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        async with SandboxClient.connect(f"http://127.0.0.1:{port}") as client:
            await _ready_or_ended(client, process, said)
            yield Sandbox(client.url, client.http, process, folder)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
            await process.wait()


async def _ready_or_ended(client: SandboxClient, process: asyncio.subprocess.Process, said: Path) -> None:
    """Wait until it is ready. AssertionError with its output if it ends before."""
    ended = asyncio.create_task(process.wait())
    ready = asyncio.create_task(client.wait_until_ready(_READY_S))
    try:
        await asyncio.wait((ready, ended), return_when=asyncio.FIRST_COMPLETED)
        assert not ended.done(), said.read_text()
        await ready
    finally:
        ended.cancel()
        ready.cancel()
