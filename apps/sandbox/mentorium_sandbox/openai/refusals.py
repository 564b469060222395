"""Requests that OpenAI refuses, in OpenAI's own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CHAT_MODELS = (
    *("gpt-6-luna", "gpt-6-sol", "gpt-6-astra", "gpt-6.1-terra", "gpt-6.1-sol"),
    *("gpt-5.6-luna", "gpt-5.4-mini", "gpt-5.1", "gpt-4o", "gpt-4o-mini"),
)
TRANSCRIPTION_MODELS = ("gpt-transcribe", "gpt-4o-transcribe", "gpt-4o-mini-transcribe", "whisper-1")
SPEECH_MODELS = ("gpt-4o-mini-tts", "tts-1", "tts-1-hd")
MODERATION_MODELS = ("omni-moderation-latest", "omni-moderation-2024-09-26")
SHUTDOWN_DATES = {
    **dict.fromkeys(("gpt-4o", "gpt-4o-mini"), "2027-01-14"),
    **dict.fromkeys(SPEECH_MODELS, "2027-01-06"),
    **dict.fromkeys(TRANSCRIPTION_MODELS[1:], "2027-02-26"),
    "gpt-5.1": "2027-04-01",
}
MODELS = (*CHAT_MODELS, *TRANSCRIPTION_MODELS, *SPEECH_MODELS, *MODERATION_MODELS)
_ROLES = ("system", "assistant", "user", "function", "tool", "developer")


@dataclass
class RefusalError(Exception):
    status: int
    message: str
    type: str = "invalid_request_error"
    param: str | None = None
    code: str | None = None
    headers: Mapping[str, str] | None = None

    def body(self) -> dict[str, Any]:
        return {"error": {"message": self.message, "type": self.type, "param": self.param, "code": self.code}}


def check_key(authorization: str | None) -> None:
    """Any key of the right form is let in."""
    if not authorization or not authorization.startswith("Bearer "):
        raise RefusalError(
            401,
            "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer "
            "auth (i.e. Authorization: Bearer YOUR_KEY).",
        )
    if not authorization.removeprefix("Bearer ").startswith("sk-"):
        raise RefusalError(401, "Incorrect API key provided.", code="invalid_api_key")


def missing(parameter: str) -> RefusalError:
    message = f"Missing required parameter: '{parameter}'."
    return RefusalError(400, message, param=parameter, code="missing_required_parameter")


def server_error() -> RefusalError:
    return RefusalError(500, "The server had an error while processing your request. Sorry about that!", "server_error")


def check_model(model: object, known: Sequence[str]) -> str:
    """The model's name, where it is one of those that this endpoint serves."""
    if not isinstance(model, str) or not model:
        raise RefusalError(400, "you must provide a model parameter")
    if model not in MODELS:
        message = f"The model `{model}` does not exist or you do not have access to it."
        raise RefusalError(404, message, code="model_not_found")
    if model not in known:
        raise RefusalError(404, f"The model `{model}` is not supported by this endpoint.", param="model")
    return model


def check_chat(body: Mapping[str, Any]) -> None:
    """Raise the RefusalError that OpenAI would answer this body of Chat Completions with."""
    _check_parameters(body, check_model(body.get("model"), CHAT_MODELS))
    messages = body.get("messages")
    if not isinstance(messages, list):
        raise missing("messages")
    if not messages:
        message = (
            "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead."
        )
        raise RefusalError(400, message, param="messages", code="empty_array")
    _check_roles(messages)
    _check_tool_messages(messages)
    check_tools(body.get("tools"), lambda tool: tool.get("function"), "tools[{index}].function")


def check_tools(tools: Any, function_of: Callable[[Mapping[str, Any]], Any], path: str) -> None:
    """Each tool is a function with a name; `path` says where the function stands, for the message."""
    if tools is not None and not isinstance(tools, list):
        raise RefusalError(400, "Invalid type for 'tools': expected an array.", param="tools", code="invalid_type")
    for index, tool in enumerate(tools or ()):
        function = function_of(tool) if isinstance(tool, dict) else None
        where = path.format(index=index)
        if not isinstance(function, dict):
            raise missing(where)
        if not isinstance(function.get("name"), str):
            raise missing(f"{where}.name")


def _check_parameters(body: Mapping[str, Any], model: str) -> None:
    if model.startswith("gpt-4"):
        return
    if "max_tokens" in body:
        message = "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
        raise RefusalError(400, f"Unsupported parameter: {message}", param="max_tokens", code="unsupported_parameter")
    if body.get("temperature", 1) != 1:
        message = "'temperature' does not support this value with this model. Only the default (1) value is supported."
        raise RefusalError(400, f"Unsupported value: {message}", param="temperature", code="unsupported_value")
    if body.get("tools") and body.get("reasoning_effort", "medium") != "none":
        message = f"Function tools with reasoning_effort are not supported for {model} in /v1/chat/completions. "
        message += "To use function tools, use /v1/responses or set reasoning_effort to 'none'."
        raise RefusalError(400, message, param="reasoning_effort")


def _check_roles(messages: Sequence[Any]) -> None:
    for index, message in enumerate(messages):
        role = message.get("role") if isinstance(message, dict) else None
        if role not in _ROLES:
            supported = ", ".join(f"'{role}'" for role in _ROLES)
            text = f"Invalid value: '{role}'. Supported values are: {supported}."
            raise RefusalError(400, text, param=f"messages[{index}].role", code="invalid_value")


def _check_tool_messages(messages: Sequence[Mapping[str, Any]]) -> None:
    awaited: list[str] = []
    for index, message in enumerate(messages):
        if message["role"] == "tool":
            if message.get("tool_call_id") not in awaited:
                text = "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
                raise RefusalError(400, f"Invalid parameter: {text}", param=f"messages.[{index}].role")
            awaited.remove(message["tool_call_id"])
            continue
        _nothing_awaited(awaited)
        awaited = [call["id"] for call in message.get("tool_calls") or ()]
    _nothing_awaited(awaited)


def _nothing_awaited(awaited: Sequence[str]) -> None:
    if awaited:
        raise RefusalError(
            400,
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
            f"'tool_call_id'. The following tool_call_ids did not have response messages: {', '.join(awaited)}",
            param="messages",
        )
