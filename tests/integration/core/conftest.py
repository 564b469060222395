from __future__ import annotations

import pytest

from tests.fixtures.databases import SessionFactory
from tests.integration.core.household import Household


@pytest.fixture
def household(session_factory: SessionFactory, configured_platform: str) -> Household:
    """Both databases, the bot's empty, the school with nobody in it."""
    return Household(configured_platform)
