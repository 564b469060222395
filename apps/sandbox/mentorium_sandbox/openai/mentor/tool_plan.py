"""Which tools a question needs: one call for each child and period that it is about."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from mentorium_sandbox.openai.mentor.question_parser import Question
from mentorium_sandbox.openai.mentor.subjects import Subject
from mentorium_sandbox.openai.scripted_reply import ToolCall

# The tool that fits best comes first; a caller may offer fewer.
_TOOLS: Mapping[str, tuple[str, ...]] = {
    Subject.PROGRESS: ("get_progress",),
    Subject.COMPARED: ("get_progress",),
    Subject.BY_DAY: ("get_progress",),
    Subject.LESSONS: ("get_progress",),
    Subject.AWARDS: ("get_progress",),
    Subject.TESTS: ("get_tests",),
    Subject.JUDGED: ("get_tests",),
    Subject.WHY_RESULT: ("get_tests",),
    Subject.TOPICS: ("get_topics",),
    Subject.NEXT_STEPS: ("get_next_steps",),
    Subject.LATE: ("get_next_steps",),
    Subject.NEXT_TEST: ("get_next_steps",),
    Subject.WHY: ("get_advice", "get_topics"),
    Subject.TONIGHT: ("get_advice", "get_next_steps"),
    Subject.COMMENTS: ("get_comments",),
    Subject.EXPLAINED: ("explain_topic",),
    Subject.PRICES: ("get_subscription",),
    Subject.REFUND: ("get_subscription",),
}
_SIDES = {None: ("this", "last"), "this": ("this",), "last": ("last",), "before": ("last",)}
_BY_THE_MONTH = {Subject.TESTS, Subject.JUDGED, Subject.WHY_RESULT, Subject.AWARDS}
_OF_ONE_PERIOD = {Subject.COMPARED: "last"}
_OF_NO_CHILD = {Subject.EXPLAINED, Subject.PRICES, Subject.REFUND}


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


def is_of_a_child(question: Question) -> bool:
    return question.subject not in _OF_NO_CHILD


def plan(question: Question, children: Sequence[str], tools: Sequence[Mapping[str, Any]]) -> tuple[ToolCall, ...]:
    """All the calls that this question about these children needs, in order; none where no fitting tool is offered."""
    offered = {tool["function"]["name"]: tool for tool in tools}
    name = next((name for name in _TOOLS[question.subject] if name in offered), None)
    if name is None:
        return ()
    if not is_of_a_child(question):
        return (
            ToolCall(name, json.dumps({"topic": question.topic} if question.topic and name == "explain_topic" else {})),
        )
    periods = _periods(question) if "period" in _properties(offered[name]) else (None,)
    arguments = [{"child": child, "period": period} for child in children for period in periods]
    return tuple(
        ToolCall(name, json.dumps({key: value for key, value in one.items() if value is not None})) for one in arguments
    )


def _periods(question: Question) -> tuple[str, ...]:
    span = question.span or ("month" if question.subject in _BY_THE_MONTH else "week")
    side = question.side or _OF_ONE_PERIOD.get(question.subject)
    return tuple(f"{side}_{span}" for side in _SIDES[side])


def _properties(tool: Mapping[str, Any]) -> Mapping[str, Any]:
    properties: Mapping[str, Any] = (tool["function"].get("parameters") or {}).get("properties") or {}
    return properties
