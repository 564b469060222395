"""Reading the facts of a batch of learners from the platform."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from mentorium_core.progress.mapping import FactsMapper
from mentorium_core.progress.model import LearnerFacts, Period
from mentorium_db.repositories.platform import PlatformRepository, PlatformValueError, Row
from mentorium_db.session import platform_connection
from mentorium_kit.errors import UnavailableError
from mentorium_kit.garbage import collector_resting
from mentorium_observability import get_logger

_LEARNERS_A_STATEMENT = 1_000
_LEARNERS_A_TURN = 250
_ODD = (ValueError, TypeError, LookupError, ArithmeticError)
"""What mapping a row may end in whose values are none that the contract allows."""

logger = get_logger(__name__)


class ReadFacts:
    """What is known of these learners in a period, by one statement for each thousand of them.

    The platform's catalogue is read once. Keep one instance a process; batches of up to 5,000 learners read best.
    """

    def __init__(self) -> None:
        self._missing_views: frozenset[str] | None = None

    async def __call__(self, student_ids: Sequence[int], period: Period) -> dict[int, LearnerFacts]:
        """By student id; a learner the platform does not know, or whose rows cannot be read, is left out.

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
                days = (period.first_day, period.last_day), (before.first_day, before.last_day)

                async def read(some: Sequence[int]) -> list[Row]:
                    return await platform.facts(some, *days, missing_views)

                return await _read_and_map(student_ids, read, FactsMapper(period, missing_views))
        except UnavailableError:
            self._missing_views = None  # what is published may have changed: look again next time
            raise


async def _read_and_map(
    student_ids: Sequence[int], read: Callable[[Sequence[int]], Awaitable[list[Row]]], mapper: FactsMapper
) -> dict[int, LearnerFacts]:
    """Side by side: the server works on the next thousand learners while the rows of these are mapped."""
    first, *others = (
        student_ids[at : at + _LEARNERS_A_STATEMENT] for at in range(0, len(student_ids), _LEARNERS_A_STATEMENT)
    )
    facts: dict[int, LearnerFacts] = {}
    rows = await _without_the_odd(first, read)
    for following in others:
        next_rows, mapped = await asyncio.gather(_without_the_odd(following, read), _mapped(rows, mapper))
        facts.update(mapped)
        rows = next_rows
    return facts | await _mapped(rows, mapper)


async def _without_the_odd(
    student_ids: Sequence[int], read: Callable[[Sequence[int]], Awaitable[list[Row]]]
) -> list[Row]:
    """The rows of all of these but for learners with a value that the statement cannot compute with: it fails as a
    whole then, and is asked about each half of them.
    """
    try:
        return await read(student_ids)
    except PlatformValueError as error:
        if len(student_ids) == 1:
            logger.warning("facts_unreadable", student_id=student_ids[0], reason=error.context.get("reason"))
            return []
    half = len(student_ids) // 2
    return [*await _without_the_odd(student_ids[:half], read), *await _without_the_odd(student_ids[half:], read)]


async def _mapped(rows: Sequence[Row], mapper: FactsMapper) -> dict[int, LearnerFacts]:
    """Mapping thousands takes a noticeable part of a second: others get their turn in between."""
    facts: dict[int, LearnerFacts] = {}
    for first in range(0, len(rows), _LEARNERS_A_TURN):
        with collector_resting():
            for row in rows[first : first + _LEARNERS_A_TURN]:
                try:
                    facts[row["student_id"]] = mapper.facts(row)
                except _ODD as error:
                    logger.warning("facts_unreadable", student_id=row["student_id"], reason=type(error).__name__)
        await asyncio.sleep(0)
    return facts
