"""Of several replicas that start at once one tells Telegram where updates go."""

from __future__ import annotations

import asyncio

import pytest

from mentorium_core.inbox import registration
from mentorium_core.inbox.registration import register_once

pytestmark = pytest.mark.usefixtures("session_factory")
BOT, SAID = 700_001, "a" * 64


class Telegram:
    """Knows what it was told; `tell` takes until `answers` is set."""

    def __init__(self) -> None:
        self.told = 0
        self.knows = False
        self.telling, self.asked, self.answers = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def tell(self) -> None:
        self.telling.set()
        await self.answers.wait()
        self.told += 1
        self.knows = True

    async def is_told(self) -> bool:
        self.asked.set()
        return self.knows


async def test_who_starts_while_another_tells_waits_for_it() -> None:
    telegram = Telegram()
    first = asyncio.create_task(register_once(BOT, SAID, telegram.tell, telegram.is_told))
    await telegram.telling.wait()
    second = asyncio.create_task(register_once(BOT, SAID, telegram.tell, telegram.is_told))
    await telegram.asked.wait()
    telegram.answers.set()
    assert (await first, await second, telegram.told) == (True, False, 1)


async def test_what_telegram_has_forgotten_is_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registration, "TELLS_WITHIN_S", 0.0)
    telegram = Telegram()
    telegram.answers.set()
    assert await register_once(BOT, SAID, telegram.tell, telegram.is_told)
    assert not await register_once(BOT, SAID, telegram.tell, telegram.is_told)
    telegram.knows = False
    assert await register_once(BOT, SAID, telegram.tell, telegram.is_told)
    assert telegram.told == 2
