"""/v1/chat/completions: what is asked, and an answer as one object or as chunks."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mentorium_sandbox.openai.chat_request import ChatRequest, Json, reply_to, schema_of, usage_of, with_choice
from mentorium_sandbox.openai.openai_world import OpenAIWorld
from mentorium_sandbox.openai.parameter_types import CHAT, check_shape
from mentorium_sandbox.openai.refusals import check_chat, server_error
from mentorium_sandbox.openai.response_sender import Answer, Stream, event, whole
from mentorium_sandbox.openai.scripted_reply import Ending, Reply
from mentorium_sandbox.openai.usage import Usage


def read_chat(body: Json) -> ChatRequest:
    """Raises the RefusalError that OpenAI would answer with."""
    check_shape(body, CHAT)
    check_chat(body)
    messages, tools = body["messages"], body.get("tools") or ()
    asked = ChatRequest(
        model=body["model"],
        messages=messages,
        tools=tools,
        prompt=json.dumps([list(tools), messages], ensure_ascii=False),
        schema=schema_of(body.get("response_format"), messages, "response_format"),
        effort=body.get("reasoning_effort"),
        parallel=body.get("parallel_tool_calls") is not False,
    )
    return with_choice(asked, body.get("tool_choice"))


def answer_chat(asked: ChatRequest, body: Json, world: OpenAIWorld) -> Answer:
    """Raises RefusalError where the whole answer was told to fail."""
    reply = reply_to(asked, world)
    completion = Completion(asked.model, reply, usage_of(asked, reply, world))
    if not body.get("stream"):
        if reply.ending.is_a_failure:
            raise server_error()
        return whole(reply, completion.whole())
    with_usage = bool((body.get("stream_options") or {}).get("include_usage"))
    return Stream(reply, completion.opening(), completion.content(), completion.ending(with_usage))


@dataclass(frozen=True, slots=True)
class Completion:
    """One answer on its way."""

    model: str
    reply: Reply
    usage: Usage
    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(14)}")
    created: int = field(default_factory=lambda: int(time.time()))

    @property
    def finish_reason(self) -> str:
        if self.reply.ending is Ending.STOP and self.reply.tool_calls:
            return "tool_calls"
        return self.reply.ending.value

    def whole(self) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": self.reply.text or None, "refusal": None}
        if self.reply.tool_calls:
            message["tool_calls"] = self._calls()
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self.finish_reason}
        return {**self._head("chat.completion"), "choices": [choice], "usage": self.usage.of_chat()}

    def opening(self) -> Iterator[bytes]:
        yield self._chunk({"role": "assistant", "content": "", "refusal": None})

    def content(self) -> Iterator[bytes]:
        """The pieces of content; the role comes before them, the end after them."""
        for text in self.reply.chunks:
            yield self._chunk({"content": text})
        for index, call in enumerate(self._calls()):
            arguments = call["function"]["arguments"]
            opening = {**call, "function": {**call["function"], "arguments": ""}}
            yield self._chunk({"tool_calls": [{"index": index, **opening}]})
            yield self._chunk({"tool_calls": [{"index": index, "function": {"arguments": arguments}}]})

    def ending(self, with_usage: bool) -> Iterator[bytes]:
        if self.reply.ending.is_a_failure:
            yield event(server_error().body())
            return
        yield self._chunk({}, self.finish_reason)
        if with_usage:
            yield event({**self._head("chat.completion.chunk"), "choices": [], "usage": self.usage.of_chat()})
        yield b"data: [DONE]\n\n"

    def _chunk(self, delta: Mapping[str, Any], finish_reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return event({**self._head("chat.completion.chunk"), "choices": [choice]})

    def _head(self, kind: str) -> dict[str, Any]:
        return {
            "id": self.id,
            "object": kind,
            "created": self.created,
            "model": self.model,
            "service_tier": "default",
            "system_fingerprint": None,
        }

    def _calls(self) -> list[dict[str, Any]]:
        return [
            {
                "id": f"call_{self.id[-8:]}{index}",
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments_json},
            }
            for index, call in enumerate(self.reply.tool_calls)
        ]
