"""OpenAI's own endpoints."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from aiohttp import web

from mentorium_sandbox.faults import SLOW_SECONDS, Fault, Faults
from mentorium_sandbox.line import hang_up, silence
from mentorium_sandbox.openai.mentor import answer
from mentorium_sandbox.openai.mentor.mentor import text_of
from mentorium_sandbox.openai.refusals import MODELS, RefusalError, check, check_key
from mentorium_sandbox.openai.replies import Reply, spoken
from mentorium_sandbox.openai.speaking import Completion, send_stream, send_whole
from mentorium_sandbox.openai.world import OpenAIWorld

_CHAT = "chat/completions"
_A_STALL_S = 120.0


class ChatApi:
    def __init__(self, world: OpenAIWorld, faults: Faults) -> None:
        self._world = world
        self._faults = faults

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.post(f"/openai/v1/{_CHAT}", self._chat),
            web.get("/openai/v1/models", self._models),
            web.route("*", "/openai/v1/{path:.*}", _unknown),
        ]

    async def _models(self, request: web.Request) -> web.StreamResponse:
        try:
            check_key(request.headers.get("Authorization"))
        except RefusalError as refusal:
            return _refused(refusal)
        data = [{"id": model, "object": "model", "created": 0, "owned_by": "openai"} for model in MODELS]
        return web.json_response({"object": "list", "data": data})

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body: Mapping[str, Any] = {}
        try:
            check_key(request.headers.get("Authorization"))
            body = await _body(request)
            check(body)
            fault = self._faults.take("openai", _CHAT)
            if fault is not None:
                _refuse_by(fault)
        except RefusalError as refusal:
            self._world.note(request.path, body, refusal.status)
            return _refused(refusal)
        self._world.note(request.path, body, 200)
        return await self._speak(request, body, None if fault is None else fault.kind)

    async def _speak(self, request: web.Request, body: Mapping[str, Any], fault: str | None) -> web.StreamResponse:
        if fault in ("timeout", "down", "drop_response"):
            await silence(request, _A_STALL_S if fault == "timeout" else 0)
            hang_up(request)
            return web.Response(status=500)
        reply = _broken(self._reply(body), fault)
        await asyncio.sleep(reply.delay_s)
        send = send_stream if body.get("stream") else send_whole
        return await send(request, Completion(reply, body), _headers())

    def _reply(self, body: Mapping[str, Any]) -> Reply:
        messages = body["messages"]
        questions = [text_of(message) for message in messages if message["role"] == "user"]
        scripted = self._world.scripted(questions[-1] if questions else "")
        if scripted is not None:
            return scripted
        said = answer(messages, body.get("tools") or ())
        return spoken(said, self._world.words_per_second) if isinstance(said, str) else Reply(tool_calls=said)


def _broken(reply: Reply, fault: str | None) -> Reply:
    match fault:
        case "slow":
            return replace(reply, delay_s=reply.delay_s + SLOW_SECONDS)
        case "stream_cut":
            return replace(reply, cut_after=reply.early, hang_up=True)
        case "corrupt_chunk":
            return replace(reply, corrupt_at=reply.early)
        case "stall":
            return replace(reply, stall_at=reply.early, stall_s=_A_STALL_S)
        case _:
            return reply


def _refuse_by(fault: Fault) -> None:
    match fault.kind:
        case "status_429":
            headers = {"Retry-After": str(fault.retry_after)}
            message = f"Rate limit reached for requests. Please try again in {fault.retry_after}s."
            raise RefusalError(429, message, "requests", code="rate_limit_exceeded", headers=headers)
        case "quota":
            message = "You exceeded your current quota, please check your plan and billing details."
            raise RefusalError(429, message, "insufficient_quota", code="insufficient_quota")
        case "status_500":
            raise RefusalError(
                500, "The server had an error while processing your request. Sorry about that!", "server_error"
            )


async def _body(request: web.Request) -> Mapping[str, Any]:
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise RefusalError(400, "We could not parse the JSON body of your request.")
    return body


async def _unknown(request: web.Request) -> web.StreamResponse:
    path = request.path.removeprefix("/openai")
    return _refused(RefusalError(404, f"Unknown request URL: {request.method} {path}.", code="unknown_url"))


def _refused(refusal: RefusalError) -> web.Response:
    return web.json_response(refusal.body(), status=refusal.status, headers={**_headers(), **(refusal.headers or {})})


def _headers() -> dict[str, str]:
    return {"x-request-id": f"req_{secrets.token_hex(16)}"}
