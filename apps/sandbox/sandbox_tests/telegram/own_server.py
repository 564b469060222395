"""The address of a bot's own, and how it is told to the stand-in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from sandbox_tests.telegram.conftest import StandIn

SECRET = "s3cret_-"
Reply = Callable[[dict[str, Any]], Awaitable[web.Response]]


@dataclass(slots=True)
class OwnServer:
    """The bot's address; `reply` says what it answers to an update."""

    url: str = ""
    reply: Reply | None = None
    tried: list[int] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    secrets: set[str | None] = field(default_factory=set)
    came: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def hook(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.tried.append(update["update_id"])
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        response = web.Response() if self.reply is None else await self.reply(update)
        if response.status < 300:
            self.taken.append(update)
        async with self.came:
            self.came.notify_all()
        return response

    async def until(self, condition: Callable[[], bool]) -> None:
        async with self.came, asyncio.timeout(10):
            await self.came.wait_for(condition)


async def set_webhook(stand_in: StandIn, url: str, **more: Any) -> tuple[int, Any]:
    return await stand_in.api("setWebhook", url=url, secret_token=SECRET, **more)


async def info(stand_in: StandIn) -> dict[str, Any]:
    result: dict[str, Any] = (await stand_in.api("getWebhookInfo"))[1]["result"]
    return result
