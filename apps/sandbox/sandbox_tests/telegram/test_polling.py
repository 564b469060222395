"""getUpdates as Telegram does it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramConflictError
from hypothesis import given
from hypothesis import strategies as st

from mentorium_sandbox.telegram.errors import ApiError
from mentorium_sandbox.telegram.polling import Polling
from mentorium_sandbox.telegram.updates import UpdateQueue
from sandbox_tests.telegram.conftest import StandIn


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
    while not stand_in.world.bot().polling.is_waiting:
        await asyncio.sleep(0)
    second = asyncio.create_task(bot.get_updates(timeout=50))
    with pytest.raises(TelegramConflictError, match="Conflict: terminated by other getUpdates request; make sure"):
        await first
    await say(stand_in, await stand_in.new_user(), "for the second")
    assert len(await second) == 1


async def test_a_glance_does_not_end_a_poll(stand_in: StandIn, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=50))
    while not stand_in.world.bot().polling.is_waiting:
        await asyncio.sleep(0)
    assert await bot.get_updates(timeout=0) == []
    await say(stand_in, await stand_in.new_user(), "for the first")
    assert len(await first) == 1


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
    assert await texts(stand_in) == [(update_id, "a")]
    assert await texts(stand_in) == [(update_id, "a")]
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


async def test_names_that_do_not_exist_are_passed_over(stand_in: StandIn) -> None:
    user = await stand_in.new_user()
    await stand_in.api("getUpdates", allowed_updates=["nonsense", "Callback_Query"])
    assert (await stand_in.api("getWebhookInfo"))[1]["result"]["allowed_updates"] == ["callback_query"]
    for changes_nothing in ("message", [5], {"message": True}):
        await stand_in.api("getUpdates", allowed_updates=changes_nothing)
    await say(stand_in, user, "unheard")
    await stand_in.api("getUpdates", allowed_updates=["nonsense"])
    await say(stand_in, user, "heard")
    assert [text for _, text in await texts(stand_in)] == ["heard"]


async def test_what_nobody_takes_grows_too_old(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    sent = await bot.send_message(user, "press")
    await say(stand_in, user, "a")
    await stand_in.post(f"/users/{user}/press", message_id=sent.message_id, button="forged", wait_s=0)
    assert len(await bot.get_updates()) == 2
    stand_in.clock.offset += timedelta(seconds=151)
    assert [text for _, text in await texts(stand_in)] == ["a"]
    stand_in.clock.offset += timedelta(hours=24)
    assert await texts(stand_in) == []


def message(number: int) -> dict[str, Any]:
    return {"message_id": number, "text": str(number)}


def numbers(updates: list[dict[str, Any]]) -> list[int]:
    return [update["message"]["message_id"] for update in updates]


def new_queue() -> UpdateQueue:
    return UpdateQueue(lambda: datetime.now(UTC))


async def test_who_asks_for_the_same_at_once_gets_one() -> None:
    queue = new_queue()
    polling = Polling(queue)
    first = queue.put("message", message(1)).update["update_id"]
    queue.put("message", message(2))
    assert numbers(await polling.poll(0, 100, 0)) == [1, 2]
    assert numbers(await polling.poll(0, 100, 0)) == [1]
    assert numbers(await polling.poll(first, 100, 0)) == [1, 2]


async def test_who_asks_for_the_same_in_vain_waits() -> None:
    polling, loop = Polling(new_queue(), pace=0.1), asyncio.get_running_loop()
    began = loop.time()
    assert await polling.poll(7, 100, 0) == []
    assert loop.time() - began < 0.2
    assert await polling.poll(7, 100, 0) == []
    assert loop.time() - began >= 0.29


async def test_two_bots_that_chase_each_other_are_slowed_down() -> None:
    polling, loop = Polling(new_queue(), pace=0.1), asyncio.get_running_loop()
    began, chased = loop.time(), []
    for offset in range(1, 4):
        chased.append(asyncio.create_task(polling.poll(offset, 100, 50)))
        await asyncio.sleep(0)
    told = []
    for poll in chased[:2]:
        with pytest.raises(ApiError, match="terminated by other getUpdates"):
            await poll
        told.append(loop.time() - began)
    polling.close()
    assert await chased[2] == []
    assert told[0] < 0.25
    assert told[1] >= 0.29


@given(st.lists(st.one_of(st.integers(1, 5), st.tuples(st.integers(-3, 12), st.integers(-1, 6))), max_size=40))
def test_nothing_is_lost_or_out_of_order(steps: list[int | tuple[int, int]]) -> None:
    """New updates come, and polls with any offset (counted from the first) and limit; compared with a plain list."""

    async def live() -> None:
        queue = new_queue()
        polling, first, made, expected = Polling(queue, pace=0.0), queue.next_id, 0, [0][:0]
        for step in steps:
            if isinstance(step, int):
                for number in range(made, made + step):
                    queue.put("message", message(number))
                expected += range(made, made + step)
                made += step
            else:
                place, limit = step
                if place < 0:
                    expected = expected[place:]
                elif place > 0:
                    expected = [number for number in expected if number >= place]
                offset = place if place <= 0 else first + place
                got = numbers(await polling.poll(offset, limit, 0))
                assert got == expected[: min(max(limit, 1), 100)]
                assert len(queue) == len(expected)

    asyncio.run(live())
