from __future__ import annotations

import pytest_asyncio

from tests.integration.core.alerts.watched import Watched
from tests.integration.core.clock_in_hand import ClockInHand
from tests.integration.core.household import Household


@pytest_asyncio.fixture
async def world(household: Household, moved: ClockInHand) -> Watched:
    watched = Watched(household, moved)
    await watched.opens()
    return watched
