"""What is said to the model: plain data, free of any SDK's types."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class SystemMessage:
    text: str


@dataclass(frozen=True, slots=True)
class UserMessage:
    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """The model asks for a tool. `arguments_json` is as the model wrote it: it may be no JSON at all."""

    id: str
    name: str
    arguments_json: str


@dataclass(frozen=True, slots=True)
class AssistantMessage:
    text: str = ""
    tool_calls: tuple[ToolCall, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolResult:
    """Answers the call with this id; the service refuses a result without its call, and a call without its result."""

    call_id: str
    content: str


Message: TypeAlias = SystemMessage | UserMessage | AssistantMessage | ToolResult


@dataclass(frozen=True)
class Tool:
    """`parameters` is the JSON Schema of an object."""

    name: str
    description: str
    parameters: Mapping[str, object] = field(default_factory=lambda: {"type": "object", "properties": {}})

    @cached_property
    def written(self) -> str:
        """All of it as one text, whose tokens are counted: about what the service reads of it."""
        return json.dumps([self.name, self.description, self.parameters], ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class JsonSchema:
    """What the answer has to be: JSON of this JSON Schema, strictly. `name`: letters, digits, `_` and `-`."""

    name: str
    schema: Mapping[str, object]
