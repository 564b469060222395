"""The control calls of the demo school: /sandbox/platform/{students,activity,links,rights,generate,freeze}."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import asyncpg
from aiohttp import web

from mentorium_sandbox.control_api import RequestBody
from mentorium_sandbox.school import activity_requests, request_fields
from mentorium_sandbox.school.family_api import family
from mentorium_sandbox.school.link_code import link_code
from mentorium_sandbox.school.manual_enrollment import (
    ConflictError,
    UnknownError,
    add_guardian,
    add_student,
    set_rights,
)
from mentorium_sandbox.school.school import School
from mentorium_sandbox.school.seeding import grow

_LARGEST_SCHOOL = 1_000_000
Answer = dict[str, Any]


def routes(school: School) -> list[web.RouteDef]:
    """Routes that answer once the contract views show the change; refusals are 4xx with the reason as text."""
    calls = {
        "students": _students,
        "activity": _activity,
        "links": _links,
        "rights": _rights,
        "generate": _generate,
        "freeze": _freeze,
    }
    posts = [web.post(f"/sandbox/platform/{name}", _answering(partial(call, school))) for name, call in calls.items()]
    return [web.get("/sandbox/platform/family", partial(_family, school)), *posts]


def _answering(call: Callable[[RequestBody], Awaitable[Answer]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handler(request: web.Request) -> web.Response:
        try:
            return web.json_response(await call(await RequestBody.of(request)))
        except UnknownError as error:
            raise web.HTTPNotFound(text=str(error)) from error
        except ConflictError as error:
            raise web.HTTPConflict(text=str(error)) from error
        except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as error:
            raise web.HTTPBadRequest(text=str(error)) from error

    return handler


async def _students(school: School, body: RequestBody) -> Answer:
    """A new child; or, where `student_id` names one who is there, one more guardian of that child."""
    request_fields.only(body, "first_name", "last_name", "guardian", "courses", "student_id")
    entry, courses = request_fields.guardian(body), request_fields.slugs(body)
    known, now = request_fields.optional_identifier(body, "student_id"), school.now()
    name = "" if known else f"{request_fields.text(body, 'first_name')} {request_fields.text(body, 'last_name')}"
    async with school.open(exclusively=True) as connection:
        if known:
            student_id, guardian_id = known, await add_guardian(connection, known, entry, courses, now)
        else:
            student_id, guardian_id = await add_student(connection, name, entry, courses, now)
    payload = link_code(school.link_key, guardian_id, now)
    return {"student_id": student_id, "guardian_id": guardian_id, "link_code": payload}


async def _activity(school: School, body: RequestBody) -> Answer:
    do = activity_requests.read(body, school.now())
    async with school.open() as connection:
        return await do(connection)


async def _links(school: School, body: RequestBody) -> Answer:
    """Where the platform is a foreign one, nobody here knows whether there is such a guardian."""
    request_fields.only(body, "guardian_id")
    guardian_id = request_fields.identifier(body, "guardian_id")
    if not school.foreign:
        async with school.open() as connection:
            if not await connection.fetchval("SELECT 1 FROM platform.guardian WHERE guardian_id = $1", guardian_id):
                raise UnknownError(f"there is no guardian {guardian_id}")
    return {"payload": link_code(school.link_key, guardian_id, school.now())}


async def _rights(school: School, body: RequestBody) -> Answer:
    request_fields.only(body, "guardian_id", "student_id", "can_view")
    guardian_id, student_id = request_fields.identifier(body, "guardian_id"), request_fields.identifier(
        body, "student_id"
    )
    can_view = request_fields.yes_or_no(body, "can_view")
    async with school.open() as connection:
        await set_rights(connection, guardian_id, student_id, can_view)
    return {"guardian_id": guardian_id, "student_id": student_id, "can_view": can_view}


async def _generate(school: School, body: RequestBody) -> Answer:
    request_fields.only(body, "students", "seed")
    wanted, seed = request_fields.whole(body, "students", 1, _LARGEST_SCHOOL), request_fields.seed(body)
    async with school.open(exclusively=True) as connection:
        return {"students": await grow(connection, students=wanted, seed=seed)}


async def _freeze(school: School, body: RequestBody) -> Answer:
    """A feed that stopped then; without a moment it flows again, and brings what was held up."""
    request_fields.only(body, "activity_as_of")
    stopped = request_fields.moment(body, "activity_as_of", school.now())
    async with school.open() as connection:
        await connection.execute("UPDATE platform.clock SET feed_frozen_at = $1", stopped)
    await school.advance_school()
    return {"activity_as_of": stopped.isoformat() if stopped else None}


async def _family(school: School, request: web.Request) -> web.StreamResponse:
    async with school.open() as connection:
        return await family(connection, request)
