"""Whose children a guardian has, as the chat page asks."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from mentorium_sandbox.control_api import errors_as_json
from mentorium_sandbox.school import School, routes
from sandbox_tests.school.conftest import NOW

Client = TestClient[web.Request, web.Application]
GUARDIAN = {"full_name": "Laylo Oripova", "email": "laylo@mail.example", "phone": "+998907770011"}


@pytest_asyncio.fixture
async def client(small_school: str) -> AsyncIterator[Client]:
    app = web.Application(middlewares=[errors_as_json])
    app.add_routes(routes(School("the platform's key", lambda: NOW, small_school)))
    async with TestClient(TestServer(app)) as running:
        yield running


async def _enrol(client: Client) -> dict[str, int]:
    body = {"first_name": "Sabina", "last_name": "Oripova", "guardian": GUARDIAN}
    async with client.post("/sandbox/platform/students", json=body) as answer:
        made: dict[str, int] = await answer.json()
        return made


@pytest.mark.parametrize("by", ["guardian_id", "phone", "email"])
async def test_a_guardian_is_found_by_id_phone_or_email(client: Client, by: str) -> None:
    child = await _enrol(client)
    wanted = {"guardian_id": str(child["guardian_id"]), "phone": GUARDIAN["phone"], "email": "Laylo@Mail.Example"}
    async with client.get("/sandbox/platform/family", params={by: wanted[by]}) as answer:
        assert await answer.json() == {
            "guardian_id": child["guardian_id"],
            "students": [{"student_id": child["student_id"], "full_name": "Sabina Oripova"}],
        }


async def test_a_child_whom_the_guardian_may_not_view_is_not_shown(client: Client) -> None:
    child = await _enrol(client)
    rights = {"guardian_id": child["guardian_id"], "student_id": child["student_id"], "can_view": False}
    async with client.post("/sandbox/platform/rights", json=rights) as answer:
        assert answer.status == 200
    async with client.get("/sandbox/platform/family", params={"phone": GUARDIAN["phone"]}) as answer:
        assert (await answer.json())["students"] == []


async def test_somebody_unknown_has_nobody(client: Client) -> None:
    async with client.get("/sandbox/platform/family", params={"phone": "+998900000000"}) as answer:
        assert await answer.json() == {"guardian_id": None, "students": []}
