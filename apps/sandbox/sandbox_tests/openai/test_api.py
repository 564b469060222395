"""The wire: what OpenAI's own SDK reads, what OpenAI refuses, the journal, scripts and faults."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import openai
import pytest
from openai import AsyncOpenAI
from pydantic import BaseModel

from sandbox_tests.openai.stand_in import KEY, OpenAIStandIn, running_stand_in

HELLO: dict[str, Any] = {"model": "gpt-6-luna", "messages": [{"role": "user", "content": "Hello"}]}
TOOL = {"type": "function", "function": {"name": "get_tests", "parameters": {"type": "object", "properties": {}}}}
CALL = {"id": "call_1", "type": "function", "function": {"name": "get_tests", "arguments": "{}"}}


async def test_the_sdk_reads_a_whole_answer(openai_stand_in: OpenAIStandIn, sdk: AsyncOpenAI) -> None:
    await openai_stand_in.script(text="Good evening.")

    completion = await sdk.chat.completions.create(**HELLO)

    assert completion.choices[0].message.content == "Good evening."
    assert completion.choices[0].finish_reason == "stop"
    assert completion.usage is not None
    assert completion.usage.total_tokens == completion.usage.prompt_tokens + completion.usage.completion_tokens


async def test_the_sdk_puts_a_stream_together(openai_stand_in: OpenAIStandIn, sdk: AsyncOpenAI) -> None:
    await openai_stand_in.script(tool_calls=[{"name": "get_tests", "arguments": {"child": "C1"}}])

    async with sdk.chat.completions.stream(**HELLO, stream_options={"include_usage": True}) as stream:
        completion = await stream.get_final_completion()

    assert completion.choices[0].message.tool_calls is not None
    (call,) = completion.choices[0].message.tool_calls
    assert (call.function.name, call.function.arguments) == ("get_tests", '{"child": "C1"}')
    assert completion.choices[0].finish_reason == "tool_calls"
    assert completion.usage is not None


async def test_usage_comes_only_when_asked_for(openai_stand_in: OpenAIStandIn, sdk: AsyncOpenAI) -> None:
    await openai_stand_in.script(text="Good evening.")

    chunks = [chunk async for chunk in await sdk.chat.completions.create(**HELLO, stream=True)]

    assert all(chunk.usage is None for chunk in chunks)
    assert chunks[-1].choices[0].finish_reason == "stop"


async def test_usage_tells_of_thinking_and_of_what_was_cached(openai_stand_in: OpenAIStandIn, sdk: AsyncOpenAI) -> None:
    await openai_stand_in.script(text="Good evening.", times=3)
    long: dict[str, Any] = {
        "model": "gpt-6-luna",
        "messages": [{"role": "user", "content": "The same long question. " * 200}],
    }

    first = (await sdk.chat.completions.create(**long, reasoning_effort="none")).usage
    again = (await sdk.chat.completions.create(**long, reasoning_effort="high")).usage
    other = (await sdk.chat.completions.create(**HELLO)).usage

    assert first is not None
    assert again is not None
    assert other is not None
    assert first.prompt_tokens_details is not None
    assert again.prompt_tokens_details is not None
    assert first.completion_tokens_details is not None
    assert again.completion_tokens_details is not None
    assert (first.prompt_tokens_details.cached_tokens, first.completion_tokens_details.reasoning_tokens) == (0, 0)
    assert again.prompt_tokens_details.cached_tokens is not None
    assert 1024 <= again.prompt_tokens_details.cached_tokens <= again.prompt_tokens
    assert again.prompt_tokens_details.cached_tokens % 128 == 0
    assert again.completion_tokens_details.reasoning_tokens == again.completion_tokens - first.completion_tokens > 0
    assert other.prompt_tokens_details is not None
    assert other.prompt_tokens_details.cached_tokens == 0


class Mood(BaseModel):
    tone: Literal["warm", "brief"]
    words: list[str]
    score: int
    remark: str | None


async def test_a_schema_is_answered_by_json_that_fits_it(sdk: AsyncOpenAI) -> None:
    parsed = (await sdk.chat.completions.parse(**HELLO, response_format=Mood)).choices[0].message.parsed

    assert parsed is not None
    assert (parsed.tone, parsed.score) == ("warm", 0)
    assert parsed.words[0].startswith("Hello!")


async def test_a_loose_strict_schema_is_refused(sdk: AsyncOpenAI) -> None:
    loose: Any = {
        "type": "json_schema",
        "json_schema": {"name": "mood", "strict": True, "schema": {"type": "object", "properties": {}}},
    }
    with pytest.raises(openai.BadRequestError, match="'additionalProperties' is required"):
        await sdk.chat.completions.create(**HELLO, response_format=loose)


async def test_json_mode_wants_the_word(sdk: AsyncOpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="must contain the word 'json'"):
        await sdk.chat.completions.create(**HELLO, response_format={"type": "json_object"})


async def test_a_tool_that_must_be_called_is_called(sdk: AsyncOpenAI) -> None:
    parameters = {"type": "object", "properties": {"child": {"enum": ["C2"]}}, "required": ["child"]}
    tool: Any = {"type": "function", "function": {"name": "get_tests", "parameters": parameters}}
    choice: Any = {"type": "function", "function": {"name": "get_tests"}}

    answer = await sdk.chat.completions.create(**HELLO, tools=[tool], tool_choice=choice, reasoning_effort="none")
    nothing = await sdk.chat.completions.create(**HELLO, tools=[tool], tool_choice="none", reasoning_effort="none")

    assert answer.choices[0].message.tool_calls is not None
    (call,) = answer.choices[0].message.tool_calls
    assert call.type == "function"
    assert (call.function.name, call.function.arguments) == ("get_tests", '{"child": "C2"}')
    assert nothing.choices[0].message.tool_calls is None


@pytest.mark.parametrize("stream", [True, False])
async def test_an_answer_may_end_early(openai_stand_in: OpenAIStandIn, sdk: AsyncOpenAI, stream: bool) -> None:
    await openai_stand_in.script(text="Half an", ending="length")

    if stream:
        async with sdk.chat.completions.stream(**HELLO) as events:
            reasons = [event.chunk.choices[0].finish_reason async for event in events if event.type == "chunk"]
        assert reasons[-1] == "length"
    else:
        assert (await sdk.chat.completions.create(**HELLO)).choices[0].finish_reason == "length"


async def test_an_error_may_break_into_a_stream(openai_stand_in: OpenAIStandIn, sdk: AsyncOpenAI) -> None:
    await openai_stand_in.script(text="Half an", ending="error", times=2)

    with pytest.raises(openai.APIError, match="had an error"):
        await _listen(sdk)
    with pytest.raises(openai.InternalServerError):
        await sdk.chat.completions.create(**HELLO)


async def test_words_come_at_the_pace_of_speech() -> None:
    async with running_stand_in(words_per_second=20) as stand_in:
        await stand_in.script(text="One two three four five six.")
        async with AsyncOpenAI(api_key=KEY, base_url=stand_in.base_url) as sdk:
            stream = await sdk.chat.completions.create(**HELLO, stream=True)
            heard = [(chunk.choices[0].delta.content, datetime.now()) async for chunk in stream]

    words = [(text, at) for text, at in heard if text]
    assert [text for text, _ in words] == ["One ", "two ", "three ", "four ", "five ", "six."]
    assert (words[-1][1] - words[0][1]).total_seconds() >= 0.2


async def test_the_models_are_listed_with_their_last_day(sdk: AsyncOpenAI) -> None:
    assert "gpt-6-luna" in [model.id async for model in sdk.models.list()]
    assert (await sdk.models.retrieve("gpt-4o")).shutdown_date == "2027-01-14"
    with pytest.raises(openai.NotFoundError, match="'gpt-7' does not exist"):
        await sdk.models.retrieve("gpt-7")


async def test_an_unknown_path_answers_loudly(sdk: AsyncOpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="Unknown request URL: POST /v1/embeddings"):
        await sdk.embeddings.create(model="text-embedding-3-small", input="Hello")


@pytest.mark.parametrize(
    ("change", "status", "code", "said"),
    [
        ({"model": None}, 400, None, "you must provide a model parameter"),
        ({"model": "gpt-7"}, 404, "model_not_found", "`gpt-7` does not exist"),
        ({"messages": None}, 400, "missing_required_parameter", "'messages'"),
        ({"messages": []}, 400, "empty_array", "empty array"),
        ({"messages": [{"role": "parent", "content": "Hi"}]}, 400, "invalid_value", "'parent'"),
        ({"max_tokens": 5}, 400, "unsupported_parameter", "max_completion_tokens"),
        ({"temperature": 0.2}, 400, "unsupported_value", "temperature"),
        ({"model": "whisper-1"}, 404, None, "not supported by this endpoint"),
        ({"tools": [{"type": "function"}]}, 400, None, "reasoning_effort"),
        ({"tools": [{"type": "function"}], "reasoning_effort": "none"}, 400, "missing_required_parameter", "function"),
        ({"tools": [TOOL]}, 400, None, "set reasoning_effort to 'none'"),
        ({"messages": [{"role": "tool", "tool_call_id": "call_1", "content": "{}"}]}, 400, None, "preceeding message"),
        (
            {"messages": [{"role": "assistant", "tool_calls": [CALL]}]},
            400,
            None,
            "did not have response messages: call_1",
        ),
    ],
)
async def test_what_openai_refuses_is_refused(
    openai_stand_in: OpenAIStandIn, change: dict[str, Any], status: int, code: str | None, said: str
) -> None:
    answered, body = await openai_stand_in.chat({**HELLO, **change})

    assert answered == status
    assert body["error"]["code"] == code
    assert body["error"]["type"] == "invalid_request_error"
    assert said in body["error"]["message"]


@pytest.mark.parametrize("body", [[], "no object", 5])
async def test_a_body_that_is_no_object(openai_stand_in: OpenAIStandIn, body: Any) -> None:
    status, answer = await openai_stand_in.chat(body)

    assert status == 400
    assert "could not parse" in answer["error"]["message"]


@pytest.mark.parametrize("key", [None, "no-key-of-theirs"])
async def test_a_key_must_be_shown(openai_stand_in: OpenAIStandIn, key: str | None) -> None:
    status, _ = await openai_stand_in.chat(HELLO, key=key)

    assert status == 401


async def test_the_journal_holds_what_was_sent(openai_stand_in: OpenAIStandIn) -> None:
    await openai_stand_in.chat(HELLO)
    await openai_stand_in.fault("status_429", times=1)
    await openai_stand_in.chat(HELLO)
    await openai_stand_in.chat({**HELLO, "model": "gpt-7"})

    requests = await openai_stand_in.requests()

    assert [(request["seq"], request["status"]) for request in requests] == [(1, 200), (2, 429), (3, 404)]
    assert requests[0]["body"] == HELLO
    assert requests[0]["path"] == "/openai/v1/chat/completions"
    assert datetime.fromisoformat(requests[0]["time"]).tzinfo is not None
    assert [request["seq"] for request in await openai_stand_in.requests(after=2)] == [3]
    assert KEY not in str(requests)


async def test_scripts_are_taken_in_order_and_run_out(openai_stand_in: OpenAIStandIn) -> None:
    await openai_stand_in.script(text="First", times=2)
    await openai_stand_in.script(json={"tone": "warm"})
    await openai_stand_in.script(text="Only for weather", match="weather")

    heard = [(await openai_stand_in.chat(HELLO))[1]["choices"][0]["message"]["content"] for _ in range(4)]

    assert heard[:3] == ["First", "First", '{"tone": "warm"}']
    assert heard[3].startswith("Hello! I am the Mentorium mentor.")
    question = {**HELLO, "messages": [{"role": "user", "content": "What is the WEATHER like?"}]}
    assert (await openai_stand_in.chat(question))[1]["choices"][0]["message"]["content"] == "Only for weather"


async def test_scripts_can_be_cleared(openai_stand_in: OpenAIStandIn) -> None:
    await openai_stand_in.script(text="First")
    await openai_stand_in.control("DELETE", "/openai/script")

    _, answer = await openai_stand_in.chat(HELLO)

    assert answer["choices"][0]["message"]["content"] != "First"


@pytest.mark.parametrize(
    "script",
    [
        {},
        {"text": "a", "chunks": ["b"]},
        {"text": ""},
        {"chunks": []},
        {"chunks": [1]},
        {"tool_calls": [{"arguments": {}}]},
        {"text": "a", "times": 0},
        {"text": "a", "delay_ms": -1},
        {"text": "a", "cut_after": -1},
        {"text": "a", "ending": "never"},
        {"text": "a", "stall_s": "long"},
        {"transcription": 5},
        {"moderation": "rudeness"},
        {"moderation": {"violence": 2}},
        {"moderation": 5},
    ],
)
async def test_a_script_that_makes_no_sense_is_refused(openai_stand_in: OpenAIStandIn, script: dict[str, Any]) -> None:
    status, answer = await openai_stand_in.control("POST", "/openai/script", script)

    assert status == 400
    assert answer["error"]


@pytest.mark.parametrize(
    ("kind", "status", "type_"),
    [("status_429", 429, "requests"), ("status_500", 500, "server_error"), ("quota", 429, "insufficient_quota")],
)
async def test_faults_speak_as_openai_does(openai_stand_in: OpenAIStandIn, kind: str, status: int, type_: str) -> None:
    await openai_stand_in.fault(kind, times=1, match="chat/*")

    answered, body = await openai_stand_in.chat(HELLO)

    assert (answered, body["error"]["type"]) == (status, type_)
    assert (await openai_stand_in.chat(HELLO))[0] == 200


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("kind", ["drop_response", "down", "stream_cut", "corrupt_chunk", "timeout", "stall"])
async def test_no_fault_of_the_line_looks_like_an_answer(
    openai_stand_in: OpenAIStandIn, kind: str, stream: bool
) -> None:
    await openai_stand_in.script(text="A whole answer of some words.")
    await openai_stand_in.fault(kind, times=1)
    patience = openai.Timeout(5, read=0.3)

    async with AsyncOpenAI(api_key=KEY, base_url=openai_stand_in.base_url, max_retries=0, timeout=patience) as sdk:
        with pytest.raises((openai.APIError, ValueError)):
            await (_listen(sdk) if stream else sdk.chat.completions.create(**HELLO))


async def _listen(sdk: AsyncOpenAI) -> None:
    async for _ in await sdk.chat.completions.create(**HELLO, stream=True):
        pass
