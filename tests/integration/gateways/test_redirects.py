"""A server that sends us elsewhere is not followed: what a key signs, or a parent asks, goes where the settings say."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

import aiohttp.web
import pytest
import pytest_asyncio

from mentorium_ai_client import MentoriumAIClient
from mentorium_ai_client.moderation import ModerationClient
from mentorium_ai_client.utils import RetryPolicy
from mentorium_domain.enums import Language
from mentorium_gateways.payments.click_api import ClickApi
from mentorium_gateways.payments.payme_subscribe import PaymeSubscribeApi
from mentorium_gateways.speech.openai_compatible import OpenAISpeechEngine
from mentorium_gateways.telegram import make_bare_bot
from mentorium_kit.errors import MentoriumError


async def ask_click(url: str) -> None:
    with suppress(MentoriumError):
        await ClickApi(url, 1, "a-key").do("DELETE", "payment/reversal/1/2")


async def ask_payme(url: str) -> None:
    with suppress(MentoriumError):
        await PaymeSubscribeApi(url, "merchant", "a-key").check_card("a-card's-token")


async def ask_for_a_voice(url: str) -> None:
    with suppress(MentoriumError):
        await OpenAISpeechEngine(url, "a-key", "tts", {Language.EN: "alloy"}).speak("of a child", Language.EN)


async def ask_for_moderation(url: str) -> None:
    client = ModerationClient("sk-key", base_url=url)
    await client.flagged("a parent's words")
    await client.aclose()


async def ask_the_model(url: str) -> None:
    client = MentoriumAIClient("sk-key", base_url=url, retries=RetryPolicy(attempts=1))
    with suppress(MentoriumError):
        await client.generate_reply("a parent's words")
    await client.aclose()


async def ask_telegram(url: str) -> None:
    bot = make_bare_bot("123456789:a-token-of-the-tests", url)
    with suppress(MentoriumError):
        await bot.send_message(1, "a child's name")
    await bot.session.close()


async def ask_telegram_for_a_file(url: str) -> None:
    bot = make_bare_bot("123456789:a-token-of-the-tests", url)
    with suppress(MentoriumError, aiohttp.ClientError):
        await bot.download_file("voice/file_1.oga")
    await bot.session.close()


@pytest_asyncio.fixture
async def elsewhere() -> AsyncIterator[tuple[str, list[str]]]:
    """A server that sends everybody to `/elsewhere`; the paths it was asked for there."""
    asked: list[str] = []

    async def answer(request: aiohttp.web.Request) -> aiohttp.web.Response:
        if request.path.startswith("/elsewhere"):
            asked.append(request.path)
            return aiohttp.web.json_response({})
        return aiohttp.web.Response(status=308, headers={"Location": "/elsewhere"})

    app = aiohttp.web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = aiohttp.web.AppRunner(app)
    await runner.setup()
    site = aiohttp.web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}", asked
    await runner.cleanup()


@pytest.mark.parametrize(
    "ask",
    [ask_click, ask_payme, ask_for_a_voice, ask_for_moderation, ask_the_model, ask_telegram, ask_telegram_for_a_file],
)
async def test_nobody_is_sent_elsewhere(
    elsewhere: tuple[str, list[str]], ask: Callable[[str], Awaitable[None]]
) -> None:
    url, asked = elsewhere
    await ask(url)
    assert asked == []
