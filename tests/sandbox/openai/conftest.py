from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.sandbox.openai.stand_in import OpenAIStandIn, running_stand_in


@pytest_asyncio.fixture
async def openai_stand_in() -> AsyncIterator[OpenAIStandIn]:
    async with running_stand_in() as stand_in:
        yield stand_in
