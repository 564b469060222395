"""The stand-in on a real port of 127.0.0.1, a way to give it control calls, and a real aiogram bot that polls it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest_asyncio
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import AnswerCallbackQuery, EditMessageText, GetUpdates, Response, SendMessage
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from mentorium_sandbox import faults as fault_calls
from mentorium_sandbox import telegram
from mentorium_sandbox.control_api import errors_as_json
from mentorium_sandbox.faults import Faults
from mentorium_sandbox.telegram import TelegramWorld
from sandbox_tests.telegram.own_server import OwnServer
from sandbox_tests.telegram.strict import NothingUnknown

TOKEN = "700123456:sandbox-secret"
SLOW_S = 0.3
Running = Callable[[Dispatcher], AbstractAsyncContextManager[None]]


class MovableClock:
    def __init__(self) -> None:
        self.offset = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.offset


@dataclass(frozen=True, slots=True)
class StandIn:
    """`url` is the server's root; `control` gives status and body of a control call."""

    url: str
    world: TelegramWorld
    clock: MovableClock
    http: ClientSession

    async def control(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        async with self.http.request(method, f"{self.url}/sandbox{path}", json=body) as response:
            return response.status, await response.json()

    async def get(self, path: str) -> Any:
        status, answer = await self.control("GET", path)
        assert status == 200, answer
        return answer

    async def post(self, path: str, **body: Any) -> Any:
        status, answer = await self.control("POST", path, body)
        assert status == 200, answer
        return answer

    async def new_user(self, **fields: Any) -> int:
        fields = {"first_name": "Dilnoza", "language_code": "uz", "phone": "+998901112233", **fields}
        return int((await self.post("/users", **fields))["id"])

    async def api(self, method: str, **parameters: Any) -> tuple[int, Any]:
        """A Bot API call with a JSON body, without a client library."""
        async with self.http.post(f"{self.url}/bot{TOKEN}/{method}", json=parameters) as response:
            return response.status, await response.json()


@pytest_asyncio.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    clock, faults = MovableClock(), Faults(slow_s=SLOW_S)
    world = TelegramWorld(clock, draft_seconds=2.0, poll_pace=0.0)
    world.add_bot(TOKEN, "MentoriumTestBot")
    app = web.Application(client_max_size=64 * 1024 * 1024, middlewares=[errors_as_json])
    app.add_routes([*telegram.routes(world, faults), *fault_calls.routes(faults)])

    async def close(_: web.Application) -> None:
        world.close()

    app.on_shutdown.append(close)
    async with TestServer(app, host="127.0.0.1") as server, ClientSession() as http:
        yield StandIn(str(server.make_url("")).rstrip("/"), world, clock, http)


@pytest_asyncio.fixture
async def bot(stand_in: StandIn) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(stand_in.url))
    session.middleware(NothingUnknown())
    async with Bot(TOKEN, session=session).context() as bot:
        yield bot


@pytest_asyncio.fixture
async def own(stand_in: StandIn) -> AsyncIterator[OwnServer]:
    stand_in.world.webhook_pace = 0.01
    server = OwnServer()
    app = web.Application()
    app.router.add_post("/hook", server.hook)
    async with TestServer(app, host="127.0.0.1") as running:
        server.url = str(running.make_url("/hook"))
        yield server


@pytest_asyncio.fixture
async def running(bot: Bot) -> Running:
    """`async with running(dispatcher):` polls with the real bot meanwhile."""
    for method in (AnswerCallbackQuery, EditMessageText, GetUpdates, SendMessage):
        # built when first used, they might take longer than a chat has to be quiet
        method.model_rebuild()
        Response[method.__returning__].model_rebuild()  # type: ignore[name-defined]

    @asynccontextmanager
    async def run(dispatcher: Dispatcher) -> AsyncIterator[None]:
        polling: Awaitable[None] = asyncio.create_task(
            dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False, polling_timeout=20)
        )
        try:
            yield
        finally:
            await dispatcher.stop_polling()
            await polling

    return run
