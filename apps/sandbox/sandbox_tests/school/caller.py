"""Control calls of the school, made as a script would make them."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from mentorium_sandbox.control_api import errors_as_json
from mentorium_sandbox.school import School, routes

KEY = "the platform's key"
GUARDIAN = {"full_name": "Laylo Oripova", "email": "Laylo@Mail.Example", "phone": "+998 90 777-00-11"}
CHILD = {"first_name": "Sabina", "last_name": "Oripova", "guardian": GUARDIAN}


class Caller:
    """Makes control calls as a script would."""

    def __init__(self, client: TestClient[web.Request, web.Application]) -> None:
        self._client = client

    async def __call__(self, call: str, **body: Any) -> dict[str, Any]:
        status, answer = await self.refused(call, **body)
        assert status == 200, answer
        return answer

    async def refused(self, call: str, **body: Any) -> tuple[int, dict[str, Any]]:
        async with self._client.post(f"/sandbox/platform/{call}", json=body) as response:
            return response.status, await response.json()


async def serve(state: School) -> TestClient[web.Request, web.Application]:
    app = web.Application(middlewares=[errors_as_json])
    app.add_routes(routes(state))
    return TestClient(TestServer(app))
