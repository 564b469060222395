"""A run whose batches are late, and parents who change their mind between its morning and its messages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from mentorium_core.reports import batches
from mentorium_db import get_session
from mentorium_kit import clock
from tests.integration.core.reports.test_runs import MONDAY, Morning, morning, outbox

__all__ = ["morning"]


async def test_batches_left_over_when_nobody_wants_the_run_any_more_make_and_send_nothing(
    morning: Morning, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All workers died on Monday after the first batch, and live again on Thursday."""
    monkeypatch.setattr(batches, "A_BATCH", 2)
    parents = await morning.families(1, 1, 1, 1, 1)
    await morning.at(MONDAY.replace(hour=6))
    await morning.start()
    await morning.work(1)
    await morning.at(MONDAY.replace(hour=9) + timedelta(days=3))
    assert await morning.work() == 1, "and no further one is begun"
    assert [len(await outbox(parent)) for parent in parents] == [1, 1, 0, 0, 0]
    assert await morning.send_all() == []
    async with get_session() as session:
        (stored_at,) = await session.scalars(text("SELECT stored_at FROM period_runs"))
    assert stored_at is not None and stored_at <= clock.now()
