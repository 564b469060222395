"""The control calls of the demo school: /sandbox/platform/{students,activity,links,rights,generate,freeze}."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import asyncpg
from aiohttp import web

from mentorium_sandbox.controls import Body
from mentorium_sandbox.school import acts, fields
from mentorium_sandbox.school.families import family
from mentorium_sandbox.school.handmade import ConflictError, UnknownError, add_guardian, add_student, set_rights
from mentorium_sandbox.school.link_code import link_code
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


async def _students(school: School, body: Body) -> Answer:
    """A new child; or, where `student_id` names one who is there, one more guardian of that child."""
    fields.only(body, "first_name", "last_name", "guardian", "courses", "student_id")
    entry, courses = fields.guardian(body), fields.slugs(body)
    known, now = fields.optional_identifier(body, "student_id"), school.now()
    name = "" if known else f"{fields.text(body, 'first_name')} {fields.text(body, 'last_name')}"
    async with school.open(exclusively=True) as connection:
        if known:
            student_id, guardian_id = known, await add_guardian(connection, known, entry, courses, now)
        else:
            student_id, guardian_id = await add_student(connection, name, entry, courses, now)
    payload = link_code(school.link_key, guardian_id, now)
    return {"student_id": student_id, "guardian_id": guardian_id, "link_code": payload}


async def _activity(school: School, body: Body) -> Answer:
    do = acts.read(body, school.now())
    async with school.open() as connection:
        return await do(connection)


async def _links(school: School, body: Body) -> Answer:
    """Where the platform is a foreign one, nobody here knows whether there is such a guardian."""
    fields.only(body, "guardian_id")
    guardian_id = fields.identifier(body, "guardian_id")
    if school.dsn is not None:
        async with school.open() as connection:
            if not await connection.fetchval("SELECT 1 FROM platform.guardian WHERE guardian_id = $1", guardian_id):
                raise UnknownError(f"there is no guardian {guardian_id}")
    return {"payload": link_code(school.link_key, guardian_id, school.now())}


async def _rights(school: School, body: Body) -> Answer:
    fields.only(body, "guardian_id", "student_id", "can_view")
    guardian_id, student_id = fields.identifier(body, "guardian_id"), fields.identifier(body, "student_id")
    can_view = fields.yes_or_no(body, "can_view")
    async with school.open() as connection:
        await set_rights(connection, guardian_id, student_id, can_view)
    return {"guardian_id": guardian_id, "student_id": student_id, "can_view": can_view}


async def _generate(school: School, body: Body) -> Answer:
    fields.only(body, "students", "seed")
    wanted, seed = fields.whole(body, "students", 1, _LARGEST_SCHOOL), fields.seed(body)
    async with school.open(exclusively=True) as connection:
        return {"students": await grow(connection, students=wanted, seed=seed)}


async def _freeze(school: School, body: Body) -> Answer:
    """A feed that stopped then; without a moment it flows again, and brings what was held up."""
    fields.only(body, "activity_as_of")
    stopped = fields.moment(body, "activity_as_of", school.now())
    async with school.open() as connection:
        await connection.execute("UPDATE platform.clock SET feed_frozen_at = $1", stopped)
    await school.live_on()
    return {"activity_as_of": stopped.isoformat() if stopped else None}


async def _family(school: School, request: web.Request) -> web.StreamResponse:
    async with school.open() as connection:
        return await family(connection, request)
