"""Our plain data to the parameters of Chat Completions, and its chunks back to our events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mentorium_ai_client.capabilities import Capabilities
from mentorium_ai_client.events import Finished, StreamEvent, TextDelta, ToolCalls, Usage
from mentorium_ai_client.messages import (
    AssistantMessage,
    JsonSchema,
    Message,
    SystemMessage,
    Tool,
    ToolCall,
    ToolResult,
    UserMessage,
)
from mentorium_ai_client.thoughts import ThoughtFilter


class BrokenStreamError(Exception):
    """The answer came, but not whole. `reason` is one of RequestOutcome's."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def request_parameters(
    messages: Sequence[Message],
    tools: Sequence[Tool],
    *,
    model: str,
    capabilities: Capabilities,
    reply_tokens: int,
    safety_identifier: str | None,
    answer_schema: JsonSchema | None = None,
) -> dict[str, object]:
    """The body of a streaming request that this model will not refuse."""
    parameters: dict[str, object] = {
        "model": model,
        "messages": [_message(message) for message in messages],
        "stream": True,
        "stream_options": {"include_usage": True},
        capabilities.token_parameter: reply_tokens,
    }
    if tools:
        parameters["tools"] = [_tool(tool) for tool in tools]
    if answer_schema is not None:
        described = {"name": answer_schema.name, "strict": True, "schema": dict(answer_schema.schema)}
        parameters["response_format"] = {"type": "json_schema", "json_schema": described}
    if capabilities.reasoning_effort is not None:
        parameters["reasoning_effort"] = capabilities.reasoning_effort
    if capabilities.verbosity:
        parameters["verbosity"] = "low"
    if capabilities.safety_identifier and safety_identifier is not None:
        parameters["safety_identifier"] = safety_identifier
    return parameters


def _message(message: Message) -> dict[str, object]:
    match message:
        case SystemMessage(text):
            return {"role": "system", "content": text}
        case UserMessage(text):
            return {"role": "user", "content": text}
        case ToolResult(call_id, content):
            return {"role": "tool", "tool_call_id": call_id, "content": content}
        case AssistantMessage(text, ()):
            return {"role": "assistant", "content": text}
        case AssistantMessage(text, calls):
            return {"role": "assistant", "content": text or None, "tool_calls": [_call(call) for call in calls]}


def _call(call: ToolCall) -> dict[str, object]:
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments_json}}


def _tool(tool: Tool) -> dict[str, object]:
    function = {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)}
    return {"type": "function", "function": function}


@dataclass(slots=True)
class _CallParts:
    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass(slots=True)
class Reader:
    """Puts the chunks of one answer together. `usage` may be read at any time."""

    model: str
    usage: Usage = field(default_factory=Usage)
    _finish_reason: str | None = None
    _said_something: bool = False
    _calls: dict[int, _CallParts] = field(default_factory=dict)
    _thoughts: ThoughtFilter = field(default_factory=ThoughtFilter)

    def read(self, chunk: object) -> Iterator[TextDelta]:
        """The text in this chunk, if any; calls and the end are kept for `finish`.

        `chunk` is the JSON object as it came: https://platform.openai.com/docs/api-reference/chat-streaming/streaming.
        BrokenStreamError where it is none.
        """
        try:
            yield from self._read(chunk)
        except (AttributeError, KeyError, TypeError):
            raise BrokenStreamError("corrupt") from None

    def _read(self, chunk: Any) -> Iterator[TextDelta]:
        self.model = chunk.get("model") or self.model
        if usage := chunk.get("usage"):
            self.usage = Usage(usage["prompt_tokens"], usage["completion_tokens"])
        for choice in chunk.get("choices") or ():
            self._finish_reason = choice.get("finish_reason") or self._finish_reason
            yield from self._delta(choice.get("delta") or {})

    def _delta(self, delta: Mapping[str, Any]) -> Iterator[TextDelta]:
        for part in delta.get("tool_calls") or ():
            self._add(part)
        if text := delta.get("content") or delta.get("refusal"):
            if not isinstance(text, str):
                raise BrokenStreamError("corrupt")
            if said := self._thoughts.feed(text):
                self._said_something = True
                yield TextDelta(said)

    def _add(self, part: Mapping[str, Any]) -> None:
        index = part["index"]
        if not isinstance(index, int):
            raise BrokenStreamError("corrupt")
        call = self._calls.setdefault(index, _CallParts())
        call.id = part.get("id") or call.id
        function = part.get("function") or {}
        call.name = function.get("name") or call.name
        call.arguments += function.get("arguments") or ""

    def finish(self) -> Iterator[StreamEvent]:
        """The last events; raises BrokenStreamError where the stream ended before the answer did."""
        if self._finish_reason is None:
            raise BrokenStreamError("truncated")
        if held := self._thoughts.finish():
            self._said_something = self._said_something or bool(held.strip())
            yield TextDelta(held)
        if not self._said_something and not self._calls and self._finish_reason != "content_filter":
            raise BrokenStreamError("empty")
        if self._calls:
            ordered = [self._calls[index] for index in sorted(self._calls)]
            yield ToolCalls(tuple(ToolCall(call.id, call.name, call.arguments) for call in ordered))
        yield Finished(self._finish_reason, self.model, self.usage)
