"""A request for an answer in words, the same for both transports, and the reply to it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mentorium_sandbox.openai.attacks import spoilt
from mentorium_sandbox.openai.mentor import answer
from mentorium_sandbox.openai.mentor.mentor import text_of
from mentorium_sandbox.openai.mentor.report_writer import write_report
from mentorium_sandbox.openai.openai_world import OpenAIWorld, Say
from mentorium_sandbox.openai.refusals import RefusalError
from mentorium_sandbox.openai.schemas import example, strictness_error
from mentorium_sandbox.openai.scripted_reply import Reply, ToolCall, spoken
from mentorium_sandbox.openai.usage import Usage, reasoning_tokens, tokens_of

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """Messages and tools in the shape of Chat Completions. `schema`: the answer is JSON; `must_call`: it is this call.

    `prompt` is everything that counts as sent.
    """

    model: str
    messages: Sequence[Json]
    tools: Sequence[Json]
    prompt: str
    schema: Json | None = None
    must_call: str | None = None
    effort: str | None = None
    parallel: bool = True

    @property
    def question(self) -> str:
        """What was said last by the user."""
        return next((text_of(m) for m in reversed(self.messages) if m["role"] == "user"), "")


def reply_to(asked: ChatRequest, world: OpenAIWorld) -> Reply:
    """The scripted reply, or else the mentor's."""
    scripted = world.scripted(Say.WORDS, asked.question)
    if scripted is not None and scripted.attack is None:
        return scripted
    own = _own_reply(asked, world)
    if scripted is None or not own.text:
        return own
    return Reply((spoilt(own.text, str(scripted.attack), asked.question),))


def _own_reply(asked: ChatRequest, world: OpenAIWorld) -> Reply:
    if asked.must_call is not None:
        return Reply(tool_calls=(_forced(asked),))
    if asked.schema is not None and (words := write_report(asked.question)) is not None:
        return Reply((json.dumps(words, ensure_ascii=False),))
    said = answer(asked.messages, asked.tools)
    if not isinstance(said, str):
        return Reply(tool_calls=said if asked.parallel else said[:1])
    if asked.schema is not None:
        said = json.dumps(example(asked.schema, said), ensure_ascii=False)
    return spoken(said, world.words_per_second)


def usage_of(asked: ChatRequest, reply: Reply, world: OpenAIWorld) -> Usage:
    thought = reasoning_tokens(asked.model, asked.effort)
    said = reply.text + "".join(call.arguments_json for call in reply.tool_calls)
    return Usage(
        tokens_of(asked.prompt), world.prompts.cached_tokens(asked.prompt), 1 + tokens_of(said) + thought, thought
    )


def with_choice(asked: ChatRequest, choice: Any) -> ChatRequest:
    """The request with its `tool_choice`: none, auto, required, or the name of one function."""
    if choice == "none":
        return replace(asked, tools=())
    if choice == "required" and asked.tools and not any(m["role"] == "tool" for m in asked.messages):
        said = answer(asked.messages, asked.tools)
        return replace(asked, must_call=asked.tools[0]["function"]["name"]) if isinstance(said, str) else asked
    if isinstance(choice, Mapping) and choice.get("type") == "function":
        return replace(asked, must_call=str((choice.get("function") or choice).get("name")))
    return asked


def schema_of(wanted: Any, messages: Sequence[Json], param: str) -> Json | None:
    """The schema in a `response_format` or `text.format`; None where words are wanted. Raises RefusalError."""
    if not isinstance(wanted, Mapping) or wanted.get("type") in (None, "text"):
        return None
    if wanted["type"] == "json_object":
        if not any("json" in text_of(message).lower() for message in messages):
            text = f"must contain the word 'json' in some form, to use '{param}' of type 'json_object'."
            raise RefusalError(400, f"'messages' {text}", param="messages")
        return {"type": "object", "properties": {"answer": {"type": "string"}}}
    described = wanted.get("json_schema", wanted)
    if wanted["type"] != "json_schema" or not isinstance(described, Mapping):
        message = f"Invalid value: '{wanted['type']}'. Supported values are: 'json_object', 'json_schema', and 'text'."
        raise RefusalError(400, message, param=f"{param}.type", code="invalid_value")
    return _described_schema(described, param)


def _described_schema(described: Json, param: str) -> Json:
    name, schema = described.get("name"), described.get("schema")
    for key, value, kind in (("name", name, str), ("schema", schema, Mapping)):
        if not isinstance(value, kind):
            message = f"Missing required parameter: '{param}.{key}'."
            raise RefusalError(400, message, param=f"{param}.{key}", code="missing_required_parameter")
    if described.get("strict") and (error := strictness_error(schema)):
        message = f"Invalid schema for response_format '{name}': {error}"
        raise RefusalError(400, message, param=param)
    found: Json = schema  # type: ignore[assignment]  # it has just been looked at
    return found


def _forced(asked: ChatRequest) -> ToolCall:
    tool = next((tool for tool in asked.tools if tool["function"]["name"] == asked.must_call), None)
    if tool is None:
        message = f"Invalid value for 'tool_choice': no tool named '{asked.must_call}' was given."
        raise RefusalError(400, message, param="tool_choice")
    arguments = example(tool["function"].get("parameters") or {}, asked.question)
    return ToolCall(str(asked.must_call), json.dumps(arguments or {}, ensure_ascii=False))
