"""Control calls that move or break the world: the clock, the parts, many parents at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from aiohttp import web

from mentorium_sandbox.bulk_users import invite_crowd
from mentorium_sandbox.control_api import RequestBody, refuse
from mentorium_sandbox.sandbox import PROGRAMS, Sandbox
from mentorium_sandbox.time_travel import NotQuietError, duration

_PARTS = (*PROGRAMS, "bot_db", "redis")
_ACTIONS = ("kill", "stop", "start")
_MOST_PARENTS = 20_000
Value = TypeVar("Value")


class SimulationApi:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._traveller = sandbox.time_traveller()

    async def clock(self, request: web.Request) -> web.StreamResponse:
        body = await RequestBody.of(request)
        if body.has("advance") == body.has("to"):
            refuse("say either advance or to")
        try:
            if body.has("advance"):
                ran = await self._traveller.advance(_readable(body, "advance", duration))
            else:
                ran = await self._traveller.to(_readable(body, "to", _moment))
        except ValueError as error:
            refuse(str(error))
        except NotQuietError as error:
            return web.json_response({"error": str(error)}, status=504)
        return web.json_response({"now": self._sandbox.clock.now().isoformat(), "ran": ran})

    async def part(self, request: web.Request) -> web.StreamResponse:
        name, action = request.match_info["name"], (await RequestBody.of(request)).text("action")
        if name not in _PARTS:
            raise web.HTTPNotFound(text=f"the parts are {', '.join(_PARTS)}")
        if action not in _ACTIONS:
            refuse(f"action is one of {', '.join(_ACTIONS)}")
        found = self._sandbox.parts.get(name) or self._sandbox.servers.get(name)
        if found is None:
            raise web.HTTPConflict(text=f"{name} does not belong to this sandbox, or has not been started yet")
        await {"kill": found.kill, "stop": found.halt, "start": found.start}[action]()
        self._sandbox.telegram.events.tell({"type": "world"})
        return web.json_response({"part": name, "action": action})

    async def crowd(self, request: web.Request) -> web.StreamResponse:
        body = await RequestBody.of(request)
        count, registered = body.integer("count"), body.fields.get("registered", False)
        if not 1 <= count <= _MOST_PARENTS:
            refuse(f"count is 1 to {_MOST_PARENTS}")
        if not isinstance(registered, bool):
            refuse("registered is true or false")
        if registered and self._sandbox.settings.foreign_platform_db is not None:
            raise web.HTTPConflict(text="the school is not ours: nobody can be registered in it")
        return web.json_response({"ids": await invite_crowd(self._sandbox, count, registered=registered)})


def routes(sandbox: Sandbox) -> list[web.AbstractRouteDef]:
    """POST /sandbox/clock, /sandbox/parts/{name}, /sandbox/users/bulk."""
    control = SimulationApi(sandbox)
    return [
        web.post("/sandbox/clock", control.clock),
        web.post("/sandbox/parts/{name}", control.part),
        web.post("/sandbox/users/bulk", control.crowd),
    ]


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return moment


def _readable(body: RequestBody, key: str, read: Callable[[str], Value]) -> Value:
    text = body.text(key)
    try:
        return read(text)
    except ValueError:
        refuse(f"{key}: {text!r} is neither a duration such as P1D nor a time such as 2026-11-30T09:00:00+05:00")
