"""The sandbox's scripted mentor as a model: without a server, a wire or a wait."""

from __future__ import annotations

import itertools
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any

from mentorium_ai_client import (
    AssistantMessage,
    Finished,
    Message,
    StreamEvent,
    SystemMessage,
    TextDelta,
    Tool,
    ToolCall,
    ToolCalls,
    ToolResult,
    UserMessage,
)
from mentorium_ai_client.events import Usage
from mentorium_sandbox.openai.mentor import answer


class ScriptedMentor:
    """Streams word by word, as the stand-in does, and at once."""

    def __init__(self) -> None:
        self._ids = itertools.count(1)

    async def stream(
        self,
        messages: Sequence[Message],
        *,
        tools: Sequence[Tool] = (),
        user_id: int | None = None,
        reply_tokens: int = 400,
        timeout_s: float | None = None,
    ) -> AsyncGenerator[StreamEvent, None]:
        said = answer([_as_sent(message) for message in messages], [_as_offered(tool) for tool in tools])
        if isinstance(said, str):
            for word in said.split(" "):
                yield TextDelta(f"{word} ")
            yield Finished("stop", "scripted", Usage(1, 1))
            return
        yield ToolCalls(tuple(ToolCall(f"call_{next(self._ids)}", call.name, call.arguments_json) for call in said))
        yield Finished("tool_calls", "scripted", Usage(1, 1))


def _as_sent(message: Message) -> Mapping[str, Any]:
    match message:
        case SystemMessage(text):
            return {"role": "system", "content": text}
        case UserMessage(text):
            return {"role": "user", "content": text}
        case ToolResult(call_id, content):
            return {"role": "tool", "tool_call_id": call_id, "content": content}
        case AssistantMessage(text, calls):
            asked = [
                {"id": call.id, "function": {"name": call.name, "arguments": call.arguments_json}} for call in calls
            ]
            return {"role": "assistant", "content": text, "tool_calls": asked}


def _as_offered(tool: Tool) -> Mapping[str, Any]:
    return {"function": {"name": tool.name, "parameters": tool.parameters}}
