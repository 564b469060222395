"""The sandbox as the end-to-end tests drive it: a process of its own, and the client of its control API."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from uuid import uuid4

import asyncpg
import pytest

import mentorium_db
from mentorium_core.billing.commands import GrantSubscription
from mentorium_domain.enums import Tariff
from mentorium_kit import clock
from mentorium_kit.retry import retry_conflicts
from mentorium_sandbox.client import Child, FakeParent, SandboxCallError, SandboxClient
from tests.fixtures.forked import ForkedProcess
from tests.fixtures.forked_sandbox import fork_sandbox
from tests.fixtures.journal import persons_in

_READY_S = 300  # some 15 s of the processor, of which a busy machine gives a twentieth
_NO_NAME = "Parent"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(slots=True)
class Sandbox(SandboxClient):
    """The client of a sandbox that these tests have started; `folder` holds its data."""

    process: asyncio.subprocess.Process | ForkedProcess
    folder: Path
    parents_made: list[FakeParent] = field(default_factory=list)
    _giving: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def parent(
        self, language: str = "en", *, first_name: str | None = None, phone: str | None = None
    ) -> RegisteringParent:
        """As the client's own."""
        made = await SandboxClient.parent(self, language, first_name=first_name, phone=phone)
        self.parents_made.append(parent := RegisteringParent(self, made.id, language))
        return parent

    async def give(self, telegram_id: int, tariff: str) -> None:
        """The use case behind `mentorium grant`, by the sandbox's clock."""
        async with self._giving:
            await mentorium_db.dispose()  # another test of this process may have left a database configured
            mentorium_db.configure((await self.state())["databases"]["bot"])
            clock.configure(self.folder / "clock")
            grant, request = GrantSubscription(), uuid4().hex
            try:
                await retry_conflicts(
                    lambda: grant(telegram_id, Tariff(tariff), "for a test", "tests", request_key=request)
                )
            finally:
                clock.configure(None)
                await mentorium_db.dispose()

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

    async def persons_sent(self) -> set[str]:
        """Who of the school and of the fake parents stands in what the model's stand-in was sent, in whatever form."""
        users = (await self.state())["users"]
        names = [user["first_name"] for user in users if not user["first_name"].startswith(_NO_NAME)]
        for query in ("SELECT display_name FROM bot_api_v1.v_student", "SELECT full_name FROM bot_api_v1.v_guardian"):
            names += [row[0] for row in await self.rows(query, database="platform")]
        return persons_in(await self.model_requests(), names, [user["id"] for user in users])

    async def rows(self, query: str, *arguments: object, database: str = "bot") -> list[asyncpg.Record]:
        """Rows of the bot's (or the platform's) database, read with an owner's rights."""
        connection = await asyncpg.connect((await self.state())["databases"][database])
        try:
            return await connection.fetch(query, *arguments)
        finally:
            await connection.close()


@dataclass(slots=True)
class RegisteringParent(FakeParent):
    """`grant` runs the operator's command, which costs a second of the processor each time; `register` does without."""

    async def register(self, child: Child, *, tariff: str | None = "monthly") -> None:
        await self.agree(child.link_code)
        if tariff is not None:
            assert isinstance(self.sandbox, Sandbox)
            before = len(await self.messages())
            await self.sandbox.give(self.id, tariff)
            await self.hear_more_than(before)  # that it was given


@asynccontextmanager
async def running_sandbox(folder: Path, *options: str, forked: bool = False) -> AsyncIterator[Sandbox]:
    """`python -m mentorium_sandbox --headless`, ready; stopped as by Ctrl-C.

    Forked, it and what it starts import nothing: nine tenths of a start (`tests.fixtures.forked_sandbox`).
    """
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if k not in {"BOT_DB_URL", "PLATFORM_DB_URL", "REDIS_URL"}}
    said = folder.parent / f"{folder.name}.out"
    with said.open("wb") as output:
        words = ("--headless", "--port", str(port), "--data", str(folder), *options)
        start = fork_sandbox if forked else _start_interpreter
        process = await start(words, environment, output)
    try:
        async with SandboxClient.connect(f"http://127.0.0.1:{port}") as client:
            await _ready_or_ended(client, process, said)
            yield (sandbox := Sandbox(client.url, client.http, process, folder))
            if process.returncode is None and await sandbox.model_requests():
                persons = await sandbox.persons_sent()
                assert persons == set(), persons
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
            await process.wait()


async def _start_interpreter(
    words: Sequence[str], environment: Mapping[str, str], output: IO[bytes]
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mentorium_sandbox", *words),
        env=environment,
        stdout=output,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )


async def _ready_or_ended(
    client: SandboxClient, process: asyncio.subprocess.Process | ForkedProcess, said: Path
) -> None:
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
