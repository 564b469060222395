from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mentorium_kit import clock
from tests.integration.core.identity.clock_in_hand import ClockInHand


@pytest.fixture
def moved(tmp_path: Path) -> Iterator[ClockInHand]:
    """The product's clock, to be moved."""
    file = tmp_path / "clock"
    file.write_text("0")
    clock.configure(file)
    yield ClockInHand(file)
    clock.configure(None)
