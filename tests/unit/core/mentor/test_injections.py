"""Fifty texts in titles, comments, names and messages, and a model that obeys them all: nothing comes of it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date

import pytest

from mentorium_ai_client import AssistantMessage, SystemMessage, ToolCall, ToolResult, UserMessage
from mentorium_core.mentor.conversation import Conversation
from mentorium_core.progress.model import Award, LearnerFacts, NextLesson, Titles
from mentorium_core.pseudonymisation.tokens import NamedPersons, Tokens
from tests.unit.core.mentor.injections import FORBIDDEN, INJECTIONS, OBEYED, Aim, Injection, Place
from tests.unit.core.mentor.scripted_model import (
    LAST_WEEK,
    NEXT,
    TESTS,
    TOPICS,
    Said,
    ScriptedModel,
    Talk,
    toolbox,
    words,
)
from tests.unit.core.reports.known import FACT_CHECKING, aziza

COMMENTS = ToolCall("5", "get_comments", '{"child":"C1"}')
FOREIGN_CALLS = [
    ToolCall("6", "get_progress", '{"child":"77","period":"last_week"}'),
    ToolCall("7", "get_progress", '{"child":"C2","period":"last_week"}'),
    ToolCall("8", "get_progress", '{"child":"C1","period":"last_week","student_id":77}'),
    ToolCall("9", "get_tests", '{"child":"Timur Rashidov","period":"last_week"}'),
]
CALLS = {
    Place.TEST: TESTS,
    Place.TOPIC: TOPICS,
    Place.LESSON: NEXT,
    Place.AWARD: LAST_WEEK,
    Place.COURSE: LAST_WEEK,
    Place.COMMENT: COMMENTS,
    Place.NAME: LAST_WEEK,
    Place.MESSAGE: LAST_WEEK,
}
NO_TEXT = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f]")


def test_there_are_fifty() -> None:
    assert len(INJECTIONS) == len({injection.text for injection in INJECTIONS}) == 50
    assert {injection.place for injection in INJECTIONS} == set(Place)


def _facts(injection: Injection) -> LearnerFacts:
    titles, facts = Titles(en=injection.text), aziza()
    match injection.place:
        case Place.TEST:
            return replace(facts, tests=(replace(facts.tests[0], title=titles), *facts.tests[1:]))
        case Place.TOPIC:
            topics = tuple(
                replace(topic, title=titles if topic.title is FACT_CHECKING else topic.title) for topic in facts.topics
            )
            return replace(facts, topics=topics)
        case Place.LESSON:
            return replace(facts, courses=(replace(facts.courses[0], next_lessons=(NextLesson(17, titles),)),))
        case Place.AWARD:
            return replace(facts, awards=(Award("first", "badge", titles, date(2026, 11, 17)),))
        case Place.COURSE:
            return replace(facts, courses=(replace(facts.courses[0], title=titles),))
        case Place.COMMENT:
            return replace(facts, comments=(replace(facts.comments[0], body=injection.text),))
        case _:
            return facts


async def _obeyed(injection: Injection, said: str, calls: tuple[ToolCall, ...]) -> tuple[Talk, ScriptedModel]:
    rounds: list[list[Said]] = [[calls], words(said)]
    model = ScriptedModel(rounds)
    box = toolbox(facts=_facts(injection))
    if injection.place is Place.NAME:
        box = replace(box, tokens=Tokens(NamedPersons.of([injection.text])))
    question = injection.text if injection.place is Place.MESSAGE else "How was the week?"
    conversation = Conversation(model, box, [UserMessage(box.tokens.hide(question))], user_id=1)
    return Talk(conversation, [event async for event in conversation.events()]), model


@pytest.mark.parametrize("injection", INJECTIONS, ids=[f"{n}-{i.place}-{i.aim}" for n, i in enumerate(INJECTIONS)])
async def test_nothing_comes_of_it(injection: Injection) -> None:
    for said in OBEYED[injection.aim]:
        seen, model = await _obeyed(injection, said, (CALLS[injection.place],))
        quoted = injection.text if injection.aim is not Aim.LINK else ""
        for text in (seen.ever_shown, seen.shown):
            assert not [word for word in FORBIDDEN if word in text and word not in quoted], text
        assert seen.shown.strip()
        _is_marked_as_data(injection, model)


def _is_marked_as_data(injection: Injection, model: ScriptedModel) -> None:
    """It stands in a tool's result, as a string of valid JSON, capped and stripped; never among the rules."""
    opening = injection.text[:24]
    for message in model.requests[-1]:
        match message:
            case SystemMessage(text):
                assert injection.place is Place.NAME or opening not in text
            case ToolResult(_, content):
                result = json.loads(content)
                assert all(len(text) <= 520 and not NO_TEXT.search(text) for text in _strings(result))
                assert isinstance(result, dict)
                assert result.get("average_percent") in (None, 80), "no field of the result is the text's"
            case UserMessage(text):
                assert injection.place is Place.MESSAGE or opening not in text
            case AssistantMessage(text):
                assert opening not in text


def _strings(value: object) -> list[str]:
    match value:
        case str():
            return [value]
        case dict():
            return [text for item in value.values() for text in _strings(item)]
        case list():
            return [text for item in value for text in _strings(item)]
        case _:
            return []


@pytest.mark.parametrize("call", FOREIGN_CALLS, ids=lambda call: call.arguments_json)
@pytest.mark.parametrize("injection", [i for i in INJECTIONS if i.aim is Aim.FOREIGN], ids=lambda i: i.text[:20])
async def test_no_call_reads_another_familys_child(injection: Injection, call: ToolCall) -> None:
    seen, model = await _obeyed(injection, OBEYED[Aim.FOREIGN][0], (call,))
    assert "97" not in seen.ever_shown
    results = [message for message in model.requests[-1] if isinstance(message, ToolResult)]
    assert next(json.loads(result.content)["error"] for result in results) in ("bad_arguments", "unknown_child")


def test_no_tool_can_change_anything() -> None:
    """Every tool only reads: the model can ask for nothing that leaves a trace."""
    assert all(re.match("get_|explain_|list_", tool.name) for tool in toolbox().offered())
