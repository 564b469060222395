"""Several bots share the chats: what one of them has begun is respected by all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr

from mentorium_bot.config import BotSettings, WebhookAppSettings
from mentorium_bot.container import Container
from mentorium_bot.intake import webhook_registration
from mentorium_bot.webhook_app import build as build_app
from mentorium_core.i18n import t
from mentorium_domain.enums import Language
from mentorium_runtime.http_server import serving
from mentorium_runtime.settings import load
from mentorium_sandbox.servers.process import free_port
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.telegram_bot.conftest import Outside, running
from tests.integration.telegram_bot.helpers import chat_of, dialog_rows, settled, subscribed_parent, until

SECRET = "a-secret-of-the-tests"


@pytest_asyncio.fixture
async def shared(settings: BotSettings) -> AsyncIterator[BotSettings]:
    """Settings of webhook mode, with a webhook app that Telegram reaches."""
    port = free_port()
    mode = {
        "bot_mode": "webhook",
        "bot_webhook_url": f"http://127.0.0.1:{port}/webhooks/telegram",
        "bot_webhook_secret": SecretStr(SECRET),
    }
    known = {name: getattr(settings, name) for name in WebhookAppSettings.model_fields if hasattr(settings, name)}
    app = build_app(load(WebhookAppSettings, _env_file=None).model_copy(update={**known, **mode}))
    async with serving(app, "127.0.0.1", port, grace_s=2):
        yield settings.model_copy(update=mode)


async def _true(value: bool) -> bool:
    return value


@asynccontextmanager
async def beside(outside: Outside, settings: BotSettings) -> AsyncIterator[Container]:
    """A second bot that takes all that comes from now on: it polls, and so ends the webhook of the first."""
    async with running(settings.model_copy(update={"bot_health_port": settings.bot_health_port + 10})) as second:
        await until(lambda: _true(outside.world.bot(second.bot.id).webhook is None))
        yield second


async def asks(outside: Outside, user: int, stall_s: float) -> asyncio.Task[Any]:
    """A question whose first words are in the chat, and whose rest comes after so many seconds."""
    await outside.sandbox.script_model(chunks=["The first words. ", "And the rest."], stall_s=stall_s, times=1)
    asking = asyncio.create_task(outside.say(user, "Tell me everything"))

    async def first_words_are_shown() -> bool:
        return "first" in str((await chat_of(outside, user)).drafts)

    await until(first_words_are_shown)
    return asking


async def said(outside: Outside, user: int) -> list[str]:
    return [message.get("text_plain") or "" for message in (await chat_of(outside, user)).messages]


async def test_stop_reaches_the_bot_that_answers(outside: Outside, settings: BotSettings, shared: BotSettings) -> None:
    async with running(shared) as first:
        user = await subscribed_parent(outside)
        asking = await asks(outside, user, stall_s=HANGS_AFTER_S)
        async with beside(outside, settings) as second:
            assert (first.dialogs.busy, second.dialogs.busy) == (1, 0)
            await outside.parent(user).stop()
            await asking
            await until(lambda: settled(user))
    last = (await said(outside, user))[-1]
    assert last.startswith("The first words.")
    assert "the rest" not in last
    assert [status for status, _ in await dialog_rows(user)] == ["stopped"]


async def test_a_question_waits_for_the_answer_that_another_bot_writes(
    outside: Outside, settings: BotSettings, shared: BotSettings
) -> None:
    async with running(shared) as first:
        user = await subscribed_parent(outside)
        asking = await asks(outside, user, stall_s=8)
        await outside.sandbox.script_model(text="The second answer.", times=1)
        async with beside(outside, settings) as second:
            also = asyncio.create_task(outside.say(user, "And what is next?"))
            await until(lambda: _true(second.dialogs.busy == 1))
            assert [status for status, _ in await dialog_rows(user)] == ["answering", "pending"]
            assert first.dialogs.busy == 1
            await asyncio.gather(asking, also)
            await until(lambda: settled(user))
            first_answer, second_answer = (await said(outside, user))[-2:]
    assert "And the rest." in first_answer
    assert "The second answer." in second_answer
    assert [status for status, _ in await dialog_rows(user)] == ["answered", "answered"]


async def test_erasing_ends_what_another_bot_writes_and_nothing_comes_after(
    outside: Outside, settings: BotSettings, shared: BotSettings
) -> None:
    async with running(shared) as first:
        user = await subscribed_parent(outside)
        asking = await asks(outside, user, stall_s=HANGS_AFTER_S)
        also = asyncio.create_task(outside.say(user, "And what is next?"))
        await until(lambda: _true(first.dialogs.busy == 2))
        async with beside(outside, settings) as second:
            await outside.say(user, "/erase")
            question = (await chat_of(outside, user)).messages[-1]
            pressing = asyncio.create_task(outside.press(user, question, "erase:yes"))

            async def erased() -> bool:
                return (await said(outside, user))[-1] == t(Language.EN, "erase-done")

            await until(erased)
            assert (first.dialogs.busy, second.dialogs.busy) == (0, 0)
            await asyncio.gather(asking, also, pressing)
    assert await dialog_rows(user) == []
    assert (await said(outside, user))[-1] == t(Language.EN, "erase-done")


async def test_a_webhook_that_a_poller_took_back_is_told_again(
    outside: Outside, settings: BotSettings, shared: BotSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From polling to webhook with both alive for a while, as in a deploy: what is written meanwhile is answered."""
    monkeypatch.setattr(webhook_registration, "LOOK_AGAIN_S", 0.2)
    user = await outside.user()
    async with AsyncExitStack() as before:
        await before.enter_async_context(running(settings.model_copy(update={"bot_health_port": 8098})))
        assert await outside.say(user, "/help")
        async with running(shared) as bot:
            await until(lambda: _true(bot.intake.well))
            assert await outside.say(user, "/help")
            await before.aclose()
            await until(lambda: _true(outside.world.bot(bot.bot.id).webhook is not None))
            asked = await outside.sandbox.bot_calls("getUpdates")
            assert await outside.say(user, "/help")
            assert await outside.sandbox.bot_calls("getUpdates") == asked
    assert (await said(outside, user))[::2] == ["/help"] * 3
    assert len(await said(outside, user)) == 6
