"""Answers on their way: one body, or server-sent events, with whatever the reply says about the line."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from mentorium_sandbox.broken_connection import hang_up, silence
from mentorium_sandbox.openai.scripted_reply import Reply


@dataclass(frozen=True, slots=True)
class Whole:
    """An answer that is sent at once."""

    reply: Reply
    body: bytes
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Stream:
    """An answer in events. What happens to the line is counted in pieces of `content`."""

    reply: Reply
    opening: Iterable[bytes]
    content: Iterable[bytes]
    ending: Iterable[bytes]


Answer = Whole | Stream


def whole(reply: Reply, answer: Mapping[str, Any]) -> Whole:
    return Whole(reply, json.dumps(answer, ensure_ascii=False).encode(errors="replace"))


def event(data: Mapping[str, Any], name: str | None = None) -> bytes:
    """One server-sent event."""
    named = f"event: {name}\n" if name else ""
    return f"{named}data: {json.dumps(data, ensure_ascii=False)}\n\n".encode(errors="replace")


async def send(request: web.Request, answer: Answer, line: Reply, headers: Mapping[str, str]) -> web.StreamResponse:
    """Send the answer; `line` says how the line behaves meanwhile."""
    await silence(request, line.delay_s)
    try:
        return await (
            _send_whole(request, answer, line, headers)
            if isinstance(answer, Whole)
            else _send_stream(request, answer, line, headers)
        )
    except ConnectionError:
        return web.Response(status=500)  # the caller has heard enough


async def _send_whole(
    request: web.Request, answer: Whole, line: Reply, headers: Mapping[str, str]
) -> web.StreamResponse:
    """Where a stream would be cut or stall, half of the body is sent first."""
    half = answer.body[: len(answer.body) // 2]
    disturbed = line.cut_after is not None or line.hang_up or line.stall_at is not None
    if not disturbed:
        body = answer.body if line.corrupt_at is None else half
        return web.Response(body=body, content_type=answer.content_type, headers=headers)
    response = web.StreamResponse(headers={**headers, "Content-Type": answer.content_type})
    response.content_length = len(answer.body)
    await response.prepare(request)
    await response.write(half)
    if line.stall_at is not None:
        await silence(request, line.stall_s)
    if line.cut_after is not None or line.hang_up:
        hang_up(request)
        return response
    await response.write(answer.body[len(half) :])
    return response


async def _send_stream(
    request: web.Request, answer: Stream, line: Reply, headers: Mapping[str, str]
) -> web.StreamResponse:
    response = web.StreamResponse(headers={**headers, "Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
    await response.prepare(request)
    if await _send_content(request, response, answer, line):
        for last in answer.ending:
            await response.write(last)
    elif line.hang_up:
        hang_up(request)
    return response


async def _send_content(request: web.Request, response: web.StreamResponse, answer: Stream, line: Reply) -> bool:
    """Whether the answer was sent whole."""
    for first in answer.opening:
        await response.write(first)
    for index, piece in enumerate(answer.content):
        if index == line.cut_after:
            return False
        if index == line.stall_at:
            await silence(request, line.stall_s)
        await response.write(_corrupt(piece) if index == line.corrupt_at else piece)
        await asyncio.sleep(line.pause_s)
    return True


def _corrupt(piece: bytes) -> bytes:
    """The same event, its JSON broken off in the middle."""
    return piece.split(b"\n\n")[0][: len(piece.partition(b"data: ")[0]) + 20] + b"\n\n"
