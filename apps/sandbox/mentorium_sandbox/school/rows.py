"""Rows of the school's tables, in the order of their columns; a missing id is given by the database."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple


class Titles(NamedTuple):
    uz: str
    ru: str
    en: str


class Student(NamedTuple):
    student_id: int
    display_name: str
    birth_year: int
    generated_no: int
    created_at: datetime
    updated_at: datetime


class Guardian(NamedTuple):
    guardian_id: int
    full_name: str
    email: str | None
    email_verified: bool
    phone_e164: str | None
    phone_verified: bool
    locale: str
    updated_at: datetime


class GuardianStudent(NamedTuple):
    guardian_id: int
    student_id: int
    relation: str
    is_primary: bool
    can_view_progress: bool
    can_pay: bool
    valid_from: datetime
    updated_at: datetime


class Enrollment(NamedTuple):
    student_id: int
    course_id: int
    cohort_id: int
    status: str
    enrolled_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    due_on: date
    updated_at: datetime


class LessonProgress(NamedTuple):
    student_id: int
    lesson_id: int
    course_id: int
    status: str
    percent: int
    started_at: datetime
    completed_at: datetime | None
    updated_at: datetime


class TestAttempt(NamedTuple):
    test_id: int
    student_id: int
    course_id: int
    topic_id: int
    attempt_no: int
    started_at: datetime
    submitted_at: datetime
    graded_at: datetime | None
    score: int | None
    max_score: int
    status: str
    voided: bool
    updated_at: datetime


class ActivityDay(NamedTuple):
    student_id: int
    day: date
    active_seconds: int
    sessions: int
    updated_at: datetime


class Award(NamedTuple):
    student_id: int
    code: str
    kind: str
    title_uz: str
    title_ru: str
    title_en: str
    course_id: int
    earned_at: datetime
    updated_at: datetime


class TeacherComment(NamedTuple):
    student_id: int
    course_id: int
    author_name: str
    body: str
    for_guardians: bool
    created_at: datetime
    updated_at: datetime


# In this order no row comes before the one it points at.
TABLES: tuple[tuple[str, type[NamedTuple]], ...] = (
    ("student", Student),
    ("guardian", Guardian),
    ("guardian_student", GuardianStudent),
    ("enrollment", Enrollment),
    ("lesson_progress", LessonProgress),
    ("test_attempt", TestAttempt),
    ("activity_day", ActivityDay),
    ("award", Award),
    ("teacher_comment", TeacherComment),
)
