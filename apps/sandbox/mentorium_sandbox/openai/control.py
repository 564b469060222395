"""Control calls: GET /sandbox/openai, POST and DELETE /sandbox/openai/script."""

from __future__ import annotations

import json
import re
from typing import Any

from aiohttp import web

from mentorium_sandbox.controls import Body, query_integer, refuse
from mentorium_sandbox.openai.replies import Reply, ToolCall, spoken
from mentorium_sandbox.openai.world import OpenAIWorld, Script

_KINDS = ("text", "chunks", "tool_calls", "json")
_LONGEST_MS = 600_000


def control_routes(world: OpenAIWorld) -> list[web.AbstractRouteDef]:
    async def journal(request: web.Request) -> web.StreamResponse:
        return web.json_response({"requests": world.requests(query_integer(request, "after"))})

    async def add(request: web.Request) -> web.StreamResponse:
        body = await Body.of(request)
        times = body.optional_integer("times")
        if times is not None and times < 1:
            refuse("times is at least 1")
        world.add_script(Script(_disturbed(_reply(body, world), body), _match(body), times or 1))
        return web.json_response({"scripted": True})

    async def clear(_: web.Request) -> web.StreamResponse:
        world.clear_scripts()
        return web.json_response({"cleared": True})

    return [
        web.get("/sandbox/openai", journal),
        web.post("/sandbox/openai/script", add),
        web.delete("/sandbox/openai/script", clear),
    ]


def _reply(body: Body, world: OpenAIWorld) -> Reply:
    wanted = [kind for kind in _KINDS if body.has(kind)]
    if len(wanted) != 1:
        refuse(f"say exactly one of {', '.join(_KINDS)}")
    match wanted[0]:
        case "text":
            return spoken(body.text("text"), world.words_per_second)
        case "json":
            return Reply((json.dumps(body.fields["json"], ensure_ascii=False),))
        case "chunks":
            return Reply(tuple(_strings(body.fields["chunks"])))
        case _:
            return Reply(tool_calls=tuple(_call(call) for call in _list("tool_calls", body.fields["tool_calls"])))


def _disturbed(reply: Reply, body: Body) -> Reply:
    stall_s = body.number("stall_s", 0)
    return Reply(
        reply.chunks,
        reply.tool_calls,
        pause_s=reply.pause_s,
        delay_s=body.number("delay_ms", 0, highest=_LONGEST_MS) / 1000,
        cut_after=body.optional_integer("cut_after"),
        corrupt_at=body.optional_integer("corrupt_at"),
        stall_at=reply.early if stall_s else None,
        stall_s=stall_s,
    )


def _match(body: Body) -> str | None:
    match = body.optional_text("match")
    try:
        re.compile(match or "")
    except re.error:
        return re.escape(match or "")
    return match


def _strings(value: Any) -> list[str]:
    chunks = _list("chunks", value)
    if not all(isinstance(chunk, str) for chunk in chunks):
        refuse("chunks holds something that is not a string")
    return chunks


def _list(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list) or not value:
        refuse(f"{name} is not a list, or empty")
    return value


def _call(call: Any) -> ToolCall:
    if not isinstance(call, dict) or not isinstance(call.get("name"), str):
        refuse("a tool call is {name, arguments}")
    arguments = call.get("arguments", {})
    return ToolCall(
        call["name"], arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    )
