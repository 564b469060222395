"""One sandbox for the bad days: real processes, and a clock in hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio

from mentorium_sandbox.client import FakeParent, callback_buttons
from tests.e2e.sandbox import Sandbox, running_sandbox
from tests.fixtures.patience import HANGS_AFTER_S

A_WORD_WITHIN_S = 20.0
"""Whoever writes hears something by then, counted from the fault's begin, or from the return of Telegram."""


@pytest_asyncio.fixture(scope="package")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sandbox]:
    async with running_sandbox(tmp_path_factory.mktemp("hardship") / "sandbox", forked=True) as running:
        yield running


async def registered(sandbox: Sandbox) -> FakeParent:
    parent = await sandbox.parent("en")
    await parent.register(await sandbox.child("Kamron", "Sobirov"))
    return parent


async def registration_is_back(sandbox: Sandbox) -> None:
    """Redis is asked for the steps of a registration again."""
    stranger = await sandbox.parent("en")

    async def is_asked() -> bool:
        await stranger.start(wait_s=5)
        return bool(stranger.last and callback_buttons(stranger.last[-1]))

    await seconds_until(is_asked, most=30)


async def seconds_until(condition: Callable[[], Awaitable[bool]], *, most: float = HANGS_AFTER_S) -> float:
    """How long it took until it was so."""
    clock = asyncio.get_running_loop()
    began = clock.time()
    async with asyncio.timeout(most):
        while not await condition():
            await asyncio.sleep(0.1)
    return clock.time() - began


async def from_bot(parent: FakeParent) -> list[str]:
    """What the bot has said in this chat, oldest first."""
    return [str(m.get("text_plain") or "") for m in await parent.messages() if m["from"]["is_bot"]]
