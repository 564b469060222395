"""Rows of the school's tables; a missing id is given by the database.

A row of activity belongs to a simulation, whose number `life_no` stands where the table has `student_id`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from operator import attrgetter
from typing import NamedTuple


class Titles(NamedTuple):
    uz: str
    ru: str
    en: str


class SimulationSeed(NamedTuple):
    """Seed of a simulation: all that it follows from; it began in the weeks before the day `anchor`."""

    life_no: int
    seed: int
    language: str
    anchor: date


class Student(NamedTuple):
    student_id: int
    display_name: str
    birth_year: int
    life_no: int
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
    life_no: int
    course_id: int
    cohort_id: int
    status: str
    enrolled_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    due_on: date
    updated_at: datetime


class LessonProgress(NamedTuple):
    life_no: int
    lesson_id: int
    course_id: int
    status: str
    percent: int
    started_at: datetime
    completed_at: datetime | None
    updated_at: datetime


class TestAttempt(NamedTuple):
    life_no: int
    test_id: int
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
    life_no: int
    day: date
    active_seconds: int
    sessions: int
    updated_at: datetime


class Award(NamedTuple):
    life_no: int
    code: str
    kind: str
    title_uz: str
    title_ru: str
    title_en: str
    course_id: int
    earned_at: datetime
    updated_at: datetime


class TeacherComment(NamedTuple):
    life_no: int
    course_id: int
    author_name: str
    body: str
    for_guardians: bool
    created_at: datetime
    updated_at: datetime


# In this order no row comes before the one it points at.
PEOPLE: tuple[tuple[str, type[NamedTuple]], ...] = (
    ("life", SimulationSeed),
    ("student", Student),
    ("guardian", Guardian),
    ("guardian_student", GuardianStudent),
)
ACTIVITY_TABLES: tuple[tuple[str, type[NamedTuple]], ...] = (
    ("enrollment", Enrollment),
    ("lesson_progress", LessonProgress),
    ("test_attempt", TestAttempt),
    ("activity_day", ActivityDay),
    ("award", Award),
    ("teacher_comment", TeacherComment),
)
_KEYS: dict[type[NamedTuple], tuple[str, ...]] = {
    Enrollment: ("course_id",),
    LessonProgress: ("lesson_id",),
    TestAttempt: ("test_id", "attempt_no"),
    ActivityDay: ("day",),
    Award: ("code", "course_id"),
    TeacherComment: ("created_at",),
}
_key_of = {kind: attrgetter("life_no", *key) for kind, key in _KEYS.items()}


def columns_of(kind: type[NamedTuple]) -> tuple[str, ...]:
    """The table's columns in the order of the row's fields."""
    row = kind in _KEYS
    return ("student_id", *kind._fields[1:]) if row else kind._fields


def latest(activity: Iterable[NamedTuple]) -> dict[type[NamedTuple], list[NamedTuple]]:
    """What stands on record after rows that followed one another, by kind: the last word on each matter."""
    known: dict[type[NamedTuple], dict[object, NamedTuple]] = {kind: {} for kind in _KEYS}
    for row in activity:
        kind = type(row)
        known[kind][_key_of[kind](row)] = row
    return {kind: list(matters.values()) for kind, matters in known.items()}
