"""/v1/responses: what is asked, turned into the shape of Chat Completions, and the answer as an object or in events."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mentorium_sandbox.openai.chat_request import ChatRequest, Json, reply_to, schema_of, usage_of, with_choice
from mentorium_sandbox.openai.input_items import check_responses, items_of, messages_of
from mentorium_sandbox.openai.openai_world import OpenAIWorld
from mentorium_sandbox.openai.refusals import RefusalError, server_error
from mentorium_sandbox.openai.response_sender import Answer, Stream, event, whole
from mentorium_sandbox.openai.scripted_reply import Ending, Reply
from mentorium_sandbox.openai.usage import Usage

_STATUS = {
    Ending.STOP: "completed",
    Ending.LENGTH: "incomplete",
    Ending.CONTENT_FILTER: "incomplete",
    Ending.FAILED: "failed",
    Ending.ERROR: "failed",
}
_REASONS = {Ending.LENGTH: "max_output_tokens", Ending.CONTENT_FILTER: "content_filter"}


def read_responses(body: Json, world: OpenAIWorld) -> ChatRequest:
    """Raises the RefusalError that OpenAI would answer with."""
    check_responses(body)
    items = conversation(body, world)
    messages = messages_of(items, body.get("instructions"))
    tools = [{"type": "function", "function": tool} for tool in body.get("tools") or ()]
    text = body.get("text") or {}
    asked = ChatRequest(
        model=body["model"],
        messages=messages,
        tools=tools,
        prompt=json.dumps([tools, messages], ensure_ascii=False),
        schema=schema_of(text.get("format"), messages, "text.format"),
        effort=(body.get("reasoning") or {}).get("effort"),
        parallel=body.get("parallel_tool_calls") is not False,
    )
    return with_choice(asked, body.get("tool_choice"))


def conversation(body: Json, world: OpenAIWorld) -> list[Json]:
    """The items of this request, behind those of the response that it goes on from."""
    items = items_of(body["input"])
    if (previous := body.get("previous_response_id")) is None:
        return items
    return [*find_response(previous, world)["items"], *items]


def find_response(id_: object, world: OpenAIWorld) -> Json:
    """A stored response with its conversation; RefusalError where there is none."""
    if (stored := world.responses.get(str(id_))) is None:
        message = f"Previous response with id '{id_}' not found."
        raise RefusalError(400, message, param="previous_response_id", code="previous_response_not_found")
    return stored


def answer_responses(asked: ChatRequest, body: Json, world: OpenAIWorld) -> Answer:
    reply = reply_to(asked, world)
    answer = ResponseAnswer(body, asked.model, reply, usage_of(asked, reply, world))
    if body.get("store") is not False:
        world.store(answer.response(), [*conversation(body, world), *answer.output()])
    if not body.get("stream"):
        return whole(reply, answer.response())
    return Stream(reply, answer.opening(), answer.content(), answer.ending())


@dataclass(slots=True)
class ResponseAnswer:
    """One answer on its way; each event has the next number."""

    request: Json
    model: str
    reply: Reply
    usage: Usage
    id: str = field(default_factory=lambda: f"resp_{secrets.token_hex(24)}")
    created: int = field(default_factory=lambda: int(time.time()))
    _sequence: int = 0

    def response(self, status: str | None = None) -> dict[str, Any]:
        """The response as it stands in this status: the final one by default."""
        final = status is None
        error = {"code": "server_error", "message": server_error().message} if self.reply.ending.is_a_failure else None
        reason = _REASONS.get(self.reply.ending)
        return {
            "id": self.id,
            "object": "response",
            "created_at": self.created,
            "status": status or _STATUS[self.reply.ending],
            "error": error if final else None,
            "incomplete_details": {"reason": reason} if final and reason else None,
            "model": self.model,
            "output": self.output() if final else [],
            "usage": self.usage.of_responses() if final and error is None else None,
            **self._echoed(),
        }

    def output(self) -> list[dict[str, Any]]:
        return [*([self._message("completed", self.reply.text)] if self.reply.chunks else []), *self._calls()]

    def opening(self) -> Iterator[bytes]:
        for step in ("created", "in_progress"):
            yield self._event(f"response.{step}", response=self.response("in_progress"))
        if self.reply.chunks:
            yield self._added(0, self._message("in_progress"))
            yield self._event("response.content_part.added", **self._at_the_text(), part=_part(""))

    def content(self) -> Iterator[bytes]:
        for text in self.reply.chunks:
            yield self._event("response.output_text.delta", **self._at_the_text(), delta=text, logprobs=[])
        for index, call in enumerate(self._calls(), start=len(self.output()) - len(self.reply.tool_calls)):
            at = {"item_id": call["id"], "output_index": index}
            yield self._added(index, {**call, "arguments": "", "status": "in_progress"})
            yield b"".join(
                [
                    self._event("response.function_call_arguments.delta", **at, delta=call["arguments"]),
                    self._event(
                        "response.function_call_arguments.done", **at, name=call["name"], arguments=call["arguments"]
                    ),
                    self._event("response.output_item.done", output_index=index, item=call),
                ]
            )

    def ending(self) -> Iterator[bytes]:
        if self.reply.ending is Ending.ERROR:
            yield self._event("error", code="server_error", message=server_error().message, param=None)
            return
        if self.reply.chunks:
            text, at = self.reply.text, self._at_the_text()
            yield self._event("response.output_text.done", **at, text=text, logprobs=[])
            yield self._event("response.content_part.done", **at, part=_part(text))
            yield self._event("response.output_item.done", output_index=0, item=self._message("completed", text))
        yield self._event(f"response.{_STATUS[self.reply.ending]}", response=self.response())

    def _added(self, index: int, item: Json) -> bytes:
        return self._event("response.output_item.added", output_index=index, item=item)

    def _event(self, kind: str, **fields: Any) -> bytes:
        data = {"type": kind, "sequence_number": self._sequence, **fields}
        self._sequence += 1
        return event(data, kind)

    def _at_the_text(self) -> dict[str, Any]:
        return {"item_id": self._message_id, "output_index": 0, "content_index": 0}

    @property
    def _message_id(self) -> str:
        return f"msg_{self.id.removeprefix('resp_')}"

    def _message(self, status: str, text: str | None = None) -> dict[str, Any]:
        content = [] if text is None else [_part(text)]
        return {
            "id": self._message_id,
            "type": "message",
            "role": "assistant",
            "status": status,
            "content": content,
        }

    def _calls(self) -> list[dict[str, Any]]:
        return [
            {
                "id": f"fc_{self.id[-16:]}{index}",
                "type": "function_call",
                "call_id": f"call_{self.id[-8:]}{index}",
                "name": call.name,
                "arguments": call.arguments_json,
                "status": "completed",
            }
            for index, call in enumerate(self.reply.tool_calls)
        ]

    def _echoed(self) -> dict[str, Any]:
        """What a response repeats of its request, with OpenAI's defaults."""
        defaults: Mapping[str, Any] = {
            "instructions": None,
            "max_output_tokens": None,
            "metadata": {},
            "parallel_tool_calls": True,
            "previous_response_id": None,
            "reasoning": {"effort": None, "summary": None},
            "safety_identifier": None,
            "prompt_cache_key": None,
            "service_tier": "default",
            "store": True,
            "temperature": 1.0,
            "text": {"format": {"type": "text"}},
            "tool_choice": "auto",
            "tools": [],
            "top_p": 1.0,
            "truncation": "disabled",
        }
        return {
            key: self.request[key] if self.request.get(key) is not None else default
            for key, default in defaults.items()
        }


def _part(text: str) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
