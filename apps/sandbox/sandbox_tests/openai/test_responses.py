"""The Responses API by OpenAI's own SDK: whole and streamed, with tools, schemas, endings and what is refused."""

from __future__ import annotations

from typing import Any

import openai
import pytest
from openai import AsyncOpenAI
from openai.types.responses import ResponseFunctionToolCall
from pydantic import BaseModel

from sandbox_tests.openai.stand_in import KEY, OpenAIStandIn
from sandbox_tests.openai.test_mentor import result, tools

HELLO: dict[str, Any] = {"model": "gpt-6-luna", "input": "Hello"}
TOOLS: list[Any] = [{"type": "function", **tool["function"], "strict": False} for tool in tools("C1")]
IN_ENGLISH = "Answer the parent. The parent's language is en."


async def test_a_whole_response(openai_stand_in: OpenAIStandIn, sdk: AsyncOpenAI) -> None:
    await openai_stand_in.script(text="Good evening.")

    response = await sdk.responses.create(**HELLO)

    assert response.output_text == "Good evening."
    assert (response.status, response.error, response.incomplete_details) == ("completed", None, None)
    assert response.usage is not None
    assert response.usage.total_tokens == response.usage.input_tokens + response.usage.output_tokens
    assert response.usage.output_tokens_details.reasoning_tokens > 0
    assert response.usage.input_tokens_details.cached_tokens == 0


async def test_a_stream_in_its_order(openai_stand_in: OpenAIStandIn, sdk: AsyncOpenAI) -> None:
    await openai_stand_in.script(text="Good evening, parent.")

    events = [event async for event in await sdk.responses.create(**HELLO, stream=True)]

    assert [event.type.removeprefix("response.") for event in events] == [
        *("created", "in_progress", "output_item.added", "content_part.added"),
        *["output_text.delta"] * 3,
        *("output_text.done", "content_part.done", "output_item.done", "completed"),
    ]
    assert [event.sequence_number for event in events] == list(range(len(events)))


async def test_the_sdk_puts_a_stream_together(openai_stand_in: OpenAIStandIn, sdk: AsyncOpenAI) -> None:
    await openai_stand_in.script(text="Good evening, parent.")

    async with sdk.responses.stream(**HELLO) as stream:
        snapshots = [event.snapshot async for event in stream if event.type == "response.output_text.delta"]
        response = await stream.get_final_response()

    assert snapshots == ["Good ", "Good evening, ", "Good evening, parent."]
    assert response.output_text == "Good evening, parent."
    assert response.usage is not None


@pytest.mark.parametrize("stream", [True, False])
async def test_a_dialog_with_tools(openai_stand_in: OpenAIStandIn, sdk: AsyncOpenAI, stream: bool) -> None:
    asked: dict[str, Any] = {"model": "gpt-6-luna", "instructions": IN_ENGLISH, "tools": TOOLS}
    conversation: list[Any] = [{"role": "user", "content": [{"type": "input_text", "text": "How was last week?"}]}]

    first = await _ask(sdk, stream, input=conversation, **asked)
    (call,) = first.output
    assert isinstance(call, ResponseFunctionToolCall)
    assert (call.name, call.arguments) == ("get_progress", '{"child": "C1", "period": "last_week"}')

    told = str(result("get_progress", "C1", "last_week")).replace("'", '"').replace("None", "null")
    conversation += [call.to_dict(), {"type": "function_call_output", "call_id": call.call_id, "output": told}]
    last = await _ask(sdk, stream, input=conversation, **asked)
    assert "⟦C1⟧, last week" in last.output_text


async def test_going_on_from_a_stored_response(openai_stand_in: OpenAIStandIn, sdk: AsyncOpenAI) -> None:
    asked: dict[str, Any] = {"model": "gpt-6-luna", "instructions": IN_ENGLISH, "tools": TOOLS}
    first = await sdk.responses.create(input="How was last week?", **asked)
    (call,) = first.output
    assert isinstance(call, ResponseFunctionToolCall)
    told: Any = {"type": "function_call_output", "call_id": call.call_id, "output": '{"error": "not_covered"}'}

    last = await sdk.responses.create(input=[told], previous_response_id=first.id, **asked)

    assert "subscription does not cover" in last.output_text
    assert (await sdk.responses.retrieve(last.id)).output_text == last.output_text
    unstored = await sdk.responses.create(**HELLO, store=False)
    with pytest.raises(openai.NotFoundError):
        await sdk.responses.retrieve(unstored.id)
    with pytest.raises(openai.BadRequestError, match="Previous response"):
        await sdk.responses.create(**HELLO, previous_response_id=unstored.id)


class Mood(BaseModel):
    tone: str
    words: list[str]


async def test_a_schema_is_answered_by_json_that_fits_it(openai_stand_in: OpenAIStandIn, sdk: AsyncOpenAI) -> None:
    free = (await sdk.responses.parse(**HELLO, text_format=Mood)).output_parsed
    await openai_stand_in.script(json={"tone": "warm", "words": ["Well", "done"]})
    scripted = (await sdk.responses.parse(**HELLO, text_format=Mood)).output_parsed

    assert free is not None
    assert free.tone.startswith("Hello!")
    assert scripted == Mood(tone="warm", words=["Well", "done"])


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(
    ("ending", "status", "reason"),
    [("length", "incomplete", "max_output_tokens"), ("content_filter", "incomplete", "content_filter")],
)
async def test_incomplete_answers(
    openai_stand_in: OpenAIStandIn, sdk: AsyncOpenAI, stream: bool, ending: str, status: str, reason: str
) -> None:
    await openai_stand_in.script(text="Half an", ending=ending)

    response = await _ask(sdk, stream, **HELLO)

    assert response.status == status
    assert response.incomplete_details is not None
    assert response.incomplete_details.reason == reason
    assert response.output_text == "Half an"


@pytest.mark.parametrize("stream", [True, False])
async def test_a_response_may_fail(openai_stand_in: OpenAIStandIn, sdk: AsyncOpenAI, stream: bool) -> None:
    await openai_stand_in.script(text="Half an", ending="failed")

    response = await _ask(sdk, stream, **HELLO)

    assert response.status == "failed"
    assert response.error is not None
    assert response.error.code == "server_error"


async def test_an_error_may_break_into_a_stream(openai_stand_in: OpenAIStandIn, sdk: AsyncOpenAI) -> None:
    await openai_stand_in.script(text="Half an", ending="error")

    events = [event async for event in await sdk.responses.create(**HELLO, stream=True)]

    assert events[-1].type == "error"
    assert (events[-1].code, "had an error" in events[-1].message) == ("server_error", True)


@pytest.mark.parametrize(
    ("change", "status", "code", "said"),
    [
        ({"model": None}, 400, None, "you must provide a model parameter"),
        ({"model": "gpt-7"}, 404, "model_not_found", "`gpt-7` does not exist"),
        ({"input": None}, 400, "missing_required_parameter", "'input'"),
        ({"input": 5}, 400, "invalid_type", "'input'"),
        ({"input": ["Hello"]}, 400, None, "input[0]"),
        ({"input": [{"role": "parent", "content": "Hi"}]}, 400, "invalid_value", "'parent'"),
        ({"messages": []}, 400, "unsupported_parameter", "moved to 'input'"),
        ({"response_format": {}}, 400, "unsupported_parameter", "moved to 'text.format'"),
        ({"max_tokens": 5}, 400, "unsupported_parameter", "max_output_tokens"),
        ({"temperature": 0.2}, 400, "unsupported_parameter", "temperature"),
        ({"tools": [{"type": "function", "function": {"name": "a"}}]}, 400, None, "'tools[0].name'"),
        ({"text": "json"}, 400, "invalid_type", "'text'"),
        ({"text": {"format": {"type": "json_schema"}}}, 400, None, "'text.format.name'"),
        ({"input": [{"type": "function_call_output", "call_id": "c1", "output": ""}]}, 400, None, "No tool call found"),
        ({"input": [{"type": "function_call", "call_id": "c1", "name": "a"}]}, 400, None, "No tool output found"),
    ],
)
async def test_what_openai_refuses_is_refused(
    openai_stand_in: OpenAIStandIn, change: dict[str, Any], status: int, code: str | None, said: str
) -> None:
    headers = {"Authorization": f"Bearer {KEY}"}
    url = f"{openai_stand_in.base_url}/responses"
    async with openai_stand_in.http.post(url, json={**HELLO, **change}, headers=headers) as answer:
        body = await answer.json()

    assert answer.status == status
    assert said in body["error"]["message"]
    assert code is None or body["error"]["code"] == code


async def _ask(sdk: AsyncOpenAI, stream: bool, **parameters: Any) -> Any:
    """The final response, in whichever way it comes."""
    if not stream:
        return await sdk.responses.create(**parameters)
    last: Any = None
    async with sdk.responses.stream(**parameters) as events:
        async for event in events:
            last = event
    return last.response
