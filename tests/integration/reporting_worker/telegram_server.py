"""A Telegram that may be killed: `python -m tests.integration.reporting_worker.telegram_server PORT PARENTS FILE`.

What it has carried out stands in FILE before the caller hears of it, one line a message: chat and text (`line_of`). So
the file tells the truth about who has got what, whoever is killed when.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from datetime import UTC, datetime

from aiohttp import web

from mentorium_sandbox import telegram
from mentorium_sandbox.control_api import Handler
from mentorium_sandbox.faults import Faults
from mentorium_sandbox.telegram import TelegramWorld
from tests.fixtures.bot_api import fields_of

TOKEN = "700123456:sandbox-secret"
FIRST_PARENT = 700_000_001


def line_of(chat_id: object, text: str) -> str:
    """How a message stands in the file."""
    return f"{chat_id} {text}".replace("\n", " / ")


def build(parents: int, file: int, *, limits: bool, answers_in_s: float, stars: int) -> web.Application:
    world = TelegramWorld(lambda: datetime.now(UTC))
    world.limiter.on = limits
    bot = world.add_bot(TOKEN, "MentoriumTestBot")
    for number in range(parents):
        world.add_user("Parent", "en", user_id=FIRST_PARENT + number)
    if stars:
        bot.stars.add_payment(FIRST_PARENT, "a tariff", stars, world.now())

    @web.middleware
    async def keep(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        if request.path.endswith("/sendMessage"):
            fields = await fields_of(request)
            if response.status == 200:
                os.write(file, f"{line_of(fields['chat_id'], fields['text'])}\n".encode())
            elif response.status == 429:
                os.write(file, b"429\n")
            await asyncio.sleep(answers_in_s)
        return response

    app = web.Application(middlewares=[keep])
    app.add_routes(telegram.routes(world, Faults()))
    return app


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("parents", type=int)
    parser.add_argument("file")
    parser.add_argument("--limits", action="store_true")
    parser.add_argument("--answers-in", type=float, default=0.0)
    parser.add_argument("--stars", type=int, default=0)
    given = parser.parse_args()
    file = os.open(given.file, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    app = build(given.parents, file, limits=given.limits, answers_in_s=given.answers_in, stars=given.stars)
    web.run_app(app, host="127.0.0.1", port=given.port, access_log=None, print=None)


if __name__ == "__main__":
    main()
