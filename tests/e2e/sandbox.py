"""The sandbox as the end-to-end tests drive it: a process of its own and its control API over HTTP."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg

_READY_S = 120
_NAMES = itertools.count(1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(slots=True)
class Sandbox:
    """A running sandbox. Each method is one control call; AssertionError tells what it answered instead."""

    url: str
    http: aiohttp.ClientSession
    process: asyncio.subprocess.Process
    folder: Path

    async def call(self, method: str, path: str, body: object = None, *, status: int = 200) -> Any:
        async with self.http.request(method, f"{self.url}/sandbox/{path}", json=body) as answer:
            data = await answer.json()
            assert answer.status == status, f"{method} {path}: {answer.status} {data}"
            return data

    async def state(self) -> Any:
        return await self.call("GET", "state")

    async def parent(self, language: str = "en", *, phone: str | None = None) -> Parent:
        """A new fake Telegram user who has not said anything yet."""
        body = {"first_name": f"Parent{next(_NAMES)}", "language_code": language}
        user = await self.call("POST", "users", {**body, "phone": phone} if phone else body)
        return Parent(self, user["id"], language)

    async def child(self, first_name: str, last_name: str, **guardian: str) -> Child:
        """A new child of the school, enrolled in the first course, with a fresh link for its guardian."""
        full = {"full_name": f"Guardian{next(_NAMES)} {last_name}", **guardian}
        made = await self.call(
            "POST", "platform/students", {"first_name": first_name, "last_name": last_name, "guardian": full}
        )
        return Child(self, made["student_id"], made["guardian_id"], made["link_code"], first_name, full["full_name"])

    async def requests_to_the_model(self, after: int = 0) -> list[Any]:
        answer = await self.call("GET", f"openai?after={after}")
        requests: list[Any] = answer["requests"]
        return requests

    async def calls(self, method: str, after: int = 0) -> list[Any]:
        calls: list[Any] = (await self.call("GET", f"calls?method={method}&after={after}"))["calls"]
        return calls

    async def last_call(self) -> int:
        calls = (await self.call("GET", "calls"))["calls"]
        return calls[-1]["seq"] if calls else 0

    @asynccontextmanager
    async def fault(self, target: str, kind: str, **more: object) -> AsyncIterator[None]:
        """The fault while the block runs; all faults are cleared at its end."""
        await self.call("POST", "faults", {"target": target, "kind": kind, **more})
        try:
            yield
        finally:
            await self.call("DELETE", "faults")

    async def rows(self, query: str, *arguments: object, database: str = "bot") -> list[asyncpg.Record]:
        """Rows of the bot's (or the platform's) database, read with an owner's rights."""
        connection = await asyncpg.connect((await self.state())["databases"][database])
        try:
            return await connection.fetch(query, *arguments)
        finally:
            await connection.close()


@dataclass(slots=True)
class Parent:
    """A fake parent in the chat with the bot. Messages that come back are Telegram's own, plus `text_plain`."""

    sandbox: Sandbox
    id: int
    language: str
    last: list[Any] = field(default_factory=list)

    async def send(self, *, wait_s: float = 20, **message: object) -> list[Any]:
        answer = await self.sandbox.call("POST", f"users/{self.id}/messages", {**message, "wait_s": wait_s})
        self.last = answer["replies"]
        return self.last

    async def say(self, text: str, *, wait_s: float = 20) -> list[Any]:
        return await self.send(text=text, wait_s=wait_s)

    async def start(self, payload: str | None = None) -> list[Any]:
        body = {"payload": payload} if payload else {}
        self.last = (await self.sandbox.call("POST", f"users/{self.id}/start", body))["replies"]
        return self.last

    async def press(self, button: str, *, message: Any = None) -> Any:
        """Press a button by its callback data, on the newest message that has it unless one is given."""
        if message is None:
            message = await self._message_with(button)
        answer = await self.sandbox.call(
            "POST", f"users/{self.id}/press", {"message_id": message["message_id"], "button": button, "wait_s": 20}
        )
        self.last = [*answer["edited"], *answer["replies"]]
        return answer

    async def _message_with(self, button: str) -> Any:
        for message in reversed(await self.chat()):
            if button in buttons(message):
                return message
        raise AssertionError(f"no message offers {button}: {[buttons(m) for m in await self.chat()]}")

    async def chat(self) -> list[Any]:
        messages: list[Any] = (await self.sandbox.call("GET", f"users/{self.id}/chat"))["messages"]
        return messages

    async def register(self, child: Child) -> None:
        """Come in by the platform's link, say yes to everything, and be subscribed."""
        await self.start(child.link_code)
        await self.press(f"lang:{self.language}")
        await self.press("consent:yes")
        await self.sandbox.call("POST", f"users/{self.id}/grant", {"tariff": "monthly"})


@dataclass(frozen=True, slots=True)
class Child:
    sandbox: Sandbox
    student_id: int
    guardian_id: int
    link_code: str
    first_name: str
    guardian_name: str

    async def did(self, kind: str, **what: object) -> None:
        """Something happens to the child at school."""
        await self.sandbox.call("POST", "platform/activity", {"student_id": self.student_id, "kind": kind, **what})


def buttons(message: Any) -> list[str]:
    """The callback data on a message, in order."""
    rows = (message.get("reply_markup") or {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row if "callback_data" in button]


def plain(messages: list[Any]) -> str:
    """What one reads in these messages."""
    return "\n".join(message["text_plain"] for message in messages if message.get("text_plain"))


@asynccontextmanager
async def running_sandbox(folder: Path, *options: str) -> AsyncIterator[Sandbox]:
    """`python -m mentorium_sandbox --headless`, ready; stopped as by Ctrl-C."""
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if k not in {"BOT_DB_URL", "PLATFORM_DB_URL", "REDIS_URL"}}
    with (folder.parent / f"{folder.name}.out").open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "mentorium_sandbox", "--headless", "--port", str(port), "--data", str(folder)),
            *options,
            env=environment,
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=90)) as http:
            sandbox = Sandbox(f"http://127.0.0.1:{port}", http, process, folder)
            await asyncio.wait_for(until_ready(sandbox), _READY_S)
            yield sandbox
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
            await process.wait()


async def until_ready(sandbox: Sandbox) -> None:
    """Wait until all its parts serve; its output, if it ends before."""
    output = sandbox.folder.parent / f"{sandbox.folder.name}.out"
    while True:
        assert sandbox.process.returncode is None, output.read_text()
        try:
            async with sandbox.http.get(f"{sandbox.url}/sandbox/health") as answer:
                if answer.status == 200:
                    return
        except aiohttp.ClientConnectionError:
            pass
        await asyncio.sleep(0.1)
