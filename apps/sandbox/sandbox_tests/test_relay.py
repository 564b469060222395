"""Faults on the line between the product and a server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from mentorium_sandbox.faults import Faults
from mentorium_sandbox.relay import Relay

MUCH = b"x" * (64 << 20)


@dataclass(slots=True)
class Line:
    """A server that answers each line in capitals, and the relay before it; `heard` is what reached the server.

    `passed_on`: the server is rid of nearly all of `MUCH`.
    """

    faults: Faults
    url: str
    heard: list[bytes]
    passed_on: asyncio.Event

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2].partition("/")[0])

    async def call(self, text: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(text + b"\n")
            return await reader.readline()
        finally:
            writer.close()


@pytest_asyncio.fixture
async def line() -> AsyncIterator[Line]:
    heard: list[bytes] = []
    passed_on = asyncio.Event()

    async def shout(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (text := await reader.readline()) not in (b"", b"bye\n"):
            heard.append(text)
            if text == b"much\n":
                writer.write(MUCH)
                await writer.drain()
                passed_on.set()
            writer.write(text.upper())
        writer.write(b"LAST WORDS" if text else b"")
        writer.close()

    server = await asyncio.start_server(shout, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    faults = Faults(slow_s=0.3)
    relay = Relay("redis", faults)
    url = await relay.open(f"redis://:pass%40word@127.0.0.1:{port}/0", "127.0.0.1")
    yield Line(faults, url, heard, passed_on)
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
    reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
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


async def test_last_words_arrive_before_the_line_ends(line: Line) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
    writer.write(b"bye\n")
    assert await reader.read() == b"LAST WORDS"
    writer.close()


async def test_who_reads_slowly_is_waited_for(line: Line) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
    writer.write(b"much\n")
    some = await reader.readexactly(1 << 20)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(line.passed_on.wait(), 0.5)
    assert len(some) + len(await reader.readexactly(len(MUCH) - len(some))) == len(MUCH)
    await line.passed_on.wait()
    assert await reader.readline() == b"MUCH\n"
    writer.close()


async def test_what_follows_a_slow_answer_does_not_overtake_it(line: Line) -> None:
    line.faults.add("redis", "slow", times=1)
    reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
    for text in (b"first\n", b"second\n", b"third\n"):
        writer.write(text)
        await asyncio.sleep(0.05)
    assert [await reader.readline() for _ in range(3)] == [b"FIRST\n", b"SECOND\n", b"THIRD\n"]
    writer.close()


async def test_who_reads_slowly_is_waited_for_behind_a_slow_answer_too(line: Line) -> None:
    line.faults.add("redis", "slow", times=1)
    reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
    writer.write(b"much\n")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(line.passed_on.wait(), 1)
    assert len(await reader.readexactly(len(MUCH))) == len(MUCH)
    assert await reader.readline() == b"MUCH\n"
    writer.close()
