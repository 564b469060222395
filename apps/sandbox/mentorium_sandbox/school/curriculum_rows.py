"""What the school teaches, put into its tables."""

from __future__ import annotations

from datetime import datetime

from mentorium_sandbox.school.calendar import local_day
from mentorium_sandbox.school.copy_format import Connection, copy_records
from mentorium_sandbox.school.curriculum import Curriculum, Lesson, Test

_TITLES = ("title_uz", "title_ru", "title_en")
_LESSON_COLUMNS = (
    *("lesson_id", "course_id", "module_id", "topic_id", "position", "kind", *_TITLES),
    *("est_minutes", "is_required", "published_at", "updated_at"),
)
_TEST_COLUMNS = (
    *("test_id", "course_id", "lesson_id", "topic_id", "kind", *_TITLES),
    *("max_score", "pass_score", "due_at", "updated_at"),
)


async def load_curriculum(connection: Connection, curriculum: Curriculum, opened: datetime) -> None:
    """Put what is taught into empty tables; `opened` is when all of it was last changed."""
    courses = curriculum.courses
    topics = [(topic.topic_id, topic.code, *topic.titles) for topic in curriculum.topics]
    await copy_records(connection, "topic", ("topic_id", "code", *_TITLES), topics)
    taught = [(c.course_id, c.slug, *c.titles, c.level, opened) for c in courses]
    await copy_records(connection, "course", ("course_id", "slug", *_TITLES, "level", "updated_at"), taught)
    cohorts = [(c.course_id, c.course_id, f"{c.slug}-1", local_day(opened), opened) for c in courses]
    await copy_records(connection, "cohort", ("cohort_id", "course_id", "title", "starts_on", "updated_at"), cohorts)
    lessons = [_lesson(lesson, opened) for course in courses for lesson in course.lessons]
    await copy_records(connection, "lesson", _LESSON_COLUMNS, lessons)
    await copy_records(
        connection, "test", _TEST_COLUMNS, [_test(test, opened) for course in courses for test in course.tests]
    )


def _lesson(lesson: Lesson, opened: datetime) -> tuple[object, ...]:
    return (
        *(lesson.lesson_id, lesson.course_id, lesson.module_id, lesson.topic_id, lesson.position, lesson.kind),
        *lesson.titles,
        *(lesson.minutes, lesson.is_required, lesson.published_at, opened),
    )


def _test(test: Test, opened: datetime) -> tuple[object, ...]:
    return (
        *(test.test_id, test.course_id, test.lesson_id, test.topic_id, test.kind, *test.titles),
        *(test.max_score, test.pass_score, test.due_at, opened),
    )
