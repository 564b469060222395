"""Redis away: known parents are served as ever, a new registration gets one sentence. durability 9, operators A5"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from aiogram.fsm.storage.base import StorageKey
from pydantic import SecretStr
from redis.asyncio import Redis

from mentorium_bot.config import BotSettings
from mentorium_bot.container import Container
from mentorium_bot.states.storage import FsmStorage, StepsUnavailableError
from mentorium_core.i18n import t
from mentorium_sandbox.client import FakeParent
from tests.integration.telegram_bot.conftest import Outside, running
from tests.integration.telegram_bot.helpers import plain, subscribed_parent

SOON_S = 2.0
NOBODY = "redis://127.0.0.1:1/0"


@asynccontextmanager
async def silent_server() -> AsyncIterator[str]:
    """Takes connections and never says a word."""

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.read(-1)
        finally:
            writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    try:
        yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0"
    finally:
        server.close()


@pytest_asyncio.fixture
async def parent(outside: Outside, settings: BotSettings) -> int:
    async with running(settings):
        return await subscribed_parent(outside)


@pytest_asyncio.fixture
async def without_redis(parent: int, settings: BotSettings) -> AsyncIterator[Container]:
    async with running(settings.model_copy(update={"redis_url": SecretStr(NOBODY)})) as container:
        yield container


def _words(report: Any) -> str:
    return str(report.get("caption") or report["text_plain"])


async def test_known_parents_are_served_in_the_usual_time(
    outside: Outside, parent: int, without_redis: Container
) -> None:
    await outside.say(parent, "/help")  # the first one finds out
    for words in ("/help", "/children", "How was last week?"):
        began = time.monotonic()
        said = plain(await outside.say(parent, words))
        assert said
        assert said not in {t("en", "error-unavailable"), t("en", "error-steps-unavailable")}
        assert time.monotonic() - began < SOON_S, words


async def test_a_report_is_made(outside: Outside, parent: int, without_redis: Container) -> None:
    (asked,) = await outside.say(parent, "/report")
    (report,) = (await outside.press(parent, asked, "report:week")).replies
    assert "Aziz" in _words(report)


async def test_a_report_is_about_the_child_that_the_question_names(
    outside: Outside, parent: int, without_redis: Container
) -> None:
    more = await outside.child("Malika")
    await outside.start(parent, more.link_code)
    (which,) = await outside.say(parent, "/report")
    (asked,) = (await outside.press(parent, which, f"child:{more.student_id}")).replies
    (report,) = (await outside.press(parent, asked, "report:week")).replies
    assert "Malika" in _words(report)


async def test_a_new_registration_gets_one_kind_sentence(outside: Outside, without_redis: Container) -> None:
    for language in ("uz", "ru", "en"):
        stranger: FakeParent = await outside.sandbox.parent(language)
        assert plain(await stranger.say("/start")) == t(language, "error-steps-unavailable")
        assert plain(await stranger.say("/help")) != t(language, "error-steps-unavailable")


async def test_a_silent_redis_costs_its_time_out_once() -> None:
    key = StorageKey(bot_id=1, chat_id=2, user_id=2)
    async with silent_server() as url, Redis.from_url(url) as redis:
        storage = FsmStorage(redis)
        began = time.monotonic()
        for _ in range(20):
            with pytest.raises(StepsUnavailableError):
                await storage.get_data(key)
        assert time.monotonic() - began < 2.0
