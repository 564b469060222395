"""An undisturbed answer: text, tools, usage, parameters."""

from __future__ import annotations

import json
from datetime import date

import pytest

from mentorium_ai_client import (
    AIRequestError,
    AssistantMessage,
    Finished,
    JsonSchema,
    MentoriumAIClient,
    SystemMessage,
    TextDelta,
    Tool,
    ToolCall,
    ToolCalls,
    ToolResult,
    UserMessage,
)
from mentorium_ai_client.prompts import MENTOR_SYSTEM_PROMPT, mentor_context
from mentorium_kit.errors import UnitOfWorkError
from mentorium_kit.unit_of_work import mark_open
from sandbox_tests.openai.stand_in import OpenAIStandIn
from tests.integration.ai_client.conftest import ClientAt, Outcomes
from tests.integration.ai_client.listening import events_of, text_of

PROGRESS = Tool("get_progress", "How it goes.", {"type": "object", "properties": {"child": {"enum": ["C1"]}}})


async def test_text_arrives_piece_by_piece_and_ends_with_the_usage(
    openai_stand_in: OpenAIStandIn, client: MentoriumAIClient, outcomes: Outcomes
) -> None:
    await openai_stand_in.script(chunks=["Всё ", "идёт ", "хорошо."])

    events = await events_of(client, UserMessage("Как дела?"))

    assert events[:3] == [TextDelta("Всё "), TextDelta("идёт "), TextDelta("хорошо.")]
    assert isinstance(events[3], Finished)
    assert (events[3].finish_reason, events[3].model) == ("stop", "gpt-6-luna")
    assert events[3].usage.input_tokens > 0
    assert events[3].usage.output_tokens > 0
    assert [(outcome.reason, outcome.succeeded, outcome.usage) for outcome in outcomes] == [
        ("ok", True, events[3].usage)
    ]


async def test_generate_reply_speaks_as_the_mentor(openai_stand_in: OpenAIStandIn, client: MentoriumAIClient) -> None:
    await openai_stand_in.script(text="Добрый день!")

    assert await client.generate_reply("Как дела с учёбой?", user_id=123) == "Добрый день!"

    (request,) = await openai_stand_in.requests()
    assert request["body"]["messages"] == [
        {"role": "system", "content": MENTOR_SYSTEM_PROMPT},
        {"role": "user", "content": "Как дела с учёбой?"},
    ]


async def test_calls_of_tools_come_whole_and_their_results_go_back(
    openai_stand_in: OpenAIStandIn, client: MentoriumAIClient
) -> None:
    calls = [{"name": "get_progress", "arguments": {"child": child}} for child in ("C1", "C2")]
    await openai_stand_in.script(tool_calls=calls)
    question = UserMessage("How was the week?")

    events = await events_of(client, question, tools=(PROGRESS,))

    assert [type(event) for event in events] == [ToolCalls, Finished]
    assert isinstance(events[0], ToolCalls)
    first, second = events[0].calls
    assert [(call.name, call.arguments_json) for call in (first, second)] == [
        ("get_progress", '{"child": "C1"}'),
        ("get_progress", '{"child": "C2"}'),
    ]

    await openai_stand_in.script(text="Fine.")
    asked = AssistantMessage(tool_calls=(first, second))
    results = [ToolResult(first.id, "{}"), ToolResult(second.id, "{}")]
    events = await events_of(client, question, asked, *results, tools=(PROGRESS,))

    assert events[0] == TextDelta("Fine.")
    sent = (await openai_stand_in.requests())[-1]["body"]
    assert [message["role"] for message in sent["messages"]] == ["user", "assistant", "tool", "tool"]
    assert sent["tools"][0]["function"]["name"] == "get_progress"


@pytest.mark.parametrize(
    ("model", "expected", "absent"),
    [
        ("gpt-6-luna", {"max_completion_tokens": 77, "reasoning_effort": "none", "verbosity": "low"}, {"max_tokens"}),
        ("gpt-5.6-luna", {"max_completion_tokens": 77, "reasoning_effort": "none"}, {"max_tokens"}),
        ("gpt-4o-mini", {"max_completion_tokens": 77}, {"reasoning_effort", "verbosity", "max_tokens"}),
    ],
)
async def test_each_family_of_models_gets_the_parameters_it_takes(
    openai_stand_in: OpenAIStandIn, client_at: ClientAt, model: str, expected: dict[str, object], absent: set[str]
) -> None:
    await openai_stand_in.script(text="Fine.")
    client = client_at(openai_stand_in.base_url, model=model)

    async for _ in client.stream([UserMessage("Hello")], tools=[PROGRESS], user_id=901112233, reply_tokens=77):
        pass

    (request,) = await openai_stand_in.requests()
    assert request["status"] == 200
    assert request["body"].items() >= expected.items()
    assert not {*absent, "temperature"} & request["body"].keys()
    assert request["body"]["stream_options"] == {"include_usage": True}


async def test_a_user_is_told_from_another_without_being_named(
    openai_stand_in: OpenAIStandIn, client: MentoriumAIClient, client_at: ClientAt
) -> None:
    for user_id in (901112233, 901112233, 902223344):
        await client.generate_reply("Hello", user_id=user_id)
    await client.generate_reply("Hello")

    bodies = [request["body"] for request in await openai_stand_in.requests()]
    first, again, other = (body["safety_identifier"] for body in bodies[:3])
    assert first == again != other
    assert "safety_identifier" not in bodies[3]
    assert "901112233" not in str(bodies)


async def test_a_model_without_tools_on_this_wire_says_so(openai_stand_in: OpenAIStandIn, client_at: ClientAt) -> None:
    client = client_at(openai_stand_in.base_url, model="gpt-6-astra")

    with pytest.raises(AIRequestError, match="ai_model_takes_no_tools"):
        await events_of(client, UserMessage("Hello"), tools=(PROGRESS,))

    assert await openai_stand_in.requests() == []


async def test_no_call_from_inside_a_unit_of_work(openai_stand_in: OpenAIStandIn, client: MentoriumAIClient) -> None:
    with mark_open(), pytest.raises(UnitOfWorkError):
        await client.generate_reply("Hello")

    assert await openai_stand_in.requests() == []


async def test_whoever_leaves_early_hangs_up(
    openai_stand_in: OpenAIStandIn, client: MentoriumAIClient, outcomes: Outcomes
) -> None:
    await openai_stand_in.script(chunks=["One ", "two"], stall_s=30)
    answer = client.stream([SystemMessage("Count."), UserMessage("Go on")])

    assert await anext(answer) == TextDelta("One ")
    await answer.aclose()

    assert [outcome.reason for outcome in outcomes] == ["cancelled"]


async def test_a_history_with_a_call_of_a_tool_is_sent_as_it_was(
    openai_stand_in: OpenAIStandIn, client: MentoriumAIClient
) -> None:
    call = ToolCall("call_1", "get_progress", '{"child":"C1"}')
    await events_of(
        client,
        UserMessage("How?"),
        AssistantMessage("One moment.", (call,)),
        ToolResult("call_1", '{"error":"unavailable"}'),
        AssistantMessage("I cannot see it."),
        UserMessage("Hello"),
    )

    (request,) = await openai_stand_in.requests()
    assert request["body"]["messages"][1] == {
        "role": "assistant",
        "content": "One moment.",
        "tool_calls": [
            {"id": "call_1", "type": "function", "function": {"name": "get_progress", "arguments": '{"child":"C1"}'}}
        ],
    }


@pytest.mark.parametrize(("language", "beginning"), [("uz", "Men "), ("ru", "Я "), ("en", "I ")])
async def test_the_context_tells_the_language_to_use_where_the_message_does_not(
    client: MentoriumAIClient, language: str, beginning: str
) -> None:
    context = mentor_context(languages=["Russian"], language=language, today=date(2026, 11, 24), children=["C1", "C2"])
    assert "2026-11-24" in context
    assert "⟦C1⟧, ⟦C2⟧" in context

    events = await events_of(client, SystemMessage(MENTOR_SYSTEM_PROMPT), SystemMessage(context), UserMessage("777"))

    assert text_of(events).startswith(beginning)


async def test_json_of_a_schema_is_asked_for_strictly_and_comes_as_text(
    openai_stand_in: OpenAIStandIn, client: MentoriumAIClient
) -> None:
    schema = {
        "type": "object",
        "properties": {"mood": {"type": "string"}},
        "required": ["mood"],
        "additionalProperties": False,
    }
    answer = client.stream([UserMessage("How is it?")], answer_schema=JsonSchema("mood", schema))
    events = [event async for event in answer]

    assert list(json.loads(text_of(events))) == ["mood"]
    (request,) = await openai_stand_in.requests()
    assert request["body"]["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "mood", "strict": True, "schema": schema},
    }
