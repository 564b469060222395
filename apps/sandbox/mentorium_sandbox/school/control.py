"""The control calls of the demo school: /sandbox/platform/{students,activity,links,rights,generate,freeze}."""

from __future__ import annotations

import math
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import asyncpg
from aiohttp import web

from mentorium_sandbox.controls import Body, refuse
from mentorium_sandbox.school.calendar import TASHKENT, local_day
from mentorium_sandbox.school.copying import Connection
from mentorium_sandbox.school.deeds import Doer, publish_material
from mentorium_sandbox.school.families import family
from mentorium_sandbox.school.handmade import (
    ConflictError,
    GuardianEntry,
    UnknownError,
    add_student,
    course_by_slug,
    enrol,
    set_rights,
)
from mentorium_sandbox.school.link_code import link_code
from mentorium_sandbox.school.seeding import grow

_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_STATUSES = ("active", "completed", "dropped", "paused")
_LOCALES = ("uz", "ru", "en")
_LARGEST_SCORE = 999_999
_SECONDS_A_DAY = 86_400
_LARGEST_SCHOOL = 1_000_000
_TOLERANCE = timedelta(seconds=1)
Answer = dict[str, Any]


@dataclass(slots=True)
class School:
    """The school as the control calls see it; without a `dsn` the platform is somebody else's. `now` is aware."""

    link_key: str
    now: Callable[[], datetime]
    dsn: str | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Connection]:
        """A connection in one transaction, on a school whose clock shows the sandbox's time."""
        if self.dsn is None:
            raise web.HTTPConflict(text="the platform is a foreign one: the sandbox changes nothing there")
        connection = await asyncpg.connect(self.dsn)
        try:
            async with connection.transaction():
                await _tell_time(connection, self.now())
                yield connection
        finally:
            await connection.close()

    async def tell_time(self) -> None:
        """Let the contract views show the sandbox's time; to be called when its clock has been moved."""
        async with self.open():
            pass


async def _tell_time(connection: Connection, now: datetime) -> None:
    await connection.execute(
        "UPDATE platform.clock SET shift = $1 - now() WHERE abs(extract(epoch FROM $1 - now() - shift)) > $2",
        now,
        _TOLERANCE.total_seconds(),
    )


def routes(school: School) -> list[web.RouteDef]:
    """Routes that answer once the contract views show the change; refusals are 4xx with the reason as text."""

    async def students(body: Body) -> Answer:
        name = f"{body.text('first_name').strip()} {body.text('last_name').strip()}"
        entry, courses = _guardian_entry(body), _slugs(body)
        now = school.now()
        async with school.open() as connection:
            student_id, guardian_id = await add_student(connection, name, entry, courses, now)
        payload = link_code(school.link_key, guardian_id, now)
        return {"student_id": student_id, "guardian_id": guardian_id, "link_code": payload}

    async def activity(body: Body) -> Answer:
        kind, now = body.text("kind"), school.now()
        moment = _moment(body, now)
        act = _ACTS.get(kind)
        if act is None:
            refuse(f"kind is none of {', '.join(_ACTS)}")
        async with school.open() as connection:
            student_id = await _student(connection, body, needed=kind != "material")
            return await act(body, Doer(connection, student_id, moment))

    async def links(body: Body) -> Answer:
        guardian_id = body.integer("guardian_id")
        if school.dsn is not None:
            async with school.open() as connection:
                if not await connection.fetchval("SELECT 1 FROM platform.guardian WHERE guardian_id = $1", guardian_id):
                    raise UnknownError(f"there is no guardian {guardian_id}")
        elif not 0 < guardian_id < 2**63:
            refuse("guardian_id is not a positive bigint")
        return {"payload": link_code(school.link_key, guardian_id, school.now())}

    async def show_family(request: web.Request) -> web.StreamResponse:
        async with school.open() as connection:
            return await family(connection, request)

    calls: dict[str, Callable[[Body], Awaitable[Answer]]] = {
        "students": students,
        "activity": activity,
        "links": links,
        "rights": partial(_rights, school),
        "generate": partial(_generate, school),
        "freeze": partial(_freeze, school),
    }
    posts = [web.post(f"/sandbox/platform/{name}", _answering(call)) for name, call in calls.items()]
    return [web.get("/sandbox/platform/family", show_family), *posts]


async def _rights(school: School, body: Body) -> Answer:
    guardian_id, student_id = body.integer("guardian_id"), body.integer("student_id")
    can_view = body.fields.get("can_view")
    if not isinstance(can_view, bool):
        refuse("can_view is not true or false")
    async with school.open() as connection:
        await set_rights(connection, guardian_id, student_id, can_view)
    return {"guardian_id": guardian_id, "student_id": student_id, "can_view": can_view}


async def _generate(school: School, body: Body) -> Answer:
    wanted, seed = body.integer("students"), body.optional_integer("seed")
    if not 1 <= wanted <= _LARGEST_SCHOOL:
        refuse(f"students is a number from 1 to {_LARGEST_SCHOOL:,}")
    async with school.open() as connection:
        return {"students": await grow(connection, students=wanted, seed=seed)}


async def _freeze(school: School, body: Body) -> Answer:
    """A feed that stopped then; without a moment it flows again."""
    stopped = _aware(body, "activity_as_of")
    async with school.open() as connection:
        await connection.execute("UPDATE platform.clock SET feed_frozen_at = $1", stopped)
    return {"activity_as_of": stopped.isoformat() if stopped else None}


def _answering(call: Callable[[Body], Awaitable[Answer]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handler(request: web.Request) -> web.Response:
        try:
            return web.json_response(await call(await Body.of(request)))
        except UnknownError as error:
            raise web.HTTPNotFound(text=str(error)) from error
        except ConflictError as error:
            raise web.HTTPConflict(text=str(error)) from error
        except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as error:
            raise web.HTTPBadRequest(text=str(error)) from error

    return handler


async def _lesson(body: Body, doer: Doer) -> Answer:
    return {"lesson_id": await doer.finish_lesson(body.optional_integer("lesson_id"))}


async def _attempt(body: Body, doer: Doer) -> Answer:
    score, max_score = _points(body, "score"), _points(body, "max_score")
    if max_score == 0 or score > max_score:
        refuse("score is above max_score, or max_score is 0")
    attempt_id, test_id = await doer.sit_test(
        body.optional_text("title"), body.optional_text("topic"), score, max_score
    )
    return {"attempt_id": attempt_id, "test_id": test_id}


async def _award(body: Body, doer: Doer) -> Answer:
    return {"award_id": await doer.earn(body.text("code"))}


async def _comment(body: Body, doer: Doer) -> Answer:
    author = body.optional_text("author_name") or "Nodira Saidova"
    return {"comment_id": await doer.be_commented(body.text("body"), author)}


async def _activity_day(body: Body, doer: Doer) -> Answer:
    day, seconds = _day(body), body.integer("active_seconds")
    if not 0 <= seconds <= _SECONDS_A_DAY:
        refuse(f"active_seconds is not from 0 to {_SECONDS_A_DAY}")
    if day > local_day(doer.moment):
        refuse("day is in the future")
    await doer.set_activity(day, seconds)
    return {"student_id": doer.student_id, "day": day.isoformat()}


async def _enrollment(body: Body, doer: Doer) -> Answer:
    status = body.text("status")
    if status not in _STATUSES:
        refuse(f"status is none of {', '.join(_STATUSES)}")
    course_id = await course_by_slug(doer.connection, body.text("course"))
    return {"enrollment_id": await enrol(doer.connection, doer.student_id, course_id, status, doer.moment)}


async def _material(body: Body, doer: Doer) -> Answer:
    course_id = await course_by_slug(doer.connection, body.text("course"))
    title = body.optional_text("title")
    return {"lesson_id": await publish_material(doer.connection, course_id, title, doer.moment)}


_ACTS: dict[str, Callable[[Body, Doer], Awaitable[Answer]]] = {
    "lesson": _lesson,
    "attempt": _attempt,
    "award": _award,
    "comment": _comment,
    "activity_day": _activity_day,
    "enrollment": _enrollment,
    "material": _material,
}


async def _student(connection: Connection, body: Body, *, needed: bool) -> int:
    if not needed and not body.has("student_id"):
        return 0
    student_id = body.integer("student_id")
    if not await connection.fetchval("SELECT 1 FROM platform.student WHERE student_id = $1 FOR UPDATE", student_id):
        raise UnknownError(f"there is no student {student_id}")
    return student_id


def _guardian_entry(body: Body) -> GuardianEntry:
    described = body.fields.get("guardian")
    if not isinstance(described, dict):
        refuse("guardian is missing or not an object")
    guardian = Body(described)
    email, phone = guardian.optional_text("email"), guardian.optional_text("phone")
    if email is not None and not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        refuse("guardian.email is not an e-mail address")
    if phone is not None and not _PHONE.fullmatch(phone := "+" + re.sub(r"[\s()+-]", "", phone)):
        refuse("guardian.phone is not a phone number with its country code")
    locale = guardian.optional_text("locale") or "uz"
    if locale not in _LOCALES:
        refuse(f"guardian.locale is none of {', '.join(_LOCALES)}")
    return GuardianEntry(guardian.text("full_name").strip(), email.lower() if email else None, phone, locale)


def _slugs(body: Body) -> list[str]:
    courses = body.fields.get("courses")
    if courses is None:
        return []
    if not isinstance(courses, list) or not all(isinstance(slug, str) for slug in courses):
        refuse("courses is not a list of slugs")
    return courses


def _moment(body: Body, now: datetime) -> datetime:
    moment = _aware(body, "at")
    if moment is None:
        return now
    if moment > now + _TOLERANCE:
        refuse("at is in the future")
    return moment


def _aware(body: Body, key: str) -> datetime | None:
    """A moment with its offset, shown in Tashkent's; None where there is none."""
    raw = body.optional_text(key)
    if raw is None:
        return None
    try:
        moment = datetime.fromisoformat(raw)
    except ValueError:
        refuse(f"{key} is not an ISO 8601 moment")
    if moment.tzinfo is None:
        refuse(f"{key} has no offset")
    return moment.astimezone(TASHKENT)


def _day(body: Body) -> date:
    try:
        return date.fromisoformat(body.text("day"))
    except ValueError:
        refuse("day is not an ISO 8601 day")


def _points(body: Body, key: str) -> Decimal:
    value = body.fields.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        refuse(f"{key} is missing or not a number")
    if not 0 <= value <= _LARGEST_SCORE:
        refuse(f"{key} is not from 0 to {_LARGEST_SCORE}")
    return Decimal(str(value))
