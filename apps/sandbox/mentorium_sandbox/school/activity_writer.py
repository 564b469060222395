"""Writes activity by hand: what a child, or the school, does at a moment that a control call names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from mentorium_sandbox.school.calendar import local_day
from mentorium_sandbox.school.copy_format import Connection
from mentorium_sandbox.school.curriculum import load
from mentorium_sandbox.school.manual_enrollment import ConflictError, UnknownError
from mentorium_sandbox.school.rows import Titles

_DEED = timedelta(minutes=10)
_EXTRA_TEST = Titles("Qoʻshimcha test", "Дополнительный тест", "Extra test")
_EXTRA_MATERIAL = Titles("Qoʻshimcha material", "Дополнительный материал", "Extra material")


@dataclass(frozen=True, slots=True)
class ActivityWriter:
    """A child, the moment (aware), and where it happens."""

    connection: Connection
    student_id: int
    moment: datetime

    async def finish_lesson(self, lesson_id: int | None) -> int:
        """Complete this lesson, else the next required one that is open; returns its id."""
        found = await self.connection.fetchrow(_LESSON if lesson_id else _NEXT_LESSON, self.student_id, lesson_id or 0)
        if found is None:
            raise UnknownError(f"there is no lesson {lesson_id}" if lesson_id else "no lesson is left to finish")
        finished = await self.connection.fetchval(
            """
            INSERT INTO platform.lesson_progress
                (student_id, lesson_id, course_id, status, percent, started_at, completed_at)
            VALUES ($1, $2, $3, 'completed', 100, $4, $5)
            ON CONFLICT (student_id, lesson_id) DO UPDATE
            SET status = 'completed', percent = 100, completed_at = excluded.completed_at
            WHERE lesson_progress.status <> 'completed'
            RETURNING true
            """,
            self.student_id,
            found["lesson_id"],
            found["course_id"],
            self.moment - _DEED,
            self.moment,
        )
        if not finished:
            raise ConflictError(f"lesson {found['lesson_id']} was finished before")
        await self._learned(found["course_id"])
        return int(found["lesson_id"])

    async def sit_test(
        self, title: str | None, topic: str | None, score: Decimal, max_score: Decimal
    ) -> tuple[int, int]:
        """A graded attempt at the test of this title (made if there is none); returns attempt and test id."""
        course_id = await self.course()
        topic_id = None if topic is None else await _topic(self.connection, topic)
        test_id, tested_topic = await _test(self.connection, course_id, topic_id, title, max_score)
        attempt_id: int = await self.connection.fetchval(
            """
            INSERT INTO platform.test_attempt
                (test_id, student_id, course_id, topic_id, attempt_no, started_at, submitted_at, graded_at, score,
                 max_score, status)
            SELECT $1, $2, $3, $4, 1 + count(*), $5, $6, $6, $7, $8, 'graded'
            FROM platform.test_attempt WHERE student_id = $2 AND test_id = $1
            RETURNING attempt_id
            """,
            test_id,
            self.student_id,
            course_id,
            tested_topic,
            self.moment - _DEED,
            self.moment,
            score,
            max_score,
        )
        await self._learned(course_id)
        return attempt_id, test_id

    async def earn(self, code: str) -> int:
        """The award of this code; one that the school does not know is a badge named after its code."""
        known = load(local_day(self.moment)).awards.get(code)
        kind, titles = (known.kind, known.titles) if known else ("badge", Titles(*(code.replace("_", " "),) * 3))
        award_id: int = await self.connection.fetchval(
            "INSERT INTO platform.award "
            "(student_id, code, kind, title_uz, title_ru, title_en, course_id, earned_at) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING award_id",
            self.student_id,
            code,
            kind,
            *titles,
            await self._course_if_any(),
            self.moment,
        )
        return award_id

    async def be_commented(self, body: str, author: str) -> int:
        comment_id: int = await self.connection.fetchval(
            "INSERT INTO platform.teacher_comment (student_id, course_id, author_name, body, created_at) "
            "VALUES ($1, $2, $3, $4, $5) RETURNING comment_id",
            self.student_id,
            await self._course_if_any(),
            author,
            body,
            self.moment,
        )
        return comment_id

    async def set_activity(self, day: date, seconds: int) -> None:
        """The day's learning time, whatever it was before; seconds from 0 to 86,400."""
        await self.connection.execute(
            """
            INSERT INTO platform.activity_day (student_id, day, active_seconds, sessions)
            VALUES ($1, $2, $3, least($3, 1))
            ON CONFLICT (student_id, day) DO UPDATE
            SET active_seconds = excluded.active_seconds,
                sessions = CASE WHEN $3 = 0 THEN 0 ELSE greatest(activity_day.sessions, 1) END
            """,
            self.student_id,
            day,
            seconds,
        )

    async def course(self) -> int:
        """The course the child is at work on: active rather than not, the latest."""
        course_id = await self._course_if_any()
        if course_id is None:
            raise ConflictError(f"student {self.student_id} is enrolled in no course")
        return course_id

    async def _course_if_any(self) -> int | None:
        course_id: int | None = await self.connection.fetchval(
            "SELECT course_id FROM platform.enrollment WHERE student_id = $1 "
            "ORDER BY status = 'active' DESC, enrolled_at, enrollment_id LIMIT 1",
            self.student_id,
        )
        return course_id

    async def _learned(self, course_id: int) -> None:
        """Activity makes its day last ten minutes apiece, at least; a day that was longer stays as it is."""
        await self.connection.execute(
            """
            INSERT INTO platform.activity_day AS known (student_id, day, active_seconds, sessions)
            VALUES ($1, $2, $3, 1)
            ON CONFLICT (student_id, day) DO UPDATE
            SET sessions = known.sessions + 1,
                active_seconds = least(86400, greatest(known.active_seconds, $3 * (known.sessions + 1)))
            """,
            self.student_id,
            local_day(self.moment),
            int(_DEED.total_seconds()),
        )
        await self.connection.execute(
            "UPDATE platform.enrollment SET started_at = greatest(enrolled_at, $3) "
            "WHERE student_id = $1 AND course_id = $2 AND started_at IS NULL",
            self.student_id,
            course_id,
            self.moment,
        )


async def publish_material(connection: Connection, course_id: int, title: str | None, moment: datetime) -> int:
    """A new material of the course, beside its required lessons; returns its lesson id."""
    titles = _EXTRA_MATERIAL if title is None else Titles(title, title, title)
    lesson_id: int = await connection.fetchval(
        """
        INSERT INTO platform.lesson
            (course_id, module_id, position, kind, title_uz, title_ru, title_en, est_minutes, is_required, published_at)
        SELECT $1, coalesce(max(module_id), 1), 1 + coalesce(max(position), 0), 'material', $2, $3, $4, 15, false, $5
        FROM platform.lesson WHERE course_id = $1
        RETURNING lesson_id
        """,
        course_id,
        *titles,
        moment,
    )
    return lesson_id


_LESSON = "SELECT lesson_id, course_id FROM platform.lesson WHERE lesson_id = $2 AND $1::bigint IS NOT NULL"
_NEXT_LESSON = """
    SELECT lesson.lesson_id, lesson.course_id
    FROM platform.enrollment
    JOIN platform.lesson ON lesson.course_id = enrollment.course_id AND lesson.is_required
    LEFT JOIN platform.lesson_progress AS known
        ON known.student_id = enrollment.student_id AND known.lesson_id = lesson.lesson_id
    WHERE enrollment.student_id = $1 AND known.status IS DISTINCT FROM 'completed' AND lesson.lesson_id <> $2
    ORDER BY enrollment.status = 'active' DESC, enrollment.enrolled_at, enrollment.enrollment_id, lesson.position
    LIMIT 1
    """


async def _test(
    connection: Connection, course_id: int, topic_id: int | None, title: str | None, max_score: Decimal
) -> tuple[int, int | None]:
    """The course's test of this title, topic and worth, made if there is none; its id and its topic's."""
    titles = _EXTRA_TEST if title is None else Titles(title, title, title)
    known = await connection.fetchrow(
        """
        SELECT test_id, topic_id FROM platform.test
        WHERE course_id = $1 AND $2 IN (title_uz, title_ru, title_en) AND max_score = $3
          AND ($4::bigint IS NULL AND $5 OR topic_id IS NOT DISTINCT FROM $4)
        ORDER BY test_id LIMIT 1
        """,
        course_id,
        titles.uz,
        max_score,
        topic_id,
        title is not None,
    )
    if known is not None:
        return known["test_id"], known["topic_id"]
    made: int = await connection.fetchval(
        "INSERT INTO platform.test (course_id, topic_id, kind, title_uz, title_ru, title_en, max_score) "
        "VALUES ($1, $2, 'quiz', $3, $4, $5, $6) RETURNING test_id",
        course_id,
        topic_id,
        *titles,
        max_score,
    )
    return made, topic_id


async def _topic(connection: Connection, name: str) -> int:
    """The topic of this code or title, else a new one of that title."""
    topic_id: int | None = await connection.fetchval(
        "SELECT topic_id FROM platform.topic "
        "WHERE lower($1) IN (code, lower(title_uz), lower(title_ru), lower(title_en)) ORDER BY 1 LIMIT 1",
        name,
    )
    if topic_id is not None:
        return topic_id
    made: int = await connection.fetchval(
        "INSERT INTO platform.topic (code, title_uz, title_ru, title_en) VALUES ($1, $2, $2, $2) RETURNING topic_id",
        re.sub(r"\W+", "_", name.casefold()).strip("_") or "topic",
        name,
    )
    return made
