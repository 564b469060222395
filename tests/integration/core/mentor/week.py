"""A last finished week whose figures can be counted by hand.

135 minutes on three days (100 on two the week before), 2 lessons (1), a test with 17 of 20 (14 of 20), 3 of 10 done.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TypeAlias

import asyncpg

from mentorium_kit import clock

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


def monday() -> date:
    """The first day of the last finished week."""
    today = clock.today()
    return today - timedelta(days=today.weekday() + 7)


def noon(day: date) -> datetime:
    return clock.start_of_day(day) + timedelta(hours=12)


async def curriculum(school: Connection) -> None:
    """One course of ten required lessons with one topic and three tests, the last due in two weeks."""
    await school.execute("""
        INSERT INTO platform.topic
        VALUES (1, 'text_prompts', 'Matn uchun promptlar', 'Промпты для текста', 'Prompts for text');
        INSERT INTO platform.course (course_id, slug, title_uz, title_ru, title_en)
        VALUES (1, 'start', 'AI bilan tanishuv', 'Знакомство с ИИ', 'Meeting AI');
        INSERT INTO platform.lesson (lesson_id, course_id, module_id, topic_id, position, kind, title_uz, title_ru,
                                     title_en, is_required, published_at)
        SELECT n, 1, 1, 1, n, 'video', n || '-dars', 'Урок ' || n, 'Lesson ' || n, true, now() - interval '1 year'
        FROM generate_series(1, 10) AS n;
        INSERT INTO platform.test (test_id, course_id, topic_id, kind, title_uz, title_ru, title_en, max_score,
                                   pass_score, due_at)
        SELECT n, 1, 1, 'quiz', n || '-test', 'Тест ' || n, 'Quiz ' || n, 20, 12,
               CASE n WHEN 3 THEN now() + interval '14 days' END
        FROM generate_series(1, 3) AS n;
        """)


async def week_of_study(school: Connection, student_id: int) -> None:
    first = monday()
    await school.execute(
        "INSERT INTO platform.enrollment (student_id, course_id, status, enrolled_at) VALUES ($1, 1, 'active', $2)",
        student_id,
        noon(first - timedelta(days=60)),
    )
    minutes = {-50: 30, -7: 60, -4: 40, 0: 45, 2: 45, 4: 45}
    await school.executemany(
        "INSERT INTO platform.activity_day (student_id, day, active_seconds, sessions) VALUES ($1, $2, $3, 1)",
        [(student_id, first + timedelta(days=days), amount * 60) for days, amount in minutes.items()],
    )
    await school.executemany(
        "INSERT INTO platform.lesson_progress (student_id, lesson_id, course_id, status, percent, completed_at) "
        "VALUES ($1, $2, 1, 'completed', 100, $3)",
        [(student_id, lesson, noon(first + timedelta(days=days))) for lesson, days in ((1, -7), (2, 0), (3, 2))],
    )
    await school.executemany(
        "INSERT INTO platform.test_attempt (test_id, student_id, course_id, topic_id, attempt_no, submitted_at, "
        "graded_at, score, max_score, status) VALUES ($1, $2, 1, 1, 1, $3, $3, $4, 20, 'graded')",
        [
            (test, student_id, noon(first + timedelta(days=days)), score)
            for test, days, score in ((1, -4, 14), (2, 4, 17))
        ],
    )
