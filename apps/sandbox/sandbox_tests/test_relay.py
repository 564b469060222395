"""Faults on the line between the product and a server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from mentorium_sandbox.faults import Faults
from mentorium_sandbox.relay import Relay


@dataclass(slots=True)
class Line:
    """A server that answers each line in capitals, and the relay before it; `heard` is what reached the server."""

    faults: Faults
    url: str
    heard: list[bytes]

    async def call(self, text: bytes) -> bytes:
        port = int(self.url.rpartition(":")[2].partition("/")[0])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(text + b"\n")
            return await reader.readline()
        finally:
            writer.close()


@pytest_asyncio.fixture
async def line() -> AsyncIterator[Line]:
    heard: list[bytes] = []

    async def shout(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while text := await reader.readline():
            heard.append(text)
            writer.write(text.upper())
        writer.close()

    server = await asyncio.start_server(shout, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    faults = Faults(slow_s=0.3)
    relay = Relay("redis", faults)
    url = await relay.open(f"redis://:pass%40word@127.0.0.1:{port}/0", "127.0.0.1")
    yield Line(faults, url, heard)
    await relay.close()
    server.close()


async def test_bytes_pass_and_credentials_stay(line: Line) -> None:
    assert line.url.startswith("redis://:pass%40word@127.0.0.1:")
    assert line.url.endswith("/0")
    assert await line.call(b"salom") == b"SALOM\n"


@pytest.mark.parametrize(("kind", "reached"), [("down", False), ("drop_response", True)])
async def test_a_line_that_breaks(line: Line, kind: str, reached: bool) -> None:
    line.faults.add("redis", kind)
    outcome = await asyncio.gather(line.call(b"salom"), return_exceptions=True)
    assert outcome[0] == b"" or isinstance(outcome[0], ConnectionError)
    assert bool(line.heard) is reached
    line.faults.clear()
    assert await line.call(b"again") == b"AGAIN\n"


async def test_down_cuts_off_who_says_nothing(line: Line) -> None:
    port = int(line.url.rpartition(":")[2].partition("/")[0])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"listen\n")
    assert await reader.readline() == b"LISTEN\n"
    line.faults.add("redis", "down")
    outcome = await asyncio.gather(reader.readline(), return_exceptions=True)
    assert outcome[0] == b"" or isinstance(outcome[0], ConnectionError)
    writer.close()


async def test_silence_ends_with_the_fault(line: Line) -> None:
    line.faults.add("redis", "timeout")
    call = asyncio.create_task(line.call(b"salom"))
    done, _ = await asyncio.wait({call}, timeout=0.5)
    assert not done
    assert line.heard == []
    line.faults.clear()
    (outcome,) = await asyncio.gather(call, return_exceptions=True)
    assert outcome != b"SALOM\n"


async def test_a_slow_answer_is_late_and_whole(line: Line) -> None:
    line.faults.add("redis", "slow", times=1)
    began = asyncio.get_running_loop().time()
    assert await line.call(b"salom") == b"SALOM\n"
    assert asyncio.get_running_loop().time() - began >= line.faults.slow_s
    assert await line.call(b"quick") == b"QUICK\n"


async def test_another_servers_fault_is_not_ours(line: Line) -> None:
    line.faults.add("bot_db", "down")
    assert await line.call(b"salom") == b"SALOM\n"
