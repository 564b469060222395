"""What two views say of the same thing agrees: courses of lessons and of progress, counts, places, enrolments."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from typing import TypeAlias

import asyncpg

from mentorium_db.platform_check.contract import SCHEMA
from mentorium_db.platform_check.finding import Finding, failure, judged, ok, warning

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def check_sums(connection: Connection, there: Collection[str]) -> AsyncIterator[Finding]:
    """As far as the views are there."""
    for view, key, target in (("v_lesson_progress", "lesson_id", "v_lesson"), ("v_test_attempt", "test_id", "v_test")):
        if {view, target} <= set(there):
            yield await _same_course(connection, view, key, target)
    if {"v_course", "v_lesson"} <= set(there):
        yield await _required_lessons(connection)
    if {"v_enrollment", "v_lesson_progress"} <= set(there):
        yield await _enrolments(connection)
    if "v_lesson" in there:
        yield await _positions(connection)


async def _same_course(connection: Connection, view: str, key: str, target: str) -> Finding:
    offenders = await connection.fetchval(f"""
        SELECT count(*) FROM {SCHEMA}.{view} AS source JOIN {SCHEMA}.{target} AS target USING ({key})
        WHERE source.course_id <> target.course_id
        """)
    return judged(offenders, f"{view}.course_id", f"is the course of its row in {target}")


async def _required_lessons(connection: Connection) -> Finding:
    """Whether lessons that are not out yet count is the platform's affair; the rest is arithmetic."""
    offenders = await connection.fetchval(f"""
        SELECT count(*) FROM {SCHEMA}.v_course AS course
        JOIN (
            SELECT course_id, count(*) FILTER (WHERE is_required) AS most,
                   count(*) FILTER (WHERE is_required AND published_at <= db_now) AS fewest
            FROM {SCHEMA}.v_lesson CROSS JOIN (SELECT db_now FROM {SCHEMA}.v_meta) AS meta
            GROUP BY course_id
        ) AS lessons USING (course_id)
        WHERE required_lessons NOT BETWEEN fewest AND most
        """)
    return judged(offenders, "v_course.required_lessons", "is the number of required lessons in v_lesson")


async def _enrolments(connection: Connection) -> Finding:
    """A few who learn without being enrolled may be; where it is most, the view says nothing."""
    row = await connection.fetchrow(f"""
        SELECT count(*) AS pairs, count(*) FILTER (WHERE NOT EXISTS (
                   SELECT FROM {SCHEMA}.v_enrollment AS enrollment
                   WHERE enrollment.student_id = learnt.student_id AND enrollment.course_id = learnt.course_id
               )) AS lacking
        FROM (SELECT DISTINCT student_id, course_id FROM {SCHEMA}.v_lesson_progress) AS learnt
        """)
    assert row is not None, "an aggregate without GROUP BY is one row"
    subject, rule = "v_enrollment", "who makes progress in a course is enrolled in it"
    if not row["lacking"]:
        return ok(subject, rule)
    said = f"{rule}: not so for {row['lacking']:,} of {row['pairs']:,} pairs of student and course"
    return failure(subject, said) if row["lacking"] * 2 > row["pairs"] else warning(subject, said)


async def _positions(connection: Connection) -> Finding:
    """1, 2, 3 ... within a course, whether or not lessons that were taken away keep their places."""
    rows = await connection.fetch(f"""
        SELECT course_id, (array_agg(position ORDER BY position))[1:3] AS first
        FROM {SCHEMA}.v_lesson GROUP BY course_id
        HAVING (min(position), max(position), count(DISTINCT position)) IS DISTINCT FROM (1, count(*), count(*))
           AND (
               min(position) FILTER (WHERE published_at IS NOT NULL),
               max(position) FILTER (WHERE published_at IS NOT NULL),
               count(DISTINCT position) FILTER (WHERE published_at IS NOT NULL)
           ) IS DISTINCT FROM (1, count(published_at), count(published_at))
        ORDER BY course_id
        """)
    rule = "is 1, 2, 3 ... within its course"
    if not rows:
        return ok("v_lesson.position", rule)
    first = ", ".join(map(str, rows[0]["first"]))
    said = f"{rule}: not in {len(rows):,} course{'s' if len(rows) > 1 else ''}"
    example = f"course {rows[0]['course_id']} begins {first}"
    return warning("v_lesson.position", f"{said} ({example}); it numbers the next lesson in a report")
