from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from mentorium_kit import clock
from tests.fixtures.databases import SessionFactory
from tests.integration.core.clock_in_hand import ClockInHand
from tests.integration.core.household import Household


@pytest_asyncio.fixture
async def household(session_factory: SessionFactory, configured_platform: str) -> AsyncIterator[Household]:
    """Both databases, the bot's empty, the school with nobody in it."""
    async with Household.at(configured_platform) as household:
        yield household


@pytest.fixture
def moved(tmp_path: Path) -> Iterator[ClockInHand]:
    """The product's clock, to be moved."""
    file = tmp_path / "clock"
    file.write_text("0")
    clock.configure(file)
    yield ClockInHand(file)
    clock.configure(None)
