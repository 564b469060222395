"""Control calls about the whole stand-in: journal, updates by hand, files, and the stream of changes."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from aiohttp import web

from mentorium_sandbox.control_api import RequestBody, query_integer, refuse
from mentorium_sandbox.telegram.raw_updates import put_raw_update
from mentorium_sandbox.telegram.telegram_world import TelegramWorld
from mentorium_sandbox.telegram.user_api import bot_of

_KEEP_ALIVE_SECONDS = 15.0


class JournalApi:
    def __init__(self, world: TelegramWorld) -> None:
        self._world = world

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/sandbox/calls", self._calls),
            web.post("/sandbox/updates", self._updates),
            web.post("/sandbox/limits", self._limits),
            web.get("/sandbox/files/{file_id}", self._file),
            web.get("/sandbox/events", self._events),
        ]

    async def _calls(self, request: web.Request) -> web.StreamResponse:
        calls = self._world.journal.read(
            method=request.query.get("method"),
            after=query_integer(request, "after"),
            bot_id=query_integer(request, "bot") or None,
        )
        return web.json_response({"calls": calls})

    async def _updates(self, request: web.Request) -> web.StreamResponse:
        body = await RequestBody.of(request)
        bot = bot_of(self._world, body.optional_integer("bot"))
        if body.has("repeat"):
            update_id = body.integer("repeat")
            if not bot.queue.repeat(update_id):
                raise web.HTTPNotFound(text=f"there is no update {update_id}")
            return web.json_response({"update_id": update_id})
        raw = {key: value for key, value in body.fields.items() if key != "bot"}
        return web.json_response({"update_id": put_raw_update(self._world, bot, raw)["update_id"]})

    async def _limits(self, request: web.Request) -> web.StreamResponse:
        wanted = (await RequestBody.of(request)).fields.get("telegram")
        if not isinstance(wanted, bool):
            refuse("telegram is true or false")
        self._world.limiter.on = wanted
        return web.json_response({"telegram": wanted})

    async def _file(self, request: web.Request) -> web.StreamResponse:
        file = self._world.files.by_id(request.match_info["file_id"])
        if file is None:
            raise web.HTTPNotFound(text="there is no such file")
        return web.Response(body=file.data, content_type=file.content_type)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
        response = web.StreamResponse(headers=headers)
        async with self._world.events.listen() as stream:
            with suppress(ConnectionResetError):  # the page was closed
                await response.prepare(request)
                await _tell(response, stream)
        return response


async def _tell(response: web.StreamResponse, stream: asyncio.Queue[bytes | None]) -> None:
    """What happens, as it happens, until the stream ends."""
    await response.write(b": the sandbox\n\n")
    while True:
        try:
            line = await asyncio.wait_for(stream.get(), _KEEP_ALIVE_SECONDS)
        except TimeoutError:
            await response.write(b": still here\n\n")
            continue
        if line is None:
            return
        await response.write(b"data: " + line + b"\n\n")
