"""A judge that is not ours: llmock breaks the line and says whether the client behaved, warnings included."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from llmock.pytest_plugin import LLMock
from openai import DefaultAsyncHttpx2Client

from mentorium_ai_client import (
    AIQuotaError,
    AIUnavailableError,
    MentoriumAIClient,
    RetryPolicy,
    Tool,
    ToolCalls,
    UserMessage,
    load_tokenizer,
)
from mentorium_core.i18n import t
from mentorium_core.mentor.conversation import Conversation
from mentorium_core.mentor.model import AnswerPiece, Reset
from tests.integration.ai_client.conftest import ClientAt
from tests.integration.ai_client.listening import Ask, by_stream, events_of
from tests.unit.core.mentor.scripted_model import toolbox

ANSWER = "The week went well, and there is nothing to worry about. Ask what was new."
Breaking = Callable[[LLMock], object]

BREAKINGS: dict[str, Breaking] = {
    "rate limit": lambda mock: mock.rate_limit(times=2, retry_after=0.2),
    "server error": lambda mock: mock.fail(500, times=2),
    "overloaded": lambda mock: mock.fail(503, times=2),
    "request timeout": lambda mock: mock.fail(408, times=1),
    "conflict": lambda mock: mock.fail(409, times=1),
    "disconnect": lambda mock: mock.disconnect(after_chunks=2),
    "truncate": lambda mock: mock.truncate(after_chunks=2),
    # paced: else all is sent before the client can hang up, and the judge cannot see that it did
    "corrupt": lambda mock: mock.corrupt(after_chunks=2).pace(100),
    "stall": lambda mock: mock.stall(seconds=3),
    "slow first token": lambda mock: mock.slow_first_token(3),
    "all at once": lambda mock: mock.rate_limit(retry_after=0.2).truncate(after_chunks=2).disconnect(after_chunks=1),
}


async def by_mentor(client: MentoriumAIClient, text: str) -> str:
    """With our own streaming on top: sentence by sentence, checked, in a chat."""
    await load_tokenizer()
    seen = ""
    async for event in Conversation(client, toolbox(), [UserMessage(text)], user_id=1).events():
        match event:
            case AnswerPiece(piece):
                seen += piece
            case Reset():
                seen = ""
    return seen.removesuffix(f"\n\n{t('en', 'mentor-ai-label')}")


@pytest.fixture
def client(request: pytest.FixtureRequest, llmock: LLMock, client_at: ClientAt) -> MentoriumAIClient:
    transport = DefaultAsyncHttpx2Client() if getattr(request, "param", "aiohttp") == "httpx2" else None
    # long enough that the judge sees the waits grow through the noise of a busy machine
    retries = RetryPolicy(first_wait_s=0.1, longest_wait_s=1.0)
    return client_at(llmock.base_url("openai"), retries=retries, http_client=transport)


@pytest.mark.parametrize(
    ("client", "ask"), [("aiohttp", by_stream), ("aiohttp", by_mentor), ("httpx2", by_mentor)], indirect=["client"]
)
@pytest.mark.parametrize("broken", BREAKINGS)
async def test_the_answer_comes_whole_in_the_end(
    llmock: LLMock, client: MentoriumAIClient, ask: Ask, broken: str
) -> None:
    BREAKINGS[broken](llmock)
    llmock.reply(ANSWER, times=None)

    assert await ask(client, "How was the week?") == ANSWER

    llmock.assert_resilient(strict=True)


async def test_an_outage_is_tried_a_few_times_and_then_told(llmock: LLMock, client: MentoriumAIClient) -> None:
    llmock.outage()

    with pytest.raises(AIUnavailableError):
        await client.generate_reply("How was the week?")

    llmock.assert_resilient(strict=True)


@pytest.mark.parametrize("code", ["insufficient_quota", "credit_balance_exhausted"])
async def test_no_credit(llmock: LLMock, client: MentoriumAIClient, code: str) -> None:
    llmock.fail(429, code=code, times=None)

    with pytest.raises(AIQuotaError):
        await client.generate_reply("How was the week?")

    assert len(llmock.requests) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
async def test_a_refusal_is_final(llmock: LLMock, client: MentoriumAIClient, status: int) -> None:
    llmock.fail(status, times=None)

    with pytest.raises(AIUnavailableError, match="ai_request_refused"):
        await client.generate_reply("How was the week?")

    llmock.assert_resilient(strict=True)


async def test_broken_arguments_of_a_tool_are_handed_on_as_they_came(llmock: LLMock, client: MentoriumAIClient) -> None:
    llmock.break_tool_call("malformed_arguments")

    events = await events_of(client, UserMessage("How was the week?"), tools=(Tool("get_progress", "Progress."),))

    assert isinstance(events[0], ToolCalls)
    assert events[0].calls[0].arguments_json
