"""What may go wrong between Telegram and a bot's own address, and what holds all the same."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorium_sandbox.faults import Faults
from mentorium_sandbox.telegram.update_kinds import lane_of
from mentorium_sandbox.telegram.updates import UpdateQueue
from mentorium_sandbox.telegram.webhooks import Address, Circumstances, Webhook
from sandbox_tests.telegram.conftest import SLOW_S, StandIn
from sandbox_tests.telegram.own_server import OwnServer, Reply, info, set_webhook


def answering(status: int, headers: dict[str, str] | None = None) -> Reply:
    async def reply(_: dict[str, Any]) -> web.Response:
        return web.Response(status=status, headers=headers)

    return reply


async def say(stand_in: StandIn, user: int, text: str) -> None:
    await stand_in.post(f"/users/{user}/messages", text=text, wait_s=0)


async def test_who_is_gone_for_23_hours_is_left_alone(stand_in: StandIn, own: OwnServer) -> None:
    own.reply = answering(410)
    await set_webhook(stand_in, own.url)
    await say(stand_in, await stand_in.new_user(), "kept")
    await own.until(lambda: len(own.tried) >= 2)
    assert (await info(stand_in))["last_error_message"] == "Wrong response from the webhook: 410 Gone"
    stand_in.clock.offset += timedelta(hours=23, minutes=1)
    async with asyncio.timeout(5):
        while (told := await info(stand_in))["url"]:
            await asyncio.sleep(0.02)
    assert told["pending_update_count"] == 1
    assert "last_error_message" not in told
    assert len((await stand_in.api("getUpdates"))[1]["result"]) == 1


async def test_what_is_never_taken_is_given_up_when_it_is_too_old(stand_in: StandIn, own: OwnServer) -> None:
    own.reply = answering(500)
    await set_webhook(stand_in, own.url)
    user = await stand_in.new_user()
    await say(stand_in, user, "never taken")
    await own.until(lambda: len(own.tried) >= 2)
    stand_in.clock.offset += timedelta(hours=25)
    async with asyncio.timeout(5):
        while (await info(stand_in))["pending_update_count"]:
            await asyncio.sleep(0.02)
    own.reply = None
    await say(stand_in, user, "next")
    await own.until(lambda: len(own.taken) == 1)
    assert own.taken[0]["message"]["text"] == "next"


async def test_zero_seconds_are_no_wish(stand_in: StandIn, own: OwnServer) -> None:
    stand_in.world.webhook_pace = 1.0
    own.reply = answering(503, {"Retry-After": "0"})
    await set_webhook(stand_in, own.url)
    await say(stand_in, await stand_in.new_user(), "x")
    await own.until(lambda: len(own.tried) == 2)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await own.until(lambda: len(own.tried) == 3)


@pytest.mark.parametrize(
    "response",
    [
        web.Response(text="{" * 5, content_type="application/json"),
        web.Response(text="[" * 100_000, content_type="application/json"),
        web.Response(text='{"method": {"a": 1}}', content_type="application/json"),
        web.Response(text='{"method": "sendMessage", "chat_id": "x"}', content_type="application/json"),
        web.Response(text="[1]", content_type="application/json"),
        web.Response(body=b"\xff\xfe", content_type="application/x-www-form-urlencoded"),
        web.Response(body=b"nonsense", headers={"Content-Type": "multipart/form-data; boundary=b"}),
        web.Response(body=b"nonsense", headers={"Content-Type": "multipart/form-data"}),
        web.Response(text="thank you"),
    ],
)
async def test_rubbish_in_a_response_stops_nothing(stand_in: StandIn, own: OwnServer, response: web.Response) -> None:
    body, headers = response.body, {"Content-Type": response.headers["Content-Type"]}

    async def reply(_: dict[str, Any]) -> web.Response:
        return web.Response(body=body, headers=headers)

    own.reply = reply
    await set_webhook(stand_in, own.url)
    user = await stand_in.new_user()
    await say(stand_in, user, "first")
    await say(stand_in, user, "second")
    await own.until(lambda: len(own.taken) == 2)
    assert "last_error_message" not in await info(stand_in)


async def test_nobody_at_the_address(stand_in: StandIn, own: OwnServer) -> None:
    await set_webhook(stand_in, "http://127.0.0.1:1/hook")
    await say(stand_in, await stand_in.new_user(), "x")
    async with asyncio.timeout(5):
        while "last_error_message" not in (told := await info(stand_in)):
            await asyncio.sleep(0.02)
    assert (told["last_error_message"], told["pending_update_count"]) == ("Connection refused", 1)
    assert abs(told["last_error_date"] - datetime.now(UTC).timestamp()) < 5


async def test_a_lost_answer_makes_the_update_come_twice(stand_in: StandIn, own: OwnServer) -> None:
    await stand_in.post("/faults", target="telegram", kind="drop_response", match="webhook", times=1)
    await set_webhook(stand_in, own.url)
    await say(stand_in, await stand_in.new_user(), "x")
    await own.until(lambda: len(own.taken) == 2)
    assert own.taken[0] == own.taken[1]


async def test_nothing_is_delivered_while_telegram_is_down(stand_in: StandIn, own: OwnServer) -> None:
    await set_webhook(stand_in, own.url)
    user = await stand_in.new_user()
    await stand_in.post("/faults", target="telegram", kind="down")
    await say(stand_in, user, "x")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await own.until(lambda: bool(own.tried))
    await stand_in.control("DELETE", "/faults")
    await own.until(lambda: len(own.taken) == 1)


async def test_a_slow_line_delivers_late(stand_in: StandIn, own: OwnServer) -> None:
    await stand_in.post("/faults", target="telegram", kind="slow", match="webhook", times=1)
    await set_webhook(stand_in, own.url)
    began = asyncio.get_running_loop().time()
    await say(stand_in, await stand_in.new_user(), "x")
    await own.until(lambda: len(own.taken) == 1)
    assert asyncio.get_running_loop().time() - began >= SLOW_S


async def test_a_fault_without_a_name_spares_deliveries(stand_in: StandIn, own: OwnServer) -> None:
    await set_webhook(stand_in, own.url)
    await stand_in.post("/faults", target="telegram", kind="timeout")
    await say(stand_in, await stand_in.new_user(), "x")
    await own.until(lambda: len(own.taken) == 1)
    assert len(own.tried) == 1


async def test_a_control_call_waits_until_the_bot_has_taken_the_update(stand_in: StandIn, own: OwnServer) -> None:
    """A reply that comes before the 2xx does not end it: more may follow."""
    user = await stand_in.new_user()

    async def answer_in_two(_: dict[str, Any]) -> web.Response:
        await stand_in.api("sendMessage", chat_id=user, text="one")
        await asyncio.sleep(0.6)  # longer than the quiet that would end the call
        await stand_in.api("sendMessage", chat_id=user, text="two")
        return web.Response()

    own.reply = answer_in_two
    await set_webhook(stand_in, own.url)
    replies = (await stand_in.post(f"/users/{user}/messages", text="hi"))["replies"]
    assert [reply["text"] for reply in replies] == ["one", "two"]


async def test_a_raw_update_and_its_repetition_are_delivered(stand_in: StandIn, own: OwnServer) -> None:
    await set_webhook(stand_in, own.url)
    sender = {"id": 612345678, "is_bot": False, "first_name": "Emma"}
    message = {"message_id": 40, "date": 1, "from": sender, "chat": {**sender, "type": "private"}, "text": "raw"}
    made = await stand_in.post("/updates", message=message)
    await own.until(lambda: len(own.taken) == 1)
    await stand_in.post("/updates", repeat=made["update_id"])
    await own.until(lambda: len(own.taken) == 2)
    assert own.taken[0] == own.taken[1] == {**made, "message": message}
    assert (await info(stand_in))["pending_update_count"] == 0


async def test_dropped_updates_are_not_delivered(stand_in: StandIn, own: OwnServer) -> None:
    user = await stand_in.new_user()
    await say(stand_in, user, "old")
    await set_webhook(stand_in, own.url, drop_pending_updates=True, allowed_updates=["message"])
    await say(stand_in, user, "new")
    await own.until(lambda: len(own.taken) == 1)
    assert own.taken[0]["message"]["text"] == "new"
    assert (await info(stand_in))["allowed_updates"] == ["message"]
    await stand_in.post(f"/users/{user}/block")
    await stand_in.api("deleteWebhook")
    assert (await stand_in.api("getUpdates"))[1]["result"] == []


async def test_no_more_connections_than_asked_for(stand_in: StandIn, own: OwnServer) -> None:
    open_now = most = 0

    async def count(_: dict[str, Any]) -> web.Response:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        await asyncio.sleep(0.02)
        open_now -= 1
        return web.Response()

    own.reply = count
    users = [user.id for user in stand_in.world.add_users(9)]
    for user in users:
        await say(stand_in, user, "x")
    await set_webhook(stand_in, own.url, max_connections=3)
    await own.until(lambda: len(own.taken) == 9)
    assert most == 3


def _message(user: int) -> tuple[str, dict[str, Any]]:
    return "message", {"message_id": 1, "chat": {"id": user}, "from": {"id": user}}


def _press(user: int) -> tuple[str, dict[str, Any]]:
    return "callback_query", {"id": "1", "from": {"id": user}}


def _checkout(user: int) -> tuple[str, dict[str, Any]]:
    return "pre_checkout_query", {"id": "1", "from": {"id": user}}


def _member(user: int) -> tuple[str, dict[str, Any]]:
    return "my_chat_member", {"chat": {"id": user}, "from": {"id": user}}


async def _deliver_all(planned: list[tuple[str, dict[str, Any], list[int]]], connections: int) -> None:
    """Each update is refused with the statuses planned for it before it is taken."""
    queue = UpdateQueue(lambda: datetime.now(UTC))
    failures, lanes = {}, defaultdict(list)
    for kind, content, statuses in planned:
        update = queue.put(kind, content).update
        failures[update["update_id"]] = list(statuses)
        lanes[lane_of(update)].append(update["update_id"])
    taken: defaultdict[Any, list[int]] = defaultdict(list)
    tried, in_flight, most, done = Counter[int](), Counter[Any](), 0, asyncio.Event()

    async def hook(request: web.Request) -> web.Response:
        nonlocal most
        update = await request.json()
        update_id, lane = update["update_id"], lane_of(update)
        tried[update_id] += 1
        in_flight[lane] += 1
        most = max(most, in_flight.total())
        assert in_flight[lane] == 1
        await asyncio.sleep(0)
        in_flight[lane] -= 1
        if failures[update_id]:
            return web.Response(status=failures[update_id].pop())
        taken[lane].append(update_id)
        return web.Response()

    app = web.Application()
    app.router.add_post("/hook", hook)
    async with TestServer(app, host="127.0.0.1") as server:

        async def carry_out(_: object) -> None:
            raise AssertionError("no response holds a call")

        circumstances = Circumstances(lambda: datetime.now(UTC), carry_out, done.set, Faults(), pace=0.0)
        webhook = Webhook(Address(str(server.make_url("/hook")), "", connections), queue, circumstances)
        webhook.start()
        async with asyncio.timeout(20):
            while len(queue):
                await asyncio.sleep(0.005)
        webhook.stop()
    assert taken == lanes
    assert most <= connections
    assert [tried[update_id] for update_id in failures] == [1 + len(statuses) for _, __, statuses in planned]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([_message, _message, _press, _checkout, _member]),
            st.integers(1, 3),
            st.lists(st.sampled_from([302, 400, 403, 429, 500, 503]), max_size=3),
        ),
        max_size=25,
    ),
    st.integers(1, 5),
)
def test_each_queue_keeps_its_order_whatever_fails(planned: list[tuple[Any, int, list[int]]], connections: int) -> None:
    asyncio.run(_deliver_all([(*make(user), statuses) for make, user, statuses in planned], connections))
