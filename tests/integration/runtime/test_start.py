"""What a process does before it serves: it says what is not well, waits for no one else, and hears SIGTERM."""

from __future__ import annotations

import asyncio

import pytest

import mentorium_db
from mentorium_gateways.telegram import make_bare_bot
from mentorium_kit.errors import ConfigurationError
from mentorium_runtime import probes
from mentorium_runtime.account import Account
from mentorium_runtime.signals import unless_stopped
from tests.fixtures.log_lines import reading_the_log
from tests.fixtures.patience import HANGS_AFTER_S


async def test_a_platform_that_is_not_well_is_told_at_start() -> None:
    """operators A17: by the worker as by the bot."""
    mentorium_db.configure_platform("postgresql://nobody@127.0.0.1:1/nothing")
    try:
        with reading_the_log("worker") as log:
            await probes.warn_unless_platform_is_well()
    finally:
        await mentorium_db.dispose()
    (line,) = log.of("platform_not_well")
    assert (line["code"], line["level"]) == ("platform_db_unavailable", "warning")
    assert line["reason"]


async def test_a_telegram_that_is_away_holds_up_no_start() -> None:
    bot, account = make_bare_bot("123456789:the-token-of-the-tests", "http://127.0.0.1:9"), Account()
    try:
        with reading_the_log("worker") as log:
            await account.ask(bot)
    finally:
        await bot.session.close()
    assert account.username is None
    assert log.of("telegram_not_well")


async def test_sigterm_is_heard_during_the_start() -> None:
    """operators A9: whatever the start waits for."""
    stopping, begun = asyncio.Event(), asyncio.Event()

    async def hang() -> None:
        begun.set()
        await asyncio.Event().wait()

    async def stop() -> None:
        await begun.wait()
        stopping.set()

    async with asyncio.timeout(HANGS_AFTER_S):
        answer, _ = await asyncio.gather(unless_stopped(stopping, hang()), stop())
    assert answer is False


async def test_what_the_start_finds_wrong_is_raised_as_it_is() -> None:
    async def refuse() -> None:
        raise ConfigurationError("telegram_token_refused")

    with pytest.raises(ConfigurationError, match="telegram_token_refused"):
        await unless_stopped(asyncio.Event(), refuse())

    async def well() -> None:
        return None

    assert await unless_stopped(asyncio.Event(), well())
