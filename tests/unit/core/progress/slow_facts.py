"""The facts of one learner recomputed the slow way, row by row, sharing nothing with the statement under test."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from mentorium_core.progress.model import (
    Award,
    Comment,
    CourseProgress,
    CourseStatus,
    DueTest,
    LearnerFacts,
    NextLesson,
    Period,
    TestResult,
    Titles,
    TopicResult,
)
from mentorium_core.progress.rules import week_number
from mentorium_kit.clock import local_day, start_of_day
from tests.unit.core.progress.random_school import NOW, TODAY, Row, School


def walked_streak(good_weeks: set[int], last_day: date) -> int:
    """The rule of the forgiving streak, walked week by week."""
    count, paused = 0, -1000
    last_week = week_number(last_day)
    for week in range(min(good_weeks, default=last_week), last_week + 1):
        if week in good_weeks:
            count += 1
        elif week == last_week and last_day.weekday() < 6:
            pass
        elif count and week - paused >= 6:
            paused = week
        else:
            count, paused = 0, -1000
    return count


class SlowFacts:
    def __init__(self, school: School, student_id: int, period: Period) -> None:
        self.school, self.period, self.student_id = school, period, student_id
        self.before = period.previous()
        self.starts = start_of_day(period.first_day)
        self.ends = start_of_day(period.last_day + timedelta(days=1))
        self.as_of = min(self.ends, NOW)
        self.before_starts = start_of_day(self.before.first_day)
        self.before_ends = start_of_day(self.before.last_day + timedelta(days=1))
        self.enrollments = self._own("enrollment")
        self.active = [row for row in self.enrollments if row["status"] == "active"]
        self.done = [row for row in self._own("lesson_progress") if row["status"] == "completed"]
        self.attempts = [row for row in self._own("test_attempt") if not row["voided"]]
        self.lessons = {row["lesson_id"]: row for row in school.lesson}
        self.tests = {row["test_id"]: row for row in school.test}
        self.topics = {row["topic_id"]: row for row in school.topic}
        self.days = {row["day"]: row["active_seconds"] for row in self._own("activity_day")}

    def facts(self) -> LearnerFacts:
        active_days = [day for day, seconds in self.days.items() if seconds >= 60 and day <= self.period.last_day]
        before = [
            row for row in self._last_of(self.before_ends) if self.before_starts <= row["graded_at"] < self.before_ends
        ]
        done_now = [row for row in self.done if self.starts <= row["completed_at"] < self.as_of]
        return LearnerFacts(
            student_id=self.student_id,
            display_name=f"Learner {self.student_id}",
            period=self.period,
            day_seconds=tuple(self.days.get(day, 0) for day in self.period.dates()),
            before_day_seconds=tuple(self.days.get(day, 0) for day in self.before.dates()),
            first_active_day=min(active_days, default=None),
            streak_weeks=self._streak(active_days),
            lessons_done=len(done_now),
            before_lessons_done=sum(self.before_starts <= row["completed_at"] < self.before_ends for row in self.done),
            lesson_titles=tuple(
                titles(self.lessons[row["lesson_id"]])
                for row in sorted(done_now, key=lambda row: (row["completed_at"], row["lesson_id"]))
            ),
            tests=self._tests_between(self.starts, self.as_of),
            earlier_tests=self._tests_between(self.starts - timedelta(days=28), self.starts),
            before_score=sum((Decimal(row["score"]) for row in before), Decimal()),
            before_max_score=sum((Decimal(row["max_score"]) for row in before), Decimal()),
            topics=self._topics(),
            overdue=self._overdue_at(self.as_of),
            before_overdue=self._overdue_at(self.before_ends),
            due_next=self._due_next(),
            late=self._late(),
            courses=self._courses(),
            awards=self._awards(),
            comments=self._comments(),
            new_materials=self._materials(),
            data_as_of=NOW,
        )

    def _own(self, table: str) -> list[Row]:
        return self.school.of_student(table, self.student_id)

    def _streak(self, active_days: list[date]) -> int:
        weeks = [week_number(day) for day in active_days]
        return walked_streak(
            {week for week, days in Counter(weeks).items() if days >= 2}, min(self.period.last_day, TODAY)
        )

    def _results(self) -> list[Row]:
        graded = [row for row in self.attempts if row["status"] == "graded" and row["score"] is not None]
        return sorted(graded, key=lambda row: (row["graded_at"], row["attempt_id"]))

    def _last_of(self, until: datetime) -> list[Row]:
        """Of each test the last result before a moment."""
        return list({row["test_id"]: row for row in self._results() if row["graded_at"] < until}.values())

    def _topic_id(self, attempt: Row) -> int | None:
        topic_id: int | None = attempt["topic_id"] or self.tests[attempt["test_id"]]["topic_id"]
        return topic_id

    def _tests_between(self, since: datetime, until: datetime) -> tuple[TestResult, ...]:
        rows = [row for row in self._last_of(until) if row["graded_at"] >= since]
        rows.sort(key=lambda row: (row["graded_at"], row["attempt_id"]))
        return tuple(self._test(row) for row in rows)

    def _test(self, row: Row) -> TestResult:
        topic_id, since = self._topic_id(row), self.starts - timedelta(days=28)
        before = [
            Decimal(other["score"])
            for other in self._results()
            if other["test_id"] == row["test_id"]
            and since <= other["graded_at"]
            and (other["graded_at"], other["attempt_id"]) < (row["graded_at"], row["attempt_id"])
            and other["max_score"] == row["max_score"]
        ]
        return TestResult(
            title=titles(self.tests[row["test_id"]]),
            topic=titles(self.topics[topic_id]) if topic_id else None,
            score=Decimal(row["score"]),
            max_score=Decimal(row["max_score"]),
            day=local_day(row["graded_at"]),
            test_id=row["test_id"],
            course_id=self.tests[row["test_id"]]["course_id"],
            topic_code=self.topics[topic_id]["code"] if topic_id else "",
            retaken_from=before[-1] if before else None,
        )

    def _topics(self) -> tuple[TopicResult, ...]:
        since = self.ends - timedelta(weeks=12)
        left = {row["course_id"] for row in self.enrollments if row["status"] == "dropped"}
        left -= {row["course_id"] for row in self.enrollments if row["status"] != "dropped"}
        recent = [
            row
            for row in self._last_of(self.as_of)
            if since <= row["graded_at"] and self.tests[row["test_id"]]["course_id"] not in left
        ]
        found = []
        for topic_id, topic in sorted(self.topics.items()):
            rows = [row for row in recent if self._topic_id(row) == topic_id]
            if rows:
                score = sum((Decimal(row["score"]) for row in rows), Decimal())
                max_score = sum((Decimal(row["max_score"]) for row in rows), Decimal())
                fresh = sum(row["graded_at"] >= self.starts for row in rows)
                found.append(TopicResult(topic_id, topic["code"], titles(topic), score, max_score, len(rows), fresh))
        return tuple(found)

    def _due_tests(self) -> list[Row]:
        return [
            test
            for enrollment in self.active
            for test in self.tests.values()
            if test["course_id"] == enrollment["course_id"]
            and test["due_at"] is not None
            and test["due_at"] >= enrollment["enrolled_at"]
        ]

    def _handed_in(self, test: Row, moment: datetime) -> bool:
        return any(
            row["test_id"] == test["test_id"] and row["submitted_at"] is not None and row["submitted_at"] <= moment
            for row in self.attempts
        )

    def _overdue_at(self, moment: datetime) -> int:
        return sum(test["due_at"] <= moment and not self._handed_in(test, moment) for test in self._due_tests())

    def _due_next(self) -> tuple[DueTest, ...]:
        coming = [
            test
            for test in self._due_tests()
            if NOW < test["due_at"] <= NOW + timedelta(days=14) and not self._handed_in(test, NOW)
        ]
        coming.sort(key=lambda test: (test["due_at"], test["test_id"]))
        return tuple(DueTest(titles(test), local_day(test["due_at"] - timedelta(microseconds=1))) for test in coming)

    def _late(self) -> tuple[DueTest, ...]:
        late = [test for test in self._due_tests() if test["due_at"] <= NOW and not self._handed_in(test, NOW)]
        late.sort(key=lambda test: test["test_id"])
        late.sort(key=lambda test: test["due_at"], reverse=True)
        return tuple(DueTest(titles(test), local_day(test["due_at"] - timedelta(microseconds=1))) for test in late)

    def _courses(self) -> tuple[CourseProgress, ...]:
        courses = {row["course_id"]: row for row in self.school.course if row["status"] != "draft"}
        known = [row for row in self.enrollments if row["course_id"] in courses]
        known.sort(key=lambda row: (row["enrolled_at"], row["enrollment_id"]))
        return tuple(self._course(row, courses[row["course_id"]]) for row in known)

    def _course(self, enrollment: Row, course: Row) -> CourseProgress:
        required = [row for row in self.school.lesson if row["course_id"] == course["course_id"] and row["is_required"]]
        required_ids = {row["lesson_id"] for row in required}
        moments = [row["completed_at"] for row in self.done if row["lesson_id"] in required_ids]
        moments = [moment for moment in moments if moment < self.as_of]
        back = [(self.as_of - moment) for moment in moments]
        completed_at = enrollment["completed_at"]
        return CourseProgress(
            course_id=course["course_id"],
            slug=course["slug"],
            title=titles(course),
            status=CourseStatus(enrollment["status"]),
            required_lessons=len(required),
            done_lessons=len(moments),
            due_on=enrollment["due_on"],
            completed_on=local_day(completed_at) if completed_at else None,
            next_lessons=self._next_lessons(required) if enrollment["status"] == "active" else (),
            done_in_period=sum(moment >= self.starts for moment in moments),
            done_last_28_days=sum(ago <= timedelta(days=28) for ago in back),
            busy_weeks_of_4=sum(
                any(timedelta(weeks=n) < ago <= timedelta(weeks=n + 1) for ago in back) for n in range(4)
            ),
            enrolled_on=local_day(enrollment["enrolled_at"]),
        )

    def _next_lessons(self, required: list[Row]) -> tuple[NextLesson, ...]:
        done_ids = {row["lesson_id"] for row in self.done}
        waiting = [
            NextLesson(row["position"], titles(row))
            for row in sorted(required, key=lambda row: row["position"])
            if row["published_at"] is not None and row["published_at"] <= NOW and row["lesson_id"] not in done_ids
        ]
        return tuple(waiting[:3])

    def _awards(self) -> tuple[Award, ...]:
        rows = [row for row in self._own("award") if not row["revoked"]]
        rows = [row for row in rows if self.starts <= row["earned_at"] < self.as_of]
        rows.sort(key=lambda row: (row["earned_at"], row["award_id"]))
        return tuple(Award(row["code"], row["kind"], titles(row), local_day(row["earned_at"])) for row in rows)

    def _comments(self) -> tuple[Comment, ...]:
        rows = [row for row in self._own("teacher_comment") if row["for_guardians"]]
        rows = [row for row in rows if self.starts <= row["created_at"] < self.as_of]
        rows.sort(key=lambda row: (row["created_at"], row["comment_id"]))
        return tuple(Comment(row["author_name"], row["body"], local_day(row["created_at"])) for row in rows)

    def _materials(self) -> tuple[Titles, ...]:
        course_ids = {row["course_id"] for row in self.active}
        rows = [row for row in self.school.lesson if row["course_id"] in course_ids and row["published_at"]]
        rows = [row for row in rows if self.starts <= row["published_at"] < self.as_of]
        rows.sort(key=lambda row: (row["published_at"], row["lesson_id"]))
        return tuple(titles(row) for row in rows)


def titles(row: dict[str, Any]) -> Titles:
    return Titles(row["title_uz"], row["title_ru"], row["title_en"])
