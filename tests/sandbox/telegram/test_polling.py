"""getUpdates as Telegram does it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramConflictError

from tests.sandbox.telegram.conftest import StandIn


async def say(stand_in: StandIn, user: int, *texts: str) -> None:
    for text in texts:
        await stand_in.post(f"/users/{user}/messages", text=text, wait_s=0)


async def texts(stand_in: StandIn, **parameters: Any) -> list[tuple[int, str]]:
    _, answer = await stand_in.api("getUpdates", **parameters)
    return [(update["update_id"], update["message"]["text"]) for update in answer["result"]]


async def test_offset_confirms_and_limit_cuts(stand_in: StandIn) -> None:
    user = await stand_in.new_user()
    await say(stand_in, user, "a", "b", "c")
    waiting = await texts(stand_in)
    assert [text for _, text in waiting] == ["a", "b", "c"]
    assert await texts(stand_in, limit=2) == waiting[:2]
    assert await texts(stand_in, offset=waiting[1][0]) == waiting[1:]
    assert await texts(stand_in) == waiting[1:]
    assert await texts(stand_in, offset=-1) == waiting[2:]
    assert await texts(stand_in, offset=waiting[2][0] + 1) == []
    assert await texts(stand_in) == []


async def test_a_long_poll_ends_with_the_first_update(stand_in: StandIn) -> None:
    user = await stand_in.new_user()
    async with asyncio.timeout(5):
        poll = asyncio.create_task(texts(stand_in, timeout=50))
        await stand_in.get("/users")
        await say(stand_in, user, "a")
        assert [text for _, text in await poll] == ["a"]


async def test_a_second_poller_ends_the_first_with_409(stand_in: StandIn, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=50))
    while not stand_in.world.bot().queue.has_poller:
        await asyncio.sleep(0)
    assert await bot.get_updates(timeout=0) == []
    with pytest.raises(TelegramConflictError, match="Conflict: terminated by other getUpdates request; make sure"):
        await first


async def test_allowed_updates_stick_and_filter_when_the_update_is_made(stand_in: StandIn) -> None:
    user = await stand_in.new_user()
    await stand_in.api("getUpdates", allowed_updates=["callback_query"])
    await say(stand_in, user, "unheard")
    await stand_in.api("getUpdates")
    await say(stand_in, user, "unheard too")
    assert (await stand_in.api("getUpdates", allowed_updates=[]))[1]["result"] == []
    await say(stand_in, user, "heard")
    assert [text for _, text in await texts(stand_in)] == ["heard"]


async def test_an_update_can_be_delivered_again_after_it_was_confirmed(stand_in: StandIn) -> None:
    user = await stand_in.new_user()
    await say(stand_in, user, "a")
    ((update_id, _),) = await texts(stand_in)
    assert await texts(stand_in, offset=update_id + 1) == []
    assert await stand_in.post("/updates", repeat=update_id) == {"update_id": update_id}
    assert await texts(stand_in, offset=update_id + 1) == [(update_id, "a")]
    assert await texts(stand_in, offset=update_id + 1) == []
    assert (await stand_in.control("POST", "/updates", {"repeat": 1}))[0] == 404


async def test_a_raw_update_is_delivered_and_its_sender_can_be_answered(stand_in: StandIn, bot: Bot) -> None:
    sender = {"id": 612345678, "is_bot": False, "first_name": "Emma"}
    message = {"message_id": 40, "date": 1, "from": sender, "chat": {**sender, "type": "private"}, "text": "raw"}
    delivered = await stand_in.post("/updates", message=message)
    ((update_id, text),) = await texts(stand_in)
    assert (update_id, text) == (delivered["update_id"], "raw")
    assert (await bot.send_message(612345678, "hi")).message_id == 41
    malformed_updates: list[dict[str, Any]] = [
        {},
        {"message": 1},
        {"message": {}, "callback_query": {}},
        {"update_id": "x", "message": {}},
    ]
    for malformed in malformed_updates:
        assert (await stand_in.control("POST", "/updates", malformed))[0] == 400


async def test_dropped_updates_are_gone(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    await say(stand_in, user, "a")
    assert (await bot.get_webhook_info()).pending_update_count == 1
    await bot.delete_webhook(drop_pending_updates=True)
    assert await texts(stand_in) == []
