"""Whom a restore erases again, by the journal of the database that it replaces."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mentorium_core.recovery.commands import erased_since
from mentorium_db import driver_connection
from mentorium_kit import clock

pytestmark = pytest.mark.usefixtures("session_factory")


async def test_an_erasure_dated_by_a_slower_clock_is_not_lost() -> None:
    """The moment of a backup is its maker's, that of an event the bot's: they may be a minute apart."""
    taken_at = clock.now()
    told = {1: timedelta(days=-2), 2: timedelta(minutes=-1), 3: timedelta(minutes=1)}
    async with driver_connection(writes=True) as driver:
        for parent_id, later in told.items():
            await driver.execute(
                "INSERT INTO event_logs (event_type, event_name, severity, metadata, created_at)"
                " VALUES ('SYSTEM', 'data_erased', 'INFO', jsonb_build_object('parent_id', $1::int), $2)",
                *(parent_id, taken_at + later),
            )
    assert await erased_since(taken_at) == {2, 3}
