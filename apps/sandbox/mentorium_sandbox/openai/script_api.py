"""Control calls: GET /sandbox/openai, POST and DELETE /sandbox/openai/script."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from aiohttp import web

from mentorium_sandbox.control_api import RequestBody, query_integer, refuse
from mentorium_sandbox.openai.attacks import ATTACKS
from mentorium_sandbox.openai.moderation import CATEGORIES
from mentorium_sandbox.openai.openai_world import OpenAIWorld, Say, Script
from mentorium_sandbox.openai.scripted_reply import Ending, Reply, ToolCall, spoken

_KINDS = ("text", "chunks", "tool_calls", "json", "transcription", "moderation", "attack")
_SAYS = {"transcription": Say.TRANSCRIPTION, "moderation": Say.MODERATION}
_ENDINGS = [ending.value for ending in Ending]
_LONGEST_MS = 600_000
_LONGEST_STALL_S = 600


def control_routes(world: OpenAIWorld) -> list[web.AbstractRouteDef]:
    async def journal(request: web.Request) -> web.StreamResponse:
        return web.json_response({"requests": world.requests(query_integer(request, "after"))})

    async def add(request: web.Request) -> web.StreamResponse:
        world.add_script(_script(await RequestBody.of(request), world))
        return web.json_response({"scripted": True})

    async def clear(_: web.Request) -> web.StreamResponse:
        world.clear_scripts()
        return web.json_response({"cleared": True})

    return [
        web.get("/sandbox/openai", journal),
        web.post("/sandbox/openai/script", add),
        web.delete("/sandbox/openai/script", clear),
    ]


def _script(body: RequestBody, world: OpenAIWorld) -> Script:
    wanted = [kind for kind in _KINDS if body.has(kind)]
    if len(wanted) != 1:
        refuse(f"say exactly one of {', '.join(_KINDS)}")
    (kind,) = wanted
    times = _at_least("times", body, 1)
    return Script(_disturbed(_reply(kind, body, world), body), _match(body), times or 1, _SAYS.get(kind, Say.WORDS))


def _reply(kind: str, body: RequestBody, world: OpenAIWorld) -> Reply:
    value = body.fields[kind]
    match kind:
        case "text":
            return spoken(body.text("text"), world.words_per_second)
        case "json":
            return Reply((json.dumps(value, ensure_ascii=False),))
        case "chunks":
            return Reply(tuple(_strings(value)))
        case "tool_calls":
            return Reply(tool_calls=tuple(_call(call) for call in _list("tool_calls", value)))
        case "attack":
            return Reply(attack=_attack(body.text("attack")))
        case "transcription":
            return spoken(body.optional_text("transcription") or "", 0)
        case _:
            return Reply(scores=_scores(value))


def _disturbed(reply: Reply, body: RequestBody) -> Reply:
    stall_s = body.number("stall_s", 0, highest=_LONGEST_STALL_S)
    ending = body.optional_text("ending") or Ending.STOP.value
    if ending not in _ENDINGS:
        refuse(f"ending is one of {', '.join(_ENDINGS)}")
    return replace(
        reply,
        ending=Ending(ending),
        delay_s=body.number("delay_ms", 0, highest=_LONGEST_MS) / 1000,
        cut_after=_at_least("cut_after", body, 0),
        corrupt_at=_at_least("corrupt_at", body, 0),
        stall_at=reply.early if stall_s else None,
        stall_s=stall_s,
    )


def _at_least(name: str, body: RequestBody, lowest: int) -> int | None:
    value = body.optional_integer(name)
    if value is not None and value < lowest:
        refuse(f"{name} is at least {lowest}")
    return value


def _match(body: RequestBody) -> str | None:
    """A pattern, or words as they stand where they are none."""
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


def _attack(name: str) -> str:
    if name not in ATTACKS:
        refuse(f"attack is one of {', '.join(ATTACKS)}")
    return name


def _list(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list) or not value:
        refuse(f"{name} is not a list, or empty")
    return value


def _call(call: Any) -> ToolCall:
    if not isinstance(call, dict) or not isinstance(call.get("name"), str) or not call["name"]:
        refuse("a tool call is {name, arguments}")
    arguments = call.get("arguments", {})
    return ToolCall(
        call["name"], arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    )


def _scores(value: Any) -> dict[str, float]:
    """Scores by category from: true or false, a category, a list of them, a mapping to scores or flags, or a result
    in OpenAI's own shape."""
    if isinstance(value, Mapping) and "categories" in value:
        value = {**_mapping(value["categories"]), **_mapping(value.get("category_scores") or {})}
    elif isinstance(value, Mapping) and "flagged" in value:
        value = value["flagged"]
    if isinstance(value, bool):
        value = ["self-harm"] if value else []
    if isinstance(value, str):
        value = [value]
    if isinstance(value, list):
        value = dict.fromkeys((str(category) for category in value), True)
    return {category: _score(category, score) for category, score in _mapping(value).items()}


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        refuse("moderation is true or false, a category, a list of categories, or {category: score}")
    return value


def _score(category: str, score: Any) -> float:
    if category not in CATEGORIES:
        refuse(f"moderation knows no {category!r}; its categories are {', '.join(CATEGORIES)}")
    if not isinstance(score, int | float) or not 0 <= score <= 1:
        refuse(f"the score of {category} is not a number from 0 to 1")
    return float(score)
