"""POST /sandbox/platform/activity: what each kind of activity takes, does and answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, NamedTuple

from mentorium_sandbox.controls import Body, refuse
from mentorium_sandbox.school import fields
from mentorium_sandbox.school.copying import Connection
from mentorium_sandbox.school.deeds import Doer, publish_material
from mentorium_sandbox.school.handmade import UnknownError, course_by_slug, enrol

_STATUSES = ("active", "completed", "dropped", "paused")
_SECONDS_A_DAY = 86_400
_AUTHOR = "Nodira Saidova"
Answer = dict[str, Any]
Deed = Callable[[Connection], Awaitable[Answer]]


class _Act(NamedTuple):
    """The act's own fields, and what it does; its body is read whole before anything is done."""

    fields: tuple[str, ...]
    read: Callable[[Body, int, datetime], Deed]


def read(body: Body, now: datetime) -> Deed:
    """The act that the body describes, ready to be done; raises what `fields` raises."""
    kind = body.text("kind")
    act = _ACTS.get(kind)
    if act is None:
        refuse(f"kind is none of {', '.join(_ACTS)}")
    fields.only(body, "student_id", "kind", "at", *act.fields)
    moment = fields.moment(body, "at", now) or now
    if kind == "material":
        return act.read(body, 0, moment)
    student_id = fields.identifier(body, "student_id")
    deed = act.read(body, student_id, moment)

    async def by_a_known_student(connection: Connection) -> Answer:
        known = "SELECT 1 FROM platform.student WHERE student_id = $1 FOR UPDATE"
        if not await connection.fetchval(known, student_id):
            raise UnknownError(f"there is no student {student_id}")
        return await deed(connection)

    return by_a_known_student


def _lesson(body: Body, student_id: int, moment: datetime) -> Deed:
    lesson_id = fields.optional_identifier(body, "lesson_id")

    async def do(connection: Connection) -> Answer:
        return {"lesson_id": await Doer(connection, student_id, moment).finish_lesson(lesson_id)}

    return do


def _attempt(body: Body, student_id: int, moment: datetime) -> Deed:
    score, max_score = fields.points(body, "score"), fields.points(body, "max_score")
    if max_score == 0 or score > max_score:
        refuse("score is above max_score, or max_score is 0")
    title, topic = fields.optional_text(body, "title"), fields.optional_text(body, "topic")

    async def do(connection: Connection) -> Answer:
        doer = Doer(connection, student_id, moment)
        attempt_id, test_id = await doer.sit_test(title, topic, score, max_score)
        return {"attempt_id": attempt_id, "test_id": test_id}

    return do


def _award(body: Body, student_id: int, moment: datetime) -> Deed:
    code = fields.text(body, "code")

    async def do(connection: Connection) -> Answer:
        return {"award_id": await Doer(connection, student_id, moment).earn(code)}

    return do


def _comment(body: Body, student_id: int, moment: datetime) -> Deed:
    words = fields.text(body, "body", longest=fields.LONGEST_BODY)
    author = fields.optional_text(body, "author_name") or _AUTHOR

    async def do(connection: Connection) -> Answer:
        return {"comment_id": await Doer(connection, student_id, moment).be_commented(words, author)}

    return do


def _activity_day(body: Body, student_id: int, moment: datetime) -> Deed:
    day = fields.day(body, "day", moment)
    seconds = fields.whole(body, "active_seconds", 0, _SECONDS_A_DAY)

    async def do(connection: Connection) -> Answer:
        await Doer(connection, student_id, moment).set_activity(day, seconds)
        return {"student_id": student_id, "day": day.isoformat()}

    return do


def _enrollment(body: Body, student_id: int, moment: datetime) -> Deed:
    course, status = fields.text(body, "course"), fields.choice(body, "status", _STATUSES)

    async def do(connection: Connection) -> Answer:
        course_id = await course_by_slug(connection, course)
        return {"enrollment_id": await enrol(connection, student_id, course_id, status, moment)}

    return do


def _material(body: Body, _: int, moment: datetime) -> Deed:
    course, title = fields.text(body, "course"), fields.optional_text(body, "title")

    async def do(connection: Connection) -> Answer:
        course_id = await course_by_slug(connection, course)
        return {"lesson_id": await publish_material(connection, course_id, title, moment)}

    return do


_ACTS = {
    "lesson": _Act(("lesson_id",), _lesson),
    "attempt": _Act(("title", "score", "max_score", "topic"), _attempt),
    "award": _Act(("code",), _award),
    "comment": _Act(("body", "author_name"), _comment),
    "activity_day": _Act(("day", "active_seconds"), _activity_day),
    "enrollment": _Act(("course", "status"), _enrollment),
    "material": _Act(("course", "title"), _material),
}
