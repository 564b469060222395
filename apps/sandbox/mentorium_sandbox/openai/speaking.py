"""A Reply as Chat Completions sends it: one object, or chunks of server-sent events."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from mentorium_sandbox.line import hang_up, silence
from mentorium_sandbox.openai.replies import Reply

_CORRUPT = b'data: {"id": "chatcmpl-\n\n'


@dataclass(frozen=True, slots=True)
class Completion:
    """One answer on its way. Tokens are estimated: nobody pays for them here."""

    reply: Reply
    request: Mapping[str, Any]
    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(14)}")
    created: int = field(default_factory=lambda: int(time.time()))

    @property
    def finish_reason(self) -> str:
        return "tool_calls" if self.reply.tool_calls else "stop"

    def usage(self) -> dict[str, int]:
        asked = len(json.dumps(self.request.get("messages"), ensure_ascii=False)) // 3
        answered = 1 + len(self.reply.text + "".join(call.arguments_json for call in self.reply.tool_calls)) // 3
        return {"prompt_tokens": asked, "completion_tokens": answered, "total_tokens": asked + answered}

    def whole(self) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": self.reply.text or None, "refusal": None}
        if self.reply.tool_calls:
            message["tool_calls"] = self._calls()
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self.finish_reason}
        return {**self._head("chat.completion"), "choices": [choice], "usage": self.usage()}

    def content_chunks(self) -> Iterator[dict[str, Any]]:
        """The pieces of content; the role comes before them, the end after them."""
        for text in self.reply.chunks:
            yield self.chunk({"content": text})
        for index, call in enumerate(self._calls()):
            arguments = call["function"]["arguments"]
            opening = {**call, "function": {**call["function"], "arguments": ""}}
            yield self.chunk({"tool_calls": [{"index": index, **opening}]})
            yield self.chunk({"tool_calls": [{"index": index, "function": {"arguments": arguments}}]})

    def chunk(self, delta: Mapping[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return {**self._head("chat.completion.chunk"), "choices": [choice]}

    def usage_chunk(self) -> dict[str, Any]:
        return {**self._head("chat.completion.chunk"), "choices": [], "usage": self.usage()}

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.request["model"]}

    def _calls(self) -> list[dict[str, Any]]:
        return [
            {
                "id": f"call_{self.id[-8:]}{index}",
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments_json},
            }
            for index, call in enumerate(self.reply.tool_calls)
        ]


async def send_whole(request: web.Request, completion: Completion, headers: Mapping[str, str]) -> web.StreamResponse:
    """The answer as one object. Where a stream would be cut or stall, half of the body is sent first."""
    reply = completion.reply
    body = json.dumps(completion.whole(), ensure_ascii=False).encode()
    disturbed = reply.cut_after is not None or reply.hang_up or reply.stall_at is not None
    if not disturbed:
        text = body[: len(body) // 2] if reply.corrupt_at is not None else body
        return web.Response(body=text, content_type="application/json", headers=headers)
    response = web.StreamResponse(headers={**headers, "Content-Type": "application/json"})
    response.content_length = len(body)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if reply.stall_at is not None:
        await silence(request, reply.stall_s)
    if reply.cut_after is not None or reply.hang_up:
        hang_up(request)
        return response
    await response.write(body[len(body) // 2 :])
    return response


async def send_stream(request: web.Request, completion: Completion, headers: Mapping[str, str]) -> web.StreamResponse:
    """The answer as server-sent events, with whatever the reply says about the line."""
    response = web.StreamResponse(headers={**headers, "Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
    await response.prepare(request)
    try:
        if await _send_content(request, response, completion):
            await _send_end(response, completion)
        elif completion.reply.hang_up:
            hang_up(request)
    except ConnectionError:
        pass  # the caller has heard enough
    return response


async def _send_content(request: web.Request, response: web.StreamResponse, completion: Completion) -> bool:
    """Whether the answer was sent whole."""
    reply = completion.reply
    await response.write(_event(completion.chunk({"role": "assistant", "content": "", "refusal": None})))
    for index, chunk in enumerate(completion.content_chunks()):
        if index == reply.cut_after:
            return False
        if index == reply.stall_at:
            await silence(request, reply.stall_s)
        await response.write(_CORRUPT if index == reply.corrupt_at else _event(chunk))
        await asyncio.sleep(reply.pause_s)
    return True


async def _send_end(response: web.StreamResponse, completion: Completion) -> None:
    await response.write(_event(completion.chunk({}, completion.finish_reason)))
    if (completion.request.get("stream_options") or {}).get("include_usage"):
        await response.write(_event(completion.usage_chunk()))
    await response.write(b"data: [DONE]\n\n")


def _event(chunk: Mapping[str, Any]) -> bytes:
    return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n".encode()
