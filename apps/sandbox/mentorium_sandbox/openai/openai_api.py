"""OpenAI's own endpoints: who may ask, what strikes them, and which part answers."""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from aiohttp import web

from mentorium_sandbox.broken_connection import hang_up, silence
from mentorium_sandbox.faults import Fault, Faults
from mentorium_sandbox.openai.audio import check_speech, read_recording, speak, transcribe
from mentorium_sandbox.openai.chat import answer_chat, read_chat
from mentorium_sandbox.openai.moderation import judge, read_moderation
from mentorium_sandbox.openai.openai_world import OpenAIWorld
from mentorium_sandbox.openai.refusals import MODELS, SHUTDOWN_DATES, RefusalError, check_key, server_error
from mentorium_sandbox.openai.response_sender import Answer, send, whole
from mentorium_sandbox.openai.responses import answer_responses, find_response, read_responses
from mentorium_sandbox.openai.scripted_reply import Reply

_A_STALL_S = 120.0

MakeAnswer = Callable[[], Answer]
Endpoint = Callable[[web.Request, dict[str, Any]], Awaitable[MakeAnswer]]


class OpenAIApi:
    """An endpoint reads and checks a request, tells the journal what was sent, and leaves how to answer.

    What is refused, by OpenAI's rules or by a fault, uses up no script.
    """

    def __init__(self, world: OpenAIWorld, faults: Faults) -> None:
        self._world = world
        self._faults = faults

    def routes(self) -> list[web.AbstractRouteDef]:
        posts: dict[str, Endpoint] = {
            "chat/completions": self._chat,
            "responses": self._responses,
            "audio/transcriptions": self._transcriptions,
            "audio/speech": self._speech,
            "moderations": self._moderations,
        }
        gets: dict[str, Endpoint] = {
            "models": self._models,
            "models/{id}": self._model,
            "responses/{id}": self._response,
        }
        return [
            *(web.post(f"/openai/v1/{path}", partial(self._serve, endpoint)) for path, endpoint in posts.items()),
            *(web.get(f"/openai/v1/{path}", partial(self._serve, endpoint)) for path, endpoint in gets.items()),
            web.route("*", "/openai/v1/{path:.*}", partial(self._serve, _unknown)),
        ]

    async def _serve(self, endpoint: Endpoint, request: web.Request) -> web.StreamResponse:
        journal: dict[str, Any] = {}
        try:
            check_key(request.headers.get("Authorization"))
            make_answer = await endpoint(request, journal)
            fault = self._faults.take("openai", request.path.removeprefix("/openai/v1/"))
            if fault is not None:
                _refuse_by(fault)
            cut_off = fault is not None and fault.kind in ("timeout", "down", "drop_response")
            answer = None if cut_off else make_answer()
        except RefusalError as refusal:
            self._note(request, journal, refusal.status)
            return _refused(refusal)
        self._note(request, journal, 200)
        kind = None if fault is None else fault.kind
        if answer is None:
            await silence(request, _A_STALL_S if kind == "timeout" else 0)
            hang_up(request)
            return web.Response(status=500)
        return await send(request, answer, _line(answer.reply, kind, self._faults.slow_s), _headers())

    def _note(self, request: web.Request, journal: Mapping[str, Any], status: int) -> None:
        if request.method == "POST":
            self._world.note(request.path, journal, status)

    async def _chat(self, request: web.Request, journal: dict[str, Any]) -> MakeAnswer:
        asked = read_chat(await _json_body(request, journal))
        return partial(answer_chat, asked, journal, self._world)

    async def _responses(self, request: web.Request, journal: dict[str, Any]) -> MakeAnswer:
        asked = read_responses(await _json_body(request, journal), self._world)
        return partial(answer_responses, asked, journal, self._world)

    async def _transcriptions(self, request: web.Request, journal: dict[str, Any]) -> MakeAnswer:
        return partial(transcribe, await read_recording(request, journal), self._world)

    async def _speech(self, request: web.Request, journal: dict[str, Any]) -> MakeAnswer:
        check_speech(await _json_body(request, journal))
        return partial(speak, journal)

    async def _moderations(self, request: web.Request, journal: dict[str, Any]) -> MakeAnswer:
        texts = read_moderation(await _json_body(request, journal))
        return partial(judge, texts, journal, self._world)

    async def _models(self, _request: web.Request, _journal: dict[str, Any]) -> MakeAnswer:
        return partial(whole, Reply(), {"object": "list", "data": [_described(model) for model in MODELS]})

    async def _model(self, request: web.Request, _journal: dict[str, Any]) -> MakeAnswer:
        model = request.match_info["id"]
        if model not in MODELS:
            raise RefusalError(404, f"The model '{model}' does not exist", param="model", code="model_not_found")
        return partial(whole, Reply(), _described(model))

    async def _response(self, request: web.Request, _journal: dict[str, Any]) -> MakeAnswer:
        try:
            stored = find_response(request.match_info["id"], self._world)
        except RefusalError:
            raise RefusalError(404, f"Response with id '{request.match_info['id']}' not found.") from None
        return partial(whole, Reply(), stored["response"])


def _line(reply: Reply, fault: str | None, slow_s: float) -> Reply:
    match fault:
        case "slow":
            return replace(reply, delay_s=reply.delay_s + slow_s)
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
            raise server_error()


async def _json_body(request: web.Request, journal: dict[str, Any]) -> Mapping[str, Any]:
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise RefusalError(400, "We could not parse the JSON body of your request.")
    journal.update(body)
    return journal


async def _unknown(request: web.Request, _journal: dict[str, Any]) -> MakeAnswer:
    path = request.path.removeprefix("/openai")
    raise RefusalError(404, f"Unknown request URL: {request.method} {path}.", code="unknown_url")


def _described(model: str) -> dict[str, Any]:
    return {
        "id": model,
        "object": "model",
        "created": 0,
        "owned_by": "openai",
        "shutdown_date": SHUTDOWN_DATES.get(model),
    }


def _refused(refusal: RefusalError) -> web.Response:
    return web.json_response(refusal.body(), status=refusal.status, headers={**_headers(), **(refusal.headers or {})})


def _headers() -> dict[str, str]:
    return {"x-request-id": f"req_{secrets.token_hex(16)}"}
