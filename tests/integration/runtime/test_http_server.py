"""Connections that say nothing, or say it slowly: they cost nobody else an answer."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from mentorium_runtime.http_server import AsgiApp, Receive, Scope, Send, serving
from mentorium_sandbox.servers.process import free_port

ANSWER: list[dict[str, Any]] = [
    {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]},
    {"type": "http.response.body", "body": b"ok"},
]
_PROTECTING = (
    ("x-content-type-options", "nosniff"),
    ("content-security-policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    ("referrer-policy", "no-referrer"),
    ("cache-control", "no-store"),
)
CALL = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"


async def slow_app(scope: Scope, receive: Receive, send: Send) -> None:
    """An answer that takes longer than a request may."""
    await asyncio.sleep(0.6 if scope["path"] == "/slow" else 0)
    for part in ANSWER:
        await send(part)


async def page_app(scope: Scope, receive: Receive, send: Send) -> None:
    """A page that has its own word on what a browser may do with it."""
    said = [(b"Content-Security-Policy", b"default-src 'self'"), (b"cache-control", b"no-cache")]
    start, body = ANSWER
    await send({**start, "headers": [*start["headers"], *said]})
    await send(body)


async def reading_app(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the body of /read, and no other."""
    while scope["path"] == "/read" and (await receive()).get("more_body"):
        continue
    for part in ANSWER:
        await send(part)


@pytest.mark.parametrize("begun", [b"", b"POST / HTTP/1.1\r\nHost: here\r\n", CALL + b"GET / HT"])
async def test_a_request_that_never_ends_is_hung_up_on(begun: bytes) -> None:
    async with serving(slow_app, "127.0.0.1", port := free_port(), request_within_s=0.3):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(begun)
        began = time.monotonic()
        dripping = asyncio.create_task(_drip(writer))
        async with asyncio.timeout(4):
            while await reader.read(1000):
                continue
        dripping.cancel()
        writer.close()
        assert time.monotonic() - began < 3


async def _drip(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(0.1)
    while True:
        writer.write(b"x")
        await asyncio.sleep(0.1)


@pytest.mark.parametrize(
    ("begun", "piece"),
    [
        (b"GET / HTTP/1.1\r\nX: ", b"x" * 65_536),
        (b"GET / HTTP/1.1\r\n", b"X: y\r\n" * 10_000),
        (b"GET /", b"x" * 65_536),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n" * 10_000),
    ],
    ids=["one field", "many fields", "target", "trailers"],
)
async def test_a_head_larger_than_any_is_hung_up_on(begun: bytes, piece: bytes) -> None:
    """httptools keeps whatever comes, and puts it together anew with each piece: one caller took the whole loop."""
    async with serving(slow_app, "127.0.0.1", port := free_port()):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(begun)
        with pytest.raises(ConnectionError):
            await _keep_writing(reader, writer, piece)
        writer.close()


async def _keep_writing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, piece: bytes) -> None:
    for _ in range(300):
        writer.write(piece)
        await writer.drain()
        if reader.at_eof():
            raise ConnectionError


async def test_a_large_body_is_no_head() -> None:
    """In one piece or in chunks, answered before it has come or behind it."""
    async with serving(reading_app, "127.0.0.1", port := free_port()):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        chunk = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
        for path in (b"/read", b"/"):
            writer.write(b"POST " + path + b" HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 1_000_000)
            writer.write(b"POST " + path + b" HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
            writer.write(chunk * 60 + b"0\r\n\r\n")
        async with asyncio.timeout(20):
            for _ in range(4):
                assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
                assert await reader.readexactly(2) == b"ok"
        writer.close()
        await writer.wait_closed()


async def test_an_answer_may_take_its_time_and_a_connection_is_kept() -> None:
    async with serving(slow_app, "127.0.0.1", port := free_port(), request_within_s=0.3):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for path in (b"/slow", b"/", b"/slow"):
            writer.write(CALL.replace(b"/ ", path + b" ", 1))
            async with asyncio.timeout(4):
                assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
                assert await reader.readexactly(2) == b"ok"
            await asyncio.sleep(0.4)
        writer.close()
        await writer.wait_closed()


async def _fields_of_an_answer(app: AsgiApp) -> list[tuple[str, str]]:
    async with serving(app, "127.0.0.1", port := free_port()):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(CALL)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        writer.close()
        await writer.wait_closed()
    pairs = (line.partition(": ") for line in head.split("\r\n")[1:] if line)
    return [(name.lower(), value) for name, _, value in pairs]


async def test_a_browser_does_nothing_with_an_answer_that_does_not_say_what() -> None:
    """Whatever answers: an error of the framework, a 404, a webhook, health."""
    fields = await _fields_of_an_answer(slow_app)
    assert {name for name, _ in fields} == {*dict(_PROTECTING), "date", "content-length"}
    assert set(_PROTECTING) <= set(fields)


@pytest.mark.parametrize(
    "lengths",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n012345",
        b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"Content-Length: +5\r\n\r\n01234",
    ],
)
async def test_a_request_whose_end_two_may_read_differently_is_refused(lengths: bytes) -> None:
    """Request smuggling: what a proxy takes for the body of one request would be the next one here."""
    async with serving(reading_app, "127.0.0.1", port := free_port()):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /read HTTP/1.1\r\nHost: here\r\n" + lengths)
        async with asyncio.timeout(20):
            assert (await reader.read()).startswith(b"HTTP/1.1 400 ")
        writer.close()


async def test_what_a_page_says_itself_stands_alone() -> None:
    fields = await _fields_of_an_answer(page_app)
    said = [pair for pair in fields if pair[0] in {"content-security-policy", "cache-control"}]
    assert said == [("content-security-policy", "default-src 'self'"), ("cache-control", "no-cache")]
    assert ("x-content-type-options", "nosniff") in fields


async def test_an_answers_body_waits_for_no_acknowledgement() -> None:
    """Nagle's algorithm would hold it for 40 ms on a quiet machine: each call of Telegram, PayMe and Click."""
    async with serving(slow_app, "127.0.0.1", port := free_port()):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(CALL)
        assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
        accepted = [at for at in _sockets_of_this_process() if at[:2] == (port, writer.get_extra_info("sockname"))]
        writer.close()
        await writer.wait_closed()
    assert accepted == [(port, accepted[0][1], True)]


def _sockets_of_this_process() -> Iterator[tuple[int, Any, bool]]:
    """Own port, peer, and whether what is written leaves at once, of each connection."""
    for descriptor in (int(path.name) for path in Path("/proc/self/fd").iterdir()):
        with suppress(OSError):
            if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                continue
            with socket.socket(fileno=os.dup(descriptor)) as at:
                if at.family == socket.AF_INET:
                    at_once = bool(at.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
                    yield at.getsockname()[1], at.getpeername(), at_once
