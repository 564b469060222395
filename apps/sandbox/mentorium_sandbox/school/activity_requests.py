"""POST /sandbox/platform/activity: what each kind of activity takes, does and answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, NamedTuple

from mentorium_sandbox.control_api import RequestBody, refuse
from mentorium_sandbox.school import request_fields
from mentorium_sandbox.school.activity_writer import ActivityWriter, publish_material
from mentorium_sandbox.school.copy_format import Connection
from mentorium_sandbox.school.manual_enrollment import UnknownError, course_by_slug, enrol

_STATUSES = ("active", "completed", "dropped", "paused")
_SECONDS_A_DAY = 86_400
_AUTHOR = "Nodira Saidova"
Answer = dict[str, Any]
Activity = Callable[[Connection], Awaitable[Answer]]


class _ActivityKind(NamedTuple):
    """The act's own fields, and what it does; its body is read whole before anything is done."""

    fields: tuple[str, ...]
    read: Callable[[RequestBody, int, datetime], Activity]


def read(body: RequestBody, now: datetime) -> Activity:
    """The act that the body describes, ready to be done; raises what `fields` raises."""
    kind = body.text("kind")
    act = _ACTS.get(kind)
    if act is None:
        refuse(f"kind is none of {', '.join(_ACTS)}")
    request_fields.only(body, "student_id", "kind", "at", *act.fields)
    moment = request_fields.moment(body, "at", now) or now
    if kind == "material":
        return act.read(body, 0, moment)
    student_id = request_fields.identifier(body, "student_id")
    write = act.read(body, student_id, moment)

    async def by_a_known_student(connection: Connection) -> Answer:
        known = "SELECT 1 FROM platform.student WHERE student_id = $1 FOR UPDATE"
        if not await connection.fetchval(known, student_id):
            raise UnknownError(f"there is no student {student_id}")
        return await write(connection)

    return by_a_known_student


def _lesson(body: RequestBody, student_id: int, moment: datetime) -> Activity:
    lesson_id = request_fields.optional_identifier(body, "lesson_id")

    async def do(connection: Connection) -> Answer:
        return {"lesson_id": await ActivityWriter(connection, student_id, moment).finish_lesson(lesson_id)}

    return do


def _attempt(body: RequestBody, student_id: int, moment: datetime) -> Activity:
    score, max_score = request_fields.points(body, "score"), request_fields.points(body, "max_score")
    if max_score == 0 or score > max_score:
        refuse("score is above max_score, or max_score is 0")
    title, topic = request_fields.optional_text(body, "title"), request_fields.optional_text(body, "topic")

    async def do(connection: Connection) -> Answer:
        doer = ActivityWriter(connection, student_id, moment)
        attempt_id, test_id = await doer.sit_test(title, topic, score, max_score)
        return {"attempt_id": attempt_id, "test_id": test_id}

    return do


def _award(body: RequestBody, student_id: int, moment: datetime) -> Activity:
    code = request_fields.text(body, "code")

    async def do(connection: Connection) -> Answer:
        return {"award_id": await ActivityWriter(connection, student_id, moment).earn(code)}

    return do


def _comment(body: RequestBody, student_id: int, moment: datetime) -> Activity:
    words = request_fields.text(body, "body", longest=request_fields.LONGEST_BODY)
    author = request_fields.optional_text(body, "author_name") or _AUTHOR

    async def do(connection: Connection) -> Answer:
        return {"comment_id": await ActivityWriter(connection, student_id, moment).be_commented(words, author)}

    return do


def _activity_day(body: RequestBody, student_id: int, moment: datetime) -> Activity:
    day = request_fields.day(body, "day", moment)
    seconds = request_fields.whole(body, "active_seconds", 0, _SECONDS_A_DAY)

    async def do(connection: Connection) -> Answer:
        await ActivityWriter(connection, student_id, moment).set_activity(day, seconds)
        return {"student_id": student_id, "day": day.isoformat()}

    return do


def _enrollment(body: RequestBody, student_id: int, moment: datetime) -> Activity:
    course, status = request_fields.text(body, "course"), request_fields.choice(body, "status", _STATUSES)

    async def do(connection: Connection) -> Answer:
        course_id = await course_by_slug(connection, course)
        return {"enrollment_id": await enrol(connection, student_id, course_id, status, moment)}

    return do


def _material(body: RequestBody, _: int, moment: datetime) -> Activity:
    course, title = request_fields.text(body, "course"), request_fields.optional_text(body, "title")

    async def do(connection: Connection) -> Answer:
        course_id = await course_by_slug(connection, course)
        return {"lesson_id": await publish_material(connection, course_id, title, moment)}

    return do


_ACTS = {
    "lesson": _ActivityKind(("lesson_id",), _lesson),
    "attempt": _ActivityKind(("title", "score", "max_score", "topic"), _attempt),
    "award": _ActivityKind(("code",), _award),
    "comment": _ActivityKind(("body", "author_name"), _comment),
    "activity_day": _ActivityKind(("day", "active_seconds"), _activity_day),
    "enrollment": _ActivityKind(("course", "status"), _enrollment),
    "material": _ActivityKind(("course", "title"), _material),
}
