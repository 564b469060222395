"""The client on real HTTP: against OpenAI's stand-in of the sandbox, and against llmock, which judges it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
import pytest_asyncio
from llmock.pytest_plugin import LLMock
from llmock.testing import LLMockServer

from mentorium_ai_client import MentoriumAIClient, RequestOutcome, RetryPolicy
from sandbox_tests.openai.stand_in import KEY, OpenAIStandIn, running_stand_in

Outcomes = list[RequestOutcome]
ClientAt = Callable[..., MentoriumAIClient]


@pytest_asyncio.fixture
async def openai_stand_in() -> AsyncIterator[OpenAIStandIn]:
    async with running_stand_in() as stand_in:
        yield stand_in


@pytest.fixture(scope="session")
def llmock_server() -> Iterator[LLMockServer]:
    with LLMockServer() as server:
        yield server


@pytest.fixture
def llmock(llmock_server: LLMockServer) -> LLMock:
    mock = LLMock(llmock_server)
    mock.reset()
    return mock


@pytest.fixture
def outcomes() -> Outcomes:
    return []


@pytest_asyncio.fixture
async def client_at(outcomes: Outcomes) -> AsyncIterator[ClientAt]:
    """Makes clients that are quick to lose patience; all are closed at the end."""
    made: list[MentoriumAIClient] = []

    def make(base_url: str, **settings: Any) -> MentoriumAIClient:
        quick = {"read_timeout_s": 0.3, "retries": RetryPolicy(first_wait_s=0.02, longest_wait_s=0.1)}
        client = MentoriumAIClient(KEY, base_url=base_url, on_request=outcomes.append, **{**quick, **settings})
        made.append(client)
        return client

    yield make
    for client in made:
        await client.aclose()


@pytest.fixture
def client(openai_stand_in: OpenAIStandIn, client_at: ClientAt) -> MentoriumAIClient:
    return client_at(openai_stand_in.base_url)
