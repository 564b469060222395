"""Telegram as the gateway's tests have it: a server that answers as it is told, and a bot that nothing holds back."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from aiogram import Bot

from mentorium_gateways.telegram import make_bare_bot
from tests.integration.gateways.telegram_stand_in import TOKEN, TelegramStandIn, telegram_stand_in


@pytest_asyncio.fixture
async def telegram() -> AsyncIterator[TelegramStandIn]:
    async with telegram_stand_in() as stand_in:
        yield stand_in


@pytest_asyncio.fixture
async def bare(telegram: TelegramStandIn) -> AsyncIterator[Bot]:
    async with make_bare_bot(TOKEN, telegram.url).context() as bot:
        yield bot
