"""Telegram is asked a last time at the end if it has not been told yet what was handled, and only then."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.methods import Response, SendMessage, TelegramMethod
from aiogram.methods.base import TelegramType

from mentorium_bot.config import BotSettings
from mentorium_bot.container import build
from mentorium_bot.intake import polling
from mentorium_bot.intake.polling import UpdateLoop
from mentorium_gateways.telegram import GetRawUpdates
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.telegram_bot.conftest import Outside


class Requests(BaseRequestMiddleware):
    """Remembers with which offsets updates were asked for; an answer of the bot waits until `let_answer` is set."""

    def __init__(self) -> None:
        self.offsets: list[int | None] = []
        self.answering = asyncio.Event()
        self.let_answer = asyncio.Event()

    async def __call__(
        self, make_request: NextRequestMiddlewareType[TelegramType], bot: Bot, method: TelegramMethod[TelegramType]
    ) -> Response[TelegramType]:
        if isinstance(method, GetRawUpdates):
            self.offsets.append(method.offset)
        if isinstance(method, SendMessage):
            self.answering.set()
            await self.let_answer.wait()
        return await make_request(bot, method)


@dataclass(frozen=True, slots=True)
class Running:
    loop: UpdateLoop
    task: asyncio.Task[None]
    requests: Requests

    async def stop(self) -> None:
        self.loop.stop()
        await asyncio.wait_for(self.task, HANGS_AFTER_S)


@pytest_asyncio.fixture
async def running(outside: Outside, settings: BotSettings) -> AsyncIterator[Running]:
    container, requests = build(settings), Requests()
    container.bot.session.middleware(requests)
    loop = UpdateLoop(container.bot, container.dispatcher, container.common.nursery)
    task = asyncio.create_task(loop.run())
    yield Running(loop, task, requests)
    task.cancel()
    await container.close()


async def waits_with(running: Running, outside: Outside, offset: int) -> None:
    """Until Telegram holds a request with this offset: no event tells."""
    async with asyncio.timeout(HANGS_AFTER_S):
        while running.requests.offsets[-1:] != [offset] or not outside.world.bot().polling.is_waiting:
            await asyncio.sleep(0.01)


async def test_what_is_handled_after_the_last_request_is_confirmed(outside: Outside, running: Running) -> None:
    user = await outside.user()
    await outside.say(user, "/start", wait_s=0)
    await asyncio.wait_for(running.requests.answering.wait(), HANGS_AFTER_S)
    await running.stop()
    running.requests.let_answer.set()
    await running.loop.drain(HANGS_AFTER_S)
    assert len(outside.world.bot().queue) == 0


async def test_what_telegram_was_told_is_not_told_again(
    outside: Outside, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "_REQUEST_ARRIVES_WITHIN_S", 0.0)
    running.requests.let_answer.set()
    user = await outside.user()
    next_update = outside.world.bot().queue.next_id + 1
    await outside.say(user, "/start")
    await waits_with(running, outside, next_update)
    await running.stop()
    asked = list(running.requests.offsets)
    await running.loop.drain(HANGS_AFTER_S)
    assert running.requests.offsets == asked


async def test_a_request_cut_off_at_once_may_not_have_been_heard(
    outside: Outside, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "_REQUEST_ARRIVES_WITHIN_S", 3600.0)
    running.requests.let_answer.set()
    user = await outside.user()
    next_update = outside.world.bot().queue.next_id + 1
    await outside.say(user, "/start")
    await waits_with(running, outside, next_update)
    await running.stop()
    await running.loop.drain(HANGS_AFTER_S)
    assert running.requests.offsets[-2:] == [next_update, next_update]


async def test_a_bot_that_nobody_has_written_to_has_nothing_to_confirm(outside: Outside, running: Running) -> None:
    await running.stop()
    await running.loop.drain(HANGS_AFTER_S)
    assert len(running.requests.offsets) <= 1
