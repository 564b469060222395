"""Whatever happens on the line, a reader ends with one whole answer or one of our errors, and in time."""

from __future__ import annotations

import asyncio

import pytest

from mentorium_ai_client import (
    AIQuotaError,
    AIRequestError,
    AIUnavailableError,
    MentoriumAIClient,
    Restarted,
    RetryPolicy,
    TextDelta,
    UserMessage,
)
from sandbox_tests.openai.stand_in import OpenAIStandIn
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.ai_client.conftest import ClientAt, Outcomes
from tests.integration.ai_client.listening import WAYS, Ask, events_of

ANSWER = "Study time was two hours and ten minutes."
both_ways = pytest.mark.parametrize("ask", WAYS)


@both_ways
@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("status_500", "500"),
        ("timeout", "timeout"),
        ("drop_response", "timeout"),
        ("down", "timeout"),
        ("stream_cut", "connection"),
        ("corrupt_chunk", "corrupt"),
        ("stall", "timeout"),
    ],
)
async def test_two_faults_and_then_the_answer(
    openai_stand_in: OpenAIStandIn,
    client: MentoriumAIClient,
    outcomes: Outcomes,
    ask: Ask,
    kind: str,
    reason: str,
) -> None:
    await openai_stand_in.script(text=ANSWER, times=3)
    await openai_stand_in.fault(kind, times=2)

    assert await ask(client, "How was the week?") == ANSWER

    assert [outcome.reason for outcome in outcomes] == [reason, reason, "ok"]


@both_ways
async def test_an_answer_that_ends_without_an_end_is_asked_for_again(
    openai_stand_in: OpenAIStandIn, client: MentoriumAIClient, outcomes: Outcomes, ask: Ask
) -> None:
    await openai_stand_in.script(text=ANSWER, cut_after=3)
    await openai_stand_in.script(text=ANSWER)

    assert await ask(client, "How was the week?") == ANSWER

    assert [outcome.reason for outcome in outcomes] == ["truncated", "ok"]


async def test_the_reader_hears_that_the_answer_begins_anew(
    openai_stand_in: OpenAIStandIn, client: MentoriumAIClient
) -> None:
    await openai_stand_in.script(chunks=["One ", "two ", "three"], cut_after=2)
    await openai_stand_in.script(chunks=["Four"])

    events = await events_of(client, UserMessage("Count"))

    assert events[:-1] == [TextDelta("One "), TextDelta("two "), Restarted(), TextDelta("Four")]


async def test_nothing_restarts_where_nothing_was_shown(
    openai_stand_in: OpenAIStandIn, client: MentoriumAIClient
) -> None:
    await openai_stand_in.script(chunks=["Four"])
    await openai_stand_in.fault("status_500", times=2)

    events = await events_of(client, UserMessage("Count"))

    assert events[:-1] == [TextDelta("Four")]


@both_ways
async def test_an_answer_without_content_is_asked_for_again(
    openai_stand_in: OpenAIStandIn, client: MentoriumAIClient, outcomes: Outcomes, ask: Ask
) -> None:
    await openai_stand_in.script(chunks=[""])
    await openai_stand_in.script(text=ANSWER)

    assert await ask(client, "How was the week?") == ANSWER

    assert [outcome.reason for outcome in outcomes] == ["empty", "ok"]


@both_ways
async def test_the_service_says_how_long_to_wait(
    openai_stand_in: OpenAIStandIn, client: MentoriumAIClient, ask: Ask
) -> None:
    await openai_stand_in.script(text=ANSWER)
    await openai_stand_in.fault("status_429", times=1, retry_after=1)
    began = asyncio.get_running_loop().time()

    assert await ask(client, "How was the week?") == ANSWER

    assert asyncio.get_running_loop().time() - began >= 1.0


async def test_a_wait_beyond_the_deadline_is_not_waited(
    openai_stand_in: OpenAIStandIn, client: MentoriumAIClient, outcomes: Outcomes
) -> None:
    await openai_stand_in.fault("status_429", retry_after=3600)

    async with asyncio.timeout(HANGS_AFTER_S):
        with pytest.raises(AIUnavailableError) as caught:
            await client.generate_reply("How was the week?")

    assert caught.value.context["reason"] == "429"
    assert len(outcomes) == 1


@both_ways
async def test_without_credit_nothing_is_tried_again(
    openai_stand_in: OpenAIStandIn, client: MentoriumAIClient, outcomes: Outcomes, ask: Ask
) -> None:
    await openai_stand_in.fault("quota")

    with pytest.raises(AIQuotaError):
        await ask(client, "How was the week?")

    assert [outcome.reason for outcome in outcomes] == ["quota"]


@both_ways
async def test_what_is_refused_is_not_tried_again(
    openai_stand_in: OpenAIStandIn, client_at: ClientAt, outcomes: Outcomes, ask: Ask
) -> None:
    client = client_at(openai_stand_in.base_url, model="gpt-6-unheard-of")

    with pytest.raises(AIRequestError) as caught:
        await ask(client, "a secret question")

    assert caught.value.context.items() >= {"reason": "404", "error_code": "model_not_found"}.items()
    assert "secret" not in str(caught.value)
    assert len(outcomes) == 1


async def test_an_outage_ends_in_an_error_and_the_service_is_back_by_itself(
    openai_stand_in: OpenAIStandIn, client: MentoriumAIClient, outcomes: Outcomes
) -> None:
    await openai_stand_in.fault("down")
    with pytest.raises(AIUnavailableError):
        await client.generate_reply("How was the week?")
    assert len(outcomes) == RetryPolicy().attempts

    await openai_stand_in.heal()
    await openai_stand_in.script(text=ANSWER)

    assert await client.generate_reply("How was the week?") == ANSWER


async def test_nobody_there_at_all(client_at: ClientAt, unused_tcp_port: int) -> None:
    client = client_at(f"http://127.0.0.1:{unused_tcp_port}/v1")

    with pytest.raises(AIUnavailableError):
        await client.generate_reply("How was the week?")


@both_ways
@pytest.mark.parametrize("kind", ["timeout", "stall"])
async def test_the_deadline_holds_for_all_attempts_together(
    openai_stand_in: OpenAIStandIn, client_at: ClientAt, outcomes: Outcomes, ask: Ask, kind: str
) -> None:
    client = client_at(openai_stand_in.base_url, answer_timeout_s=1.0, read_timeout_s=0.6)
    await openai_stand_in.fault(kind)

    async with asyncio.timeout(HANGS_AFTER_S):
        with pytest.raises(AIUnavailableError) as caught:
            await ask(client, "How was the week?")

    assert caught.value.context["reason"] == "timeout"
    assert len(outcomes) == 2


async def test_a_shorter_time_may_be_set_for_one_answer(openai_stand_in: OpenAIStandIn, client_at: ClientAt) -> None:
    client = client_at(openai_stand_in.base_url, read_timeout_s=10 * HANGS_AFTER_S)
    await openai_stand_in.fault("timeout")

    async with asyncio.timeout(HANGS_AFTER_S):
        with pytest.raises(AIUnavailableError):
            async for _ in client.stream([UserMessage("How was the week?")], timeout_s=0.2):
                pass


async def test_the_deadline_never_strikes_in_the_reader(openai_stand_in: OpenAIStandIn, client_at: ClientAt) -> None:
    client = client_at(openai_stand_in.base_url, answer_timeout_s=0.2)
    await openai_stand_in.script(chunks=["One ", "two"], stall_s=30)
    answer = client.stream([UserMessage("Count")])

    assert await anext(answer) == TextDelta("One ")
    await asyncio.sleep(0.3)  # the reader is slow, which is what is tested

    with pytest.raises(AIUnavailableError):
        async for _ in answer:
            pass
