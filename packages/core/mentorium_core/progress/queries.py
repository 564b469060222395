"""Reading the facts of a batch of learners from the platform."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from mentorium_core.progress.mapping import FactsMapper
from mentorium_core.progress.model import LearnerFacts, Period
from mentorium_db.repositories.platform import PlatformRepository, Row
from mentorium_db.session import platform_connection
from mentorium_kit.errors import UnavailableError
from mentorium_kit.garbage import collector_resting

_LEARNERS_A_TURN = 250


class ReadFacts:
    """What is known of these learners in a period, by one statement for the whole batch.

    The platform's catalogue is read once. Keep one instance a process; batches of up to 5,000 learners read best.
    """

    def __init__(self) -> None:
        self._missing_views: frozenset[str] | None = None

    async def __call__(self, student_ids: Sequence[int], period: Period) -> dict[int, LearnerFacts]:
        """By student id; a learner the platform does not know is left out.

        UnavailableError if the platform does not answer or breaks its contract.
        """
        if not student_ids:
            return {}
        before = period.previous()
        try:
            async with platform_connection() as connection:
                platform = PlatformRepository(connection)
                if self._missing_views is None:
                    self._missing_views = await platform.missing_views()
                missing_views = self._missing_views
                rows = await platform.facts(
                    student_ids,
                    (period.first_day, period.last_day),
                    (before.first_day, before.last_day),
                    missing_views,
                )
        except UnavailableError:
            self._missing_views = None  # what is published may have changed: look again next time
            raise
        return await _mapped(rows, FactsMapper(period, missing_views))


async def _mapped(rows: Sequence[Row], mapper: FactsMapper) -> dict[int, LearnerFacts]:
    """Mapping thousands takes a noticeable part of a second: others get their turn in between."""
    facts: dict[int, LearnerFacts] = {}
    for first in range(0, len(rows), _LEARNERS_A_TURN):
        with collector_resting():
            facts |= {row["student_id"]: mapper.facts(row) for row in rows[first : first + _LEARNERS_A_TURN]}
        await asyncio.sleep(0)
    return facts
