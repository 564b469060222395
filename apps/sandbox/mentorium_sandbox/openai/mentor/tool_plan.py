"""Which tools a question needs: one call for each child and period that it is about."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from mentorium_sandbox.openai.mentor.question_parser import Question, Subject
from mentorium_sandbox.openai.scripted_reply import ToolCall

_TOOLS = {
    Subject.PROGRESS: "get_progress",
    Subject.TESTS: "get_tests",
    Subject.TOPICS: "get_topics",
    Subject.NEXT_STEPS: "get_next_steps",
}
_SIDES = {None: ("this", "last"), "this": ("this",), "last": ("last",), "before": ("last",)}


def children_known(tools: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The tokens that the offered tools take as a child."""
    for tool in tools:
        child = _properties(tool).get("child")
        if not isinstance(child, Mapping):
            continue
        if "const" in child:
            return (str(child["const"]),)
        if isinstance(child.get("enum"), list):
            return tuple(str(one) for one in child["enum"])
    return ()


def plan(question: Question, children: Sequence[str], tools: Sequence[Mapping[str, Any]]) -> tuple[ToolCall, ...]:
    """All the calls that this question about these children needs, in order; none where no fitting tool is offered."""
    name = _TOOLS[question.subject]
    tool = next((tool for tool in tools if tool["function"]["name"] == name), None)
    if tool is None:
        return ()
    periods = _periods(question) if "period" in _properties(tool) else (None,)
    arguments = [{"child": child, "period": period} for child in children for period in periods]
    return tuple(
        ToolCall(name, json.dumps({key: value for key, value in one.items() if value is not None})) for one in arguments
    )


def _periods(question: Question) -> tuple[str, ...]:
    span = question.span or ("month" if question.subject is Subject.TESTS else "week")
    return tuple(f"{side}_{span}" for side in _SIDES[question.side])


def _properties(tool: Mapping[str, Any]) -> Mapping[str, Any]:
    properties: Mapping[str, Any] = (tool["function"].get("parameters") or {}).get("properties") or {}
    return properties
