from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import asyncpg
import pytest

from mentorium_core.progress.last_comments import LastComment, list_last_comments
from mentorium_core.progress.model import Titles

pytestmark = pytest.mark.own_databases

SCHOOL = """
    CREATE OR REPLACE VIEW platform.present AS
    SELECT timestamptz '2026-11-25 09:30Z' AS moment, timestamptz '2026-11-25 09:00Z' AS activity_as_of;
    INSERT INTO platform.student (student_id, display_name, status) VALUES
        (1, 'Aziza', 'active'), (2, 'Timur', 'active'), (3, 'Silent', 'active'), (4, 'Blank', 'active');
    INSERT INTO platform.course (course_id, slug, title_uz, title_ru, title_en) VALUES
        (7, 'python', 'Python', NULL, 'Python for children');
    INSERT INTO platform.teacher_comment (comment_id, student_id, course_id, author_name, body, created_at) VALUES
        (1, 1, 7, 'Olim', 'Older', '2026-11-20 09:00Z'),
        (2, 1, 7, 'Olim', E'Newest\nin two lines', '2026-11-24 20:00Z'),
        (3, 1, 7, 'Olim', 'Of tomorrow', '2026-11-26 09:00Z'),
        (4, 2, NULL, NULL, 'Long ago', '2024-01-01 09:00Z'),
        (5, 4, 7, 'Olim', ' ', '2026-11-20 09:00Z');
"""
PYTHON = Titles("Python", None, "Python for children")


@pytest.fixture
async def owner(configured_platform: str) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    connection = await asyncpg.connect(configured_platform)
    await connection.execute(SCHOOL)
    yield connection
    await connection.close()


async def test_the_newest_words_of_each_learner_whatever_their_age(owner: asyncpg.Connection[asyncpg.Record]) -> None:
    assert await list_last_comments([1, 2, 3, 4, 99]) == {
        1: LastComment("Olim", "Newest\nin two lines", date(2026, 11, 25), PYTHON),
        2: LastComment(None, "Long ago", date(2024, 1, 1), None),
    }
    assert (await list_last_comments([2])).keys() == {2}


async def test_a_platform_may_publish_no_comments_or_no_courses(owner: asyncpg.Connection[asyncpg.Record]) -> None:
    await owner.execute("ALTER VIEW bot_api_v1.v_course RENAME TO hidden")
    assert (await list_last_comments([1]))[1].course is None
    await owner.execute("ALTER VIEW bot_api_v1.hidden RENAME TO v_course")
    await owner.execute("ALTER VIEW bot_api_v1.v_teacher_comment RENAME TO hidden")
    assert await list_last_comments([1, 2]) == {}
