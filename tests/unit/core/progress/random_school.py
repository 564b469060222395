"""A school of random learners, full of borders: midnights in Tashkent, several attempts, ungraded ones, gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, TypeAlias

from mentorium_kit.clock import TASHKENT, start_of_day

Row: TypeAlias = dict[str, Any]

NOW = datetime(2026, 11, 25, 14, 30, tzinfo=TASHKENT)
TODAY = NOW.date()
TABLES = (
    "topic",
    "course",
    "lesson",
    "test",
    "student",
    "enrollment",
    "lesson_progress",
    "test_attempt",
    "activity_day",
    "award",
    "teacher_comment",
)
_NUDGES = (timedelta(microseconds=-1), timedelta(), timedelta(microseconds=1), timedelta(seconds=1))


@dataclass(slots=True)
class School:
    """The rows of the school's own tables."""

    topic: list[Row] = field(default_factory=list)
    course: list[Row] = field(default_factory=list)
    lesson: list[Row] = field(default_factory=list)
    test: list[Row] = field(default_factory=list)
    student: list[Row] = field(default_factory=list)
    enrollment: list[Row] = field(default_factory=list)
    lesson_progress: list[Row] = field(default_factory=list)
    test_attempt: list[Row] = field(default_factory=list)
    activity_day: list[Row] = field(default_factory=list)
    award: list[Row] = field(default_factory=list)
    teacher_comment: list[Row] = field(default_factory=list)
    _by_student: dict[tuple[str, int], list[Row]] = field(default_factory=dict)

    def of_student(self, table: str, student_id: int) -> list[Row]:
        """A learner's own rows; call it when the school is complete."""
        if not self._by_student:
            for each in ("enrollment", "lesson_progress", "test_attempt", "activity_day", "award", "teacher_comment"):
                for row in getattr(self, each):
                    self._by_student.setdefault((each, row["student_id"]), []).append(row)
        return self._by_student.get((table, student_id), [])


class Maker:
    """Draws a school; `border_days` are the days whose midnights matter to the periods under test."""

    def __init__(self, seed: int, border_days: Sequence[date]) -> None:
        self._random = Random(seed)
        midnights = [start_of_day(day + timedelta(days=more)) for day in border_days for more in (0, 1)]
        back = [midnight - timedelta(days=days) for midnight in midnights for days in (7, 14, 21, 28, 84)]
        self._borders = [*midnights, *back, NOW, *(NOW - timedelta(days=days) for days in (7, 14, 21, 28, 84))]
        self._days = [moment.date() for moment in self._borders]
        self.school = School()

    def make(self, learners: int) -> School:
        self._catalogue()
        for student_id in range(1, learners + 1):
            self._learner(student_id)
        return self.school

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _moment(self, *, ahead: bool = False) -> datetime:
        if self._chance(0.4):
            moment = self._random.choice(self._borders) + self._random.choice(_NUDGES)
        else:
            moment = NOW - timedelta(minutes=self._random.randrange(1, 120 * 24 * 60))
        if ahead and self._chance(0.5):
            return moment + timedelta(days=self._random.randrange(40))
        return moment if ahead else min(moment, NOW)

    def _titles(self, word: str) -> Row:
        languages = self._random.choice([("uz", "ru", "en"), ("uz",), ("ru", "en"), ("en",), ("uz", "ru", "en")])
        return {f"title_{code}": f"{word} {code}" if code in languages else None for code in ("uz", "ru", "en")}

    def _catalogue(self) -> None:
        for n in range(1, 7):
            self.school.topic.append({"topic_id": n, "code": f"topic-{n}", **self._titles(f"Topic {n}")})
        for n in range(1, 7):
            status = "draft" if n == 6 else "published"
            self.school.course.append(
                {"course_id": n, "slug": f"course-{n}", **self._titles(f"Course {n}"), "status": status}
            )
            self._lessons(n)
            self._tests(n)

    def _lessons(self, course_id: int) -> None:
        for position in range(1, self._random.randrange(2, 40)):
            self.school.lesson.append(
                {
                    "lesson_id": course_id * 100 + position,
                    "course_id": course_id,
                    "module_id": 1,
                    "position": position,
                    "kind": "video",
                    **self._titles(f"Lesson {course_id}.{position}"),
                    "is_required": self._chance(0.8),
                    "published_at": self._often_exact(),
                }
            )

    def _tests(self, course_id: int) -> None:
        for n in range(1, 21):
            self.school.test.append(
                {
                    "test_id": course_id * 100 + n,
                    "course_id": course_id,
                    "topic_id": self._random.randint(1, 6) if self._chance(0.7) else None,
                    "kind": "quiz",
                    **self._titles(f"Test {course_id}.{n}"),
                    "max_score": 20,
                    "due_at": self._often_exact(),
                }
            )

    def _often_exact(self) -> datetime | None:
        exactly = self._random.choice([NOW, NOW + timedelta(days=14), *self._random.sample(self._borders, 4)])
        return self._random.choice([None, exactly, exactly, self._moment(ahead=True), self._moment(ahead=True)])

    def _learner(self, student_id: int) -> None:
        self.school.student.append({"student_id": student_id, "display_name": f"Learner {student_id}"})
        for course_id in self._random.sample(range(1, 7), self._random.choice([0, 1, 1, 1, 2, 2, 3])):
            self._enrollment(student_id, course_id)
        self._activity(student_id)
        for _ in range(self._random.randrange(4)):
            self._award(student_id)
            self._comment(student_id)

    def _enrollment(self, student_id: int, course_id: int) -> None:
        status = self._random.choice(["active", "active", "active", "completed", "dropped", "paused"])
        self.school.enrollment.append(
            {
                "enrollment_id": len(self.school.enrollment) + 1,
                "student_id": student_id,
                "course_id": course_id,
                "status": status,
                "enrolled_at": self._moment() - timedelta(days=self._random.choice([0, 30, 200])),
                "completed_at": self._moment() if status == "completed" else None,
                "due_on": self._moment(ahead=True).date() if self._chance(0.5) else None,
            }
        )
        diligence = self._random.random()
        for lesson in self.school.lesson:
            if lesson["course_id"] == course_id and self._chance(diligence):
                self._progress(student_id, lesson)
        for test in self.school.test:
            if test["course_id"] == course_id and self._chance(0.6):
                for attempt_no in range(1, self._random.choice([2, 2, 3, 4])):
                    self._attempt(student_id, test, attempt_no)

    def _progress(self, student_id: int, lesson: Row) -> None:
        is_completed = self._chance(0.85)
        self.school.lesson_progress.append(
            {
                "student_id": student_id,
                "lesson_id": lesson["lesson_id"],
                "course_id": lesson["course_id"],
                "status": "completed" if is_completed else "in_progress",
                "percent": 100 if is_completed else 40,
                "completed_at": self._moment() if is_completed else None,
            }
        )

    def _attempt(self, student_id: int, test: Row, attempt_no: int) -> None:
        status = self._random.choice(["in_progress", "submitted", "graded", "graded", "graded", "graded"])
        submitted_at = None if status == "in_progress" else self._moment()
        is_graded = status == "graded"
        late = timedelta(hours=self._random.choice([0, 0, 1, 60]))
        max_score = self._random.choice([10, 20, 20, 50])
        self.school.test_attempt.append(
            {
                "attempt_id": len(self.school.test_attempt) + 1,
                "test_id": test["test_id"],
                "student_id": student_id,
                "course_id": test["course_id"],
                "topic_id": self._random.randint(1, 6) if self._chance(0.3) else None,
                "attempt_no": attempt_no,
                "submitted_at": submitted_at,
                "graded_at": min(NOW, submitted_at + late) if submitted_at and is_graded else None,
                "score": self._random.randrange(max_score * 4 + 1) / 4 if is_graded and self._chance(0.95) else None,
                "max_score": max_score,
                "status": status,
                "voided": self._chance(0.07),
            }
        )

    def _activity(self, student_id: int) -> None:
        density = self._random.choice([0.0, 0.05, 0.3, 0.6, 0.95])
        days = {
            TODAY - timedelta(days=back) for back in range(self._random.choice([5, 20, 300])) if self._chance(density)
        }
        if density:
            days |= {day for day in self._days if day <= TODAY and self._chance(0.1)}
        for day in days:
            seconds = self._random.choice([0, 59, 60, 61, 3600, self._random.randrange(7200), 86400])
            self.school.activity_day.append(
                {"student_id": student_id, "day": day, "active_seconds": seconds, "sessions": 1}
            )

    def _award(self, student_id: int) -> None:
        self.school.award.append(
            {
                "award_id": len(self.school.award) + 1,
                "student_id": student_id,
                "code": "perfect",
                "kind": "badge",
                **self._titles("Award"),
                "earned_at": self._moment(),
                "revoked": self._chance(0.2),
            }
        )

    def _comment(self, student_id: int) -> None:
        self.school.teacher_comment.append(
            {
                "comment_id": len(self.school.teacher_comment) + 1,
                "student_id": student_id,
                "author_name": "Malika" if self._chance(0.7) else None,
                "body": f"Comment {len(self.school.teacher_comment)}",
                "for_guardians": self._chance(0.8),
                "created_at": self._moment(),
            }
        )
