"""With many bots each of them hears of every update: what one costs those that do not get it has to be little."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from aiogram import Bot, Dispatcher
from aiogram.types import Message

from mentorium_bot.intake import consumer as consumers
from mentorium_bot.intake.consumer import InboxConsumer
from mentorium_bot.intake.notices import Notices
from mentorium_core.inbox import commands as inbox
from mentorium_core.inbox.rules import read_update
from mentorium_db.claims import new_owner
from mentorium_domain.inbox import InboxLane
from mentorium_kit.nursery import Nursery
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.telegram_bot.helpers import until
from tests.integration.telegram_bot.intake.test_drain import UPDATE

pytestmark = pytest.mark.usefixtures("session_factory")
EVERYTHING = ["dead", InboxLane.PAYMENT, InboxLane.ORDINARY]


class Looks:
    """What a consumer asks the inbox for, in order; it looks only when it hears of something."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.seen: asyncio.Queue[Any] = asyncio.Queue()
        take, bury = inbox.take, inbox.bury_dead

        async def taking(bot_id: int, lane: InboxLane, *more: Any, **named: Any) -> Any:
            self.seen.put_nowait(lane)
            return await take(bot_id, lane, *more, **named)

        async def burying(bot_id: int) -> Any:
            self.seen.put_nowait("dead")
            return await bury(bot_id)

        patch.setattr(inbox, "take", taking)
        patch.setattr(inbox, "bury_dead", burying)
        patch.setattr(consumers, "LOOK_EVERY_S", 3_600.0)

    async def next(self, count: int) -> list[Any]:
        async with asyncio.timeout(HANGS_AFTER_S):
            return [await self.seen.get() for _ in range(count)]


async def _true(value: bool) -> bool:
    return value


async def test_who_hears_of_an_update_looks_into_its_lane_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    looks, handled = Looks(monkeypatch), asyncio.Event()
    dispatcher = Dispatcher()

    async def handle(_: Message) -> None:
        handled.set()

    dispatcher.message.register(handle)
    bot, nursery = Bot("42:the-token-of-the-tests"), Nursery(lambda *_: None)
    consumer = InboxConsumer(bot, dispatcher, nursery, Notices(bot, nursery), new_owner("news"))
    running = asyncio.create_task(consumer.run())
    assert await looks.next(3) == EVERYTHING
    consumer.hear(str(InboxLane.PAYMENT.value))
    assert await looks.next(1) == [InboxLane.PAYMENT]
    update = read_update(json.loads(json.dumps(UPDATE)))
    assert update is not None
    await inbox.store(bot.id, update)
    consumer.hear(str(InboxLane.ORDINARY.value))
    assert await looks.next(1) == [InboxLane.ORDINARY]
    await handled.wait()
    await until(lambda: _true(not consumer.in_hand))
    assert {*await looks.next(looks.seen.qsize())} <= {InboxLane.ORDINARY}  # more of that chat may have come free
    consumer.hear("")  # whatever may have been missed
    assert await looks.next(2) == [InboxLane.PAYMENT, InboxLane.ORDINARY]
    consumer.stop()
    await running
    await bot.session.close()
