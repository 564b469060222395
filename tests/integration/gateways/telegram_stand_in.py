"""A server in Telegram's place that answers as it is told, and remembers what it was asked."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.fixtures.bot_api import fields_of

TOKEN = "7000000001:AAFakeTokenForTheSandboxOnly000000000"
SENT = {"message_id": 7, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "Hello"}


@dataclass(frozen=True, slots=True)
class Answer:
    """`text` is sent as it is; None cuts the connection instead. `silent`: nothing is said, until `end_silence`."""

    status: int = 200
    text: str | None = json.dumps({"ok": True, "result": SENT})
    silent: bool = False


def refusal(status: int, description: str, **parameters: int) -> Answer:
    return Answer(
        status,
        json.dumps({"ok": False, "error_code": status, "description": description, "parameters": parameters}),
    )


@dataclass(slots=True)
class TelegramStandIn:
    """`answers` of a chat come first, then it takes everything. `asked`: (method, chat, time) of each call."""

    url: str = ""
    answers: dict[str, deque[Answer]] = field(default_factory=dict)
    asked: list[tuple[str, str, float]] = field(default_factory=list)
    end_silence: asyncio.Event = field(default_factory=asyncio.Event)

    def will_answer(self, *answers: Answer, chat: int = 1) -> None:
        self.answers.setdefault(str(chat), deque()).extend(answers)

    def times(self, chat: int) -> list[float]:
        """When this chat was written to, on the loop's clock."""
        return [at for _, one, at in self.asked if one == str(chat)]

    async def answer(self, request: web.Request) -> web.Response:
        chat = (await fields_of(request)).get("chat_id", "1")
        self.asked.append((request.match_info["method"], chat, asyncio.get_running_loop().time()))
        waiting = self.answers.get(chat)
        answer = waiting.popleft() if waiting else Answer()
        if answer.silent:
            await self.end_silence.wait()
        if answer.text is None:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        return web.Response(status=answer.status, text=answer.text, content_type="text/html")


@asynccontextmanager
async def telegram_stand_in() -> AsyncIterator[TelegramStandIn]:
    telegram = TelegramStandIn()
    app = web.Application()
    app.router.add_post("/bot{token}/{method}", telegram.answer)
    async with TestServer(app) as server:
        telegram.url = str(server.make_url("")).rstrip("/")
        yield telegram
