"""A lesson's number is told where it counts 1, 2, 3 within its course, and nowhere else (operators A12)."""

from __future__ import annotations

from datetime import date

import asyncpg
import pytest

from mentorium_core.progress.model import month_of
from mentorium_core.progress.queries import ReadFacts
from tests.integration.core.progress.storing import store
from tests.unit.core.progress.random_school import Maker

pytestmark = pytest.mark.own_databases

PERIOD = month_of(date(2026, 10, 1))
LEARNERS = range(1, 31)
_COUNTED = """
    UPDATE platform.lesson SET position = position + 1000000;
    UPDATE platform.lesson SET position = place
    FROM (
        SELECT lesson_id, row_number() OVER (
            PARTITION BY course_id ORDER BY published_at IS NULL, position
        ) AS place FROM platform.lesson
    ) AS counted WHERE counted.lesson_id = lesson.lesson_id
"""


async def _positions(dsn: str, statement: str) -> set[int]:
    connection = await asyncpg.connect(dsn)
    await connection.execute(statement)
    await connection.close()
    facts = (await ReadFacts()(LEARNERS, PERIOD)).values()
    return {lesson.position for fact in facts for course in fact.courses for lesson in course.next_lessons}


async def test_a_number_that_does_not_count_is_not_told(configured_platform: str) -> None:
    await store(Maker(3, [PERIOD.first_day, PERIOD.last_day]).make(len(LEARNERS)), configured_platform)
    counted = await _positions(configured_platform, _COUNTED)
    assert counted
    assert min(counted) > 0
    by_chapter = "UPDATE platform.lesson SET position = position + 1000"
    assert await _positions(configured_platform, by_chapter) == {0}


async def test_a_lesson_that_was_taken_away_may_keep_its_place_or_give_it_up(configured_platform: str) -> None:
    await store(Maker(3, [PERIOD.first_day, PERIOD.last_day]).make(len(LEARNERS)), configured_platform)
    counted = await _positions(configured_platform, _COUNTED)
    last = "(SELECT max(other.position) FROM platform.lesson AS other WHERE other.course_id = lesson.course_id)"
    gone = f"UPDATE platform.lesson SET published_at = NULL WHERE position = {last}"
    kept = await _positions(configured_platform, gone)
    assert kept <= counted
    moved = await _positions(configured_platform, f"UPDATE platform.lesson SET position = 5000 WHERE position = {last}")
    assert moved == kept
