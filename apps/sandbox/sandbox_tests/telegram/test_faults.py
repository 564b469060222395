"""Faults of Telegram as the product's client library sees them."""

from __future__ import annotations

import asyncio

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter, TelegramServerError
from aiohttp import ClientError

from mentorium_sandbox.faults import Faults
from sandbox_tests.telegram.conftest import SLOW_S, TOKEN, StandIn


async def test_429_comes_as_retry_after_as_often_as_asked(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    await stand_in.post("/faults", target="telegram", kind="status_429", match="sendMessage", times=2, retry_after=3)
    for _ in range(2):
        with pytest.raises(TelegramRetryAfter) as refusal:
            await bot.send_message(user, "x")
        assert refusal.value.retry_after == 3
        assert refusal.value.message.endswith("Too Many Requests: retry after 3")
    assert (await bot.send_message(user, "x")).text == "x"
    assert [m["text"] for m in (await stand_in.get(f"/users/{user}/chat"))["messages"]] == ["x"]
    assert [c["status"] for c in (await stand_in.get("/calls?method=sendMessage"))["calls"]] == [429, 429, 200]


async def test_429_carries_the_header(stand_in: StandIn) -> None:
    await stand_in.post("/faults", target="telegram", kind="status_429", retry_after=7)
    async with stand_in.http.get(f"{stand_in.url}/bot{TOKEN}/getMe") as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "7")


async def test_a_fault_without_a_name_spares_the_polling_and_lasts_until_cleared(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    await stand_in.post("/faults", target="telegram", kind="status_500")
    assert await bot.get_updates() == []
    for _ in range(3):
        with pytest.raises(TelegramServerError, match="Internal Server Error"):
            await bot.send_message(user, "x")
    assert (await stand_in.control("DELETE", "/faults"))[0] == 200
    assert (await bot.send_message(user, "x")).text == "x"


async def test_down_cuts_every_line_and_does_nothing(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    await stand_in.post("/faults", target="telegram", kind="down")
    with pytest.raises(TelegramNetworkError):
        await bot.get_updates()
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(user, "x")
    assert (await stand_in.get(f"/users/{user}/chat"))["messages"] == []
    (call,) = (await stand_in.get("/calls?method=sendMessage"))["calls"]
    assert (call["status"], call["error"]) == (None, "down")


async def test_an_open_poll_brings_nothing_once_telegram_is_down(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    poll = asyncio.create_task(bot.get_updates(timeout=50))
    while not stand_in.world.bot().polling.is_waiting:
        await asyncio.sleep(0)
    await stand_in.post("/faults", target="telegram", kind="down")
    await stand_in.post(f"/users/{user}/messages", text="hello", wait_s=0)
    with pytest.raises(TelegramNetworkError):
        await poll
    await stand_in.control("DELETE", "/faults")
    assert [update.message.text for update in await bot.get_updates() if update.message] == ["hello"]


async def test_a_dropped_answer_leaves_the_message_sent(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    await stand_in.post("/faults", target="telegram", kind="drop_response", match="send*", times=1)
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(user, "x")
    assert [m["text"] for m in (await stand_in.get(f"/users/{user}/chat"))["messages"]] == ["x"]


async def test_a_timeout_never_answers_and_ends_when_the_caller_hangs_up(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    await stand_in.post("/faults", target="telegram", kind="timeout", times=1)
    with pytest.raises(TelegramNetworkError, match="timeout"):
        await bot.send_message(user, "x", request_timeout=1)
    conversation = stand_in.world.conversation(stand_in.world.bot(), user)
    assert conversation is not None
    async with asyncio.timeout(5):
        while conversation.calls_in_flight:
            await conversation.changed.wait(5)
    assert conversation.messages == {}


async def test_a_slow_call_acts_at_once_and_answers_late(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    await stand_in.post("/faults", target="telegram", kind="slow", times=1)
    began = asyncio.get_running_loop().time()
    sending = asyncio.create_task(bot.send_message(user, "x"))
    async with asyncio.timeout(2):
        conversation = stand_in.world.conversation(stand_in.world.bot(), user)
        assert conversation is not None
        while not conversation.messages:
            await conversation.changed.wait(2)
    await sending
    assert asyncio.get_running_loop().time() - began >= SLOW_S


def test_a_rate_hits_its_share() -> None:
    faults = Faults()
    faults.add("openai", "status_500", rate=0.3)
    hits = sum(faults.take("openai", "chat/completions") is not None for _ in range(2000))
    assert 500 < hits < 700
    assert faults.take("telegram", "sendMessage") is None


async def test_downloads_are_hit_too(stand_in: StandIn) -> None:
    file = stand_in.world.files.keep(b"data", "image/png", "photos")
    url = f"{stand_in.url}/file/bot{TOKEN}/{file.path}"
    await stand_in.post("/faults", target="telegram", kind="status_429", match="file", times=1, retry_after=4)
    async with stand_in.http.get(url) as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "4")
    await stand_in.post("/faults", target="telegram", kind="status_500", times=1)
    async with stand_in.http.get(url) as response:
        assert (response.status, (await response.json())["description"]) == (500, "Internal Server Error")
    await stand_in.post("/faults", target="telegram", kind="down")
    with pytest.raises(ClientError):
        await stand_in.http.get(url)
    await stand_in.control("DELETE", "/faults")
    async with stand_in.http.get(url) as response:
        assert await response.read() == b"data"
