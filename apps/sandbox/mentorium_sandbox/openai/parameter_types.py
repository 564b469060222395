"""Of which types a request's parts are. A part of a wrong type is refused in OpenAI's words before anything is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mentorium_sandbox.openai.refusals import RefusalError, missing

_NAMES = {str: "a string", int: "an integer", float: "a number", bool: "a boolean", dict: "an object", list: "an array"}
_ANY_OBJECT: dict[str, Any] = {}
_CONTENT = (str, [{"type": str, "text": str}])

_CHAT_FUNCTION = {"name": str, "parameters": {"properties": _ANY_OBJECT}}
_SCHEMA = {"name": str, "schema": {"properties": _ANY_OBJECT}, "strict": bool}
CHAT = {
    "messages": [
        {
            "role": str,
            "content": _CONTENT,
            "tool_call_id": str,
            "tool_calls": [{"!id": str, "!function": {"!name": str, "!arguments": str}}],
        }
    ],
    "tools": [{"function": _CHAT_FUNCTION}],
    "tool_choice": (str, {"function": {"!name": str}}),
    "response_format": {"type": str, "json_schema": _SCHEMA},
    "stream_options": {"include_usage": bool},
    "stream": bool,
    "temperature": float,
    "reasoning_effort": str,
    "parallel_tool_calls": bool,
}
RESPONSES = {
    "input": (
        str,
        [
            {
                "type": str,
                "role": str,
                "content": _CONTENT,
                "call_id": str,
                "name": str,
                "arguments": str,
                "output": _CONTENT,
            }
        ],
    ),
    "instructions": str,
    "tools": [_CHAT_FUNCTION],
    "tool_choice": (str, {"name": str}),
    "text": {"format": {"type": str, **_SCHEMA}},
    "reasoning": {"effort": str},
    "previous_response_id": str,
    "store": bool,
    "stream": bool,
    "temperature": float,
    "parallel_tool_calls": bool,
}
SPEECH = {"input": str, "voice": (str, _ANY_OBJECT), "response_format": str, "speed": float, "stream_format": str}
MODERATION = {"input": (str, [(str, {"type": str, "text": str})]), "model": str}


def check_shape(value: Any, shape: Any, path: str = "") -> None:
    """Raise a RefusalError for the first part of another type. What is absent or null passes, but for `!` keys."""
    shapes = shape if isinstance(shape, tuple) else (shape,)
    fitting = next((one for one in shapes if _is_a(value, one)), None)
    if fitting is None:
        raise _wrong(value, shapes, path)
    if isinstance(fitting, list):
        for index, item in enumerate(value):
            check_shape(item, fitting[0], f"{path}[{index}]")
    if isinstance(fitting, dict):
        _check_keys(value, fitting, path)


def _check_keys(value: Mapping[str, Any], shape: Mapping[str, Any], path: str) -> None:
    for key, inner in shape.items():
        name = key.removeprefix("!")
        where = f"{path}.{name}" if path else name
        if value.get(name) is not None:
            check_shape(value[name], inner, where)
        elif key != name:
            raise missing(where)


def _is_a(value: object, shape: Any) -> bool:
    if isinstance(shape, dict | list):
        return isinstance(value, type(shape))
    if isinstance(value, bool):
        return shape is bool
    return isinstance(value, (int, float) if shape is float else shape)


def _wrong(value: Any, shapes: tuple[Any, ...], path: str) -> RefusalError:
    wanted = [_NAMES[shape if isinstance(shape, type) else type(shape)] for shape in shapes]
    expected = wanted[0] if len(wanted) == 1 else f"one of {' or '.join(wanted)}"
    got = _NAMES.get(type(value), "null")
    message = f"Invalid type for '{path}': expected {expected}, but got {got} instead."
    return RefusalError(400, message, param=path, code="invalid_type")
