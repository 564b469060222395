"""The input of the Responses API: what is refused, and its items as messages of Chat Completions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mentorium_sandbox.openai.chat_request import Json
from mentorium_sandbox.openai.parameter_types import RESPONSES, check_shape
from mentorium_sandbox.openai.refusals import CHAT_MODELS, RefusalError, check_model, check_tools, missing

_MOVED = {"messages": "input", "response_format": "text.format", "reasoning_effort": "reasoning.effort"}
_RENAMED = {"max_tokens": "max_output_tokens", "max_completion_tokens": "max_output_tokens"}
_ROLES = ("assistant", "system", "developer", "user")
_TEXT_PARTS = ("input_text", "output_text", "text")


def check_responses(body: Json) -> None:
    """Raise the RefusalError that OpenAI would answer this body with."""
    check_shape(body, RESPONSES)
    model = check_model(body.get("model"), CHAT_MODELS)
    for name in _MOVED.keys() & body.keys():
        message = (
            f"Unsupported parameter: '{name}'. In the Responses API, this parameter has moved to '{_MOVED[name]}'."
        )
        raise RefusalError(400, message, param=name, code="unsupported_parameter")
    for name in _RENAMED.keys() & body.keys():
        message = f"Unsupported parameter: '{name}' is not supported with this model. Use '{_RENAMED[name]}' instead."
        raise RefusalError(400, message, param=name, code="unsupported_parameter")
    if body.get("temperature", 1) not in (None, 1) and not model.startswith("gpt-4"):
        message = "Unsupported parameter: 'temperature' is not supported with this model."
        raise RefusalError(400, message, param="temperature", code="unsupported_parameter")
    if body.get("input") is None:
        raise missing("input")
    check_tools(body.get("tools"), lambda tool: tool, "tools[{index}]")


def items_of(given: str | list[Json]) -> list[Json]:
    """The input as a list of items; raises RefusalError for one that lacks something."""
    if isinstance(given, str):
        return [{"type": "message", "role": "user", "content": given}]
    for index, item in enumerate(given):
        _check_item(index, item)
    return given


def messages_of(items: Sequence[Json], instructions: str | None) -> list[dict[str, Any]]:
    """Messages of Chat Completions; reasoning and references are left out. RefusalError for a call without result."""
    messages: list[dict[str, Any]] = [{"role": "system", "content": instructions}] if instructions else []
    awaited: list[str] = []
    for item in items:
        match item.get("type", "message"):
            case "message":
                messages.append({"role": item["role"], "content": _text(item.get("content"))})
            case "function_call":
                awaited.append(item["call_id"])
                _add_call(messages, item)
            case "function_call_output":
                if item["call_id"] not in awaited:
                    message = f"No tool call found for function call output with call_id {item['call_id']}."
                    raise RefusalError(400, message, param="input")
                awaited.remove(item["call_id"])
                messages.append({"role": "tool", "tool_call_id": item["call_id"], "content": _text(item.get("output"))})
    if awaited:
        raise RefusalError(400, f"No tool output found for function call {awaited[0]}.", param="input")
    return messages


def _add_call(messages: list[dict[str, Any]], item: Json) -> None:
    call = {
        "id": item["call_id"],
        "type": "function",
        "function": {"name": item["name"], "arguments": item.get("arguments") or "{}"},
    }
    if messages and messages[-1].get("tool_calls"):
        messages[-1]["tool_calls"].append(call)
    else:
        messages.append({"role": "assistant", "content": None, "tool_calls": [call]})


def _check_item(index: int, item: Json) -> None:
    match item.get("type", "message"):
        case "message":
            if item.get("role") not in _ROLES:
                supported = ", ".join(f"'{role}'" for role in _ROLES)
                message = f"Invalid value: '{item.get('role')}'. Supported values are: {supported}."
                raise RefusalError(400, message, param=f"input[{index}].role", code="invalid_value")
        case "function_call" | "function_call_output" as kind:
            for name in ("call_id", "name") if kind == "function_call" else ("call_id",):
                if not isinstance(item.get(name), str):
                    raise missing(f"input[{index}].{name}")


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return " ".join(
        str(part.get("text", "")) for part in parts if isinstance(part, dict) and part.get("type") in _TEXT_PARTS
    )
