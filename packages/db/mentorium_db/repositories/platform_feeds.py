"""The platform's change feeds, and what the daily checks ask of it: statements over the contract's views.

A feed is read as the contract says, `WHERE (updated_at, id) > cursor ORDER BY 1, 2`: the page is cut first, so that an
index serves, and what of it matters is marked, not left out. Nothing is read that says of itself to be of tomorrow.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, Final

import asyncpg

from mentorium_db.repositories.platform import PlatformValueError, Row, fetch_planned, written_out
from mentorium_db.session import PlatformConnection
from mentorium_domain.alerts import FeedPosition
from mentorium_kit.errors import UnavailableError

_PAGE: Final = """
    SELECT * FROM bot_api_v1.{view} AS {view}
    WHERE (updated_at, {key}) > ($1::timestamptz, $2::bigint)
        AND updated_at < (SELECT db_now FROM bot_api_v1.v_meta) + interval '1 day'
    ORDER BY updated_at, {key} LIMIT $3
    """
# What a finished course or a test without a mistake tells already is no news as an award.
_AWARDS: Final = """
    SELECT award_id AS id, award.updated_at, student_id, happened_at, {award.titles},
        NOT EXISTS (
            SELECT FROM bot_api_v1.v_enrollment AS enrollment
            WHERE enrollment.student_id = award.student_id AND enrollment.course_id = award.course_id
                AND enrollment.completed_at >= happened_at - interval '10 minutes'
                AND enrollment.completed_at <= happened_at + interval '10 minutes'
        ) AND NOT EXISTS (
            SELECT FROM bot_api_v1.v_test_attempt AS attempt
            WHERE attempt.student_id = award.student_id AND attempt.status = 'graded'
                AND attempt.score = attempt.max_score AND attempt.graded_at = happened_at
        ) AS matters
    FROM (SELECT page.*, {sane:earned_at} AS happened_at FROM ({page}) AS page) AS award
    ORDER BY award.updated_at, award_id
    """
_COURSES: Final = """
    SELECT enrollment_id AS id, enrollment.updated_at, student_id, {sane:completed_at} AS happened_at,
        enrollment.course_id, {course.titles}, enrollment.status = 'completed' AS matters
    FROM ({page}) AS enrollment LEFT JOIN bot_api_v1.v_course AS course USING (course_id)
    ORDER BY enrollment.updated_at, enrollment_id
    """
_TESTS: Final = """
    SELECT attempt_id AS id, attempt.updated_at, student_id, {sane:graded_at} AS happened_at, test_id, {test.titles},
        attempt.status = 'graded' AND score = attempt.max_score AND score > 0 AND score < 'NaN' AS matters
    FROM ({page}) AS attempt LEFT JOIN bot_api_v1.v_test AS test USING (test_id)
    ORDER BY attempt.updated_at, attempt_id
    """
_COMMENTS: Final = """
    SELECT comment_id AS id, comment.updated_at, student_id, {sane:created_at} AS happened_at, author_name, body,
        true AS matters
    FROM ({page}) AS comment ORDER BY comment.updated_at, comment_id
    """
FEEDS: Final[Mapping[str, tuple[str, str, str]]] = {
    "awards": ("v_achievement", "award_id", _AWARDS),
    "courses": ("v_enrollment", "enrollment_id", _COURSES),
    "tests": ("v_test_attempt", "attempt_id", _TESTS),
    "comments": ("v_teacher_comment", "comment_id", _COMMENTS),
}
"""The view of each feed, its key, and the statement around a page of it."""

# Since when a child who takes a course has not studied: the last day of study, or a later day of enrolment.
_IDLE: Final = """
    WITH enrolled AS (
        SELECT student_id, max((enrolled_at AT TIME ZONE 'Asia/Tashkent')::date) AS enrolled_on
        FROM (
            SELECT enrollment.student_id, {sane:enrollment.enrolled_at} AS enrolled_at
            FROM bot_api_v1.v_enrollment AS enrollment
            WHERE enrollment.student_id = ANY($1) AND enrollment.status = 'active'
        ) AS active
        GROUP BY student_id
    ), studied AS (
        SELECT activity.student_id, max(activity.day) AS last_day
        FROM bot_api_v1.v_activity_day AS activity
        WHERE activity.student_id = ANY($1) AND activity.day BETWEEN date '2000-01-01' AND $2
            AND activity.active_seconds BETWEEN 60 AND 86400
        GROUP BY activity.student_id
    )
    SELECT student_id, greatest(last_day, enrolled_on) AS since FROM enrolled LEFT JOIN studied USING (student_id)
    """
_DUE: Final = """
    SELECT enrollment.student_id, test.test_id, test.due_at, {test.titles}
    FROM bot_api_v1.v_enrollment AS enrollment JOIN bot_api_v1.v_test AS test USING (course_id)
    WHERE enrollment.student_id = ANY($1) AND enrollment.status = 'active'
        AND test.due_at > $2 AND test.due_at <= $3 AND test.due_at >= enrollment.enrolled_at
        AND NOT EXISTS (
            SELECT FROM bot_api_v1.v_test_attempt AS attempt
            WHERE attempt.student_id = enrollment.student_id AND attempt.test_id = test.test_id
                AND (attempt.submitted_at IS NOT NULL OR attempt.graded_at IS NOT NULL)
        )
    ORDER BY enrollment.student_id, test.due_at, test.test_id
    """
_MATERIALS: Final = """
    SELECT enrollment.student_id, material.lesson_id, material.published_at, {material.titles}
    FROM bot_api_v1.v_enrollment AS enrollment JOIN bot_api_v1.v_new_material AS material USING (course_id)
    WHERE enrollment.student_id = ANY($1) AND enrollment.status = 'active'
        AND material.published_at > $2 AND material.published_at <= $3
        AND material.published_at >= enrollment.enrolled_at
    ORDER BY enrollment.student_id, material.published_at, material.lesson_id
    """
# The lesson with which a share of a course's required lessons was reached, counted as they were completed.
_MILESTONES: Final = """
    WITH completed AS (
        SELECT progress.student_id, progress.course_id, progress.lesson_id,
            {sane:progress.completed_at} AS completed_at
        FROM bot_api_v1.v_lesson_progress AS progress JOIN bot_api_v1.v_lesson AS lesson USING (lesson_id)
        WHERE progress.student_id = ANY($1) AND progress.status = 'completed' AND lesson.is_required
    ), numbered AS (
        SELECT student_id, course_id, completed_at,
            row_number() OVER (PARTITION BY student_id, course_id ORDER BY completed_at, lesson_id) AS number
        FROM completed
    )
    SELECT student_id, course_id, share, completed_at, {course.titles}
    FROM numbered JOIN bot_api_v1.v_course AS course USING (course_id)
    CROSS JOIN unnest(ARRAY[25, 50, 75]) AS share
    WHERE completed_at > $2 AND completed_at <= $3 AND required_lessons >= 4
        AND number = ceil(required_lessons * share / 100.0)
    ORDER BY student_id, course_id, share
    """
NEEDED: Final[Mapping[str, frozenset[str]]] = {
    "idle": frozenset({"v_enrollment", "v_activity_day"}),
    "due": frozenset({"v_enrollment", "v_test", "v_test_attempt"}),
    "milestone": frozenset({"v_lesson_progress", "v_lesson", "v_course"}),
    "material": frozenset({"v_enrollment", "v_new_material"}),
}
"""Without these views a daily check would be wrong, or has nothing to look at."""


class PlatformFeedRepository:
    """Reads over one connection. UnavailableError `platform_contract_broken` where a view lacks a column that a feed
    needs, PlatformValueError among them.
    """

    def __init__(self, connection: PlatformConnection | asyncpg.Connection[Row]) -> None:
        self._connection = connection

    async def page(self, feed: str, after: FeedPosition, most: int, missing_views: Collection[str] = ()) -> list[Row]:
        """The next rows of a feed: `id`, `updated_at`, `student_id`, `happened_at`, whether it `matters`, and what it
        says.
        """
        view, key, statement = FEEDS[feed]
        page = _PAGE.replace("{view}", view).replace("{key}", key)
        whole = written_out(statement.replace("{page}", page), missing_views)
        return await self._fetch(whole, after.updated_at, after.id, most)

    async def idle_since(self, student_ids: Collection[int], today: date) -> list[Row]:
        """`student_id` and `since` of those who take a course: the Tashkent day since which they have not studied."""
        return await self._fetch(written_out(_IDLE), list(student_ids), today)

    async def due_between(self, student_ids: Collection[int], after: datetime, up_to: datetime) -> list[Row]:
        """Works that are due in this time and not handed in, with `test_id`, `due_at` and titles."""
        return await self._fetch(written_out(_DUE), list(student_ids), after, up_to)

    async def milestones_between(self, student_ids: Collection[int], after: datetime, up_to: datetime) -> list[Row]:
        """Shares of courses, in percent, that were reached in this time, with `course_id` and titles."""
        return await self._fetch(written_out(_MILESTONES), list(student_ids), after, up_to)

    async def materials_between(self, student_ids: Collection[int], after: datetime, up_to: datetime) -> list[Row]:
        """What has been published in the courses that they take, with `lesson_id`, `published_at` and titles."""
        return await self._fetch(written_out(_MATERIALS), list(student_ids), after, up_to)

    async def _fetch(self, statement: str, *arguments: Any) -> list[Row]:
        try:
            return await fetch_planned(self._connection, statement, *arguments)
        except asyncpg.SyntaxOrAccessError as error:
            raise UnavailableError("platform_contract_broken", reason=type(error).__name__) from error
        except (asyncpg.DataError, OverflowError, ValueError) as error:
            raise PlatformValueError("platform_contract_broken", reason=type(error).__name__) from error
