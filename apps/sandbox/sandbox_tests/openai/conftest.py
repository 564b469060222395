from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from openai import AsyncOpenAI

from sandbox_tests.openai.stand_in import KEY, OpenAIStandIn, running_stand_in

SPOKEN = {b"OggS how was the week": "How was last week?"}


@pytest_asyncio.fixture
async def openai_stand_in() -> AsyncIterator[OpenAIStandIn]:
    async with running_stand_in(spoken_in=SPOKEN.get) as stand_in:
        yield stand_in


@pytest_asyncio.fixture
async def sdk(openai_stand_in: OpenAIStandIn) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(api_key=KEY, base_url=openai_stand_in.base_url, max_retries=0) as client:
        yield client
