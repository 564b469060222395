"""Deliveries to a bot's own address: order, secret, tries, replies, and how they exclude polling."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest
from aiohttp import web

from mentorium_sandbox.telegram.update_kinds import lane_of
from mentorium_sandbox.telegram.webhooks import pause_after
from sandbox_tests.telegram.conftest import StandIn
from sandbox_tests.telegram.own_server import SECRET, OwnServer, info, set_webhook


async def test_what_waited_and_what_comes_is_delivered_with_the_secret(stand_in: StandIn, own: OwnServer) -> None:
    user = await stand_in.new_user()
    await stand_in.post(f"/users/{user}/messages", text="before", wait_s=0)
    assert (await info(stand_in))["pending_update_count"] == 1
    assert (await set_webhook(stand_in, own.url))[0] == 200
    await stand_in.post(f"/users/{user}/messages", text="after", wait_s=0)
    await own.until(lambda: len(own.taken) == 2)
    assert [update["message"]["text"] for update in own.taken] == ["before", "after"]
    assert own.secrets == {SECRET}
    told = await info(stand_in)
    assert (told["url"], told["pending_update_count"], told["max_connections"]) == (own.url, 0, 40)


async def test_one_chats_messages_wait_for_each_other_and_others_do_not(stand_in: StandIn, own: OwnServer) -> None:
    first, second = await stand_in.new_user(), await stand_in.new_user(phone=None)
    held = asyncio.Event()

    async def hold_the_first(update: dict[str, Any]) -> web.Response:
        if update["message"]["text"] == "held":
            await held.wait()
        return web.Response()

    own.reply = hold_the_first
    await set_webhook(stand_in, own.url)
    for user, text in ((first, "held"), (first, "behind"), (second, "other")):
        await stand_in.post(f"/users/{user}/messages", text=text, wait_s=0)
    await own.until(lambda: len(own.taken) == 1)
    assert [update["message"]["text"] for update in own.taken] == ["other"]
    held.set()
    await own.until(lambda: len(own.taken) == 3)
    assert [update["message"]["text"] for update in own.taken] == ["other", "held", "behind"]


async def test_order_holds_whatever_fails(stand_in: StandIn, own: OwnServer) -> None:
    dice = random.Random(7)
    users = [await stand_in.new_user(phone=None) for _ in range(4)]

    async def fail_often(_: dict[str, Any]) -> web.Response:
        return web.Response(status=dice.choice([200, 200, 500, 302]))

    own.reply = fail_often
    await set_webhook(stand_in, own.url)
    for number in range(10):
        for user in users:
            await stand_in.post(f"/users/{user}/messages", text=str(number), wait_s=0)
    await own.until(lambda: len(own.taken) == 40)
    for user in users:
        texts = [u["message"]["text"] for u in own.taken if u["message"]["chat"]["id"] == user]
        assert texts == [str(number) for number in range(10)]
    assert len(own.tried) > 40
    assert (await info(stand_in))["last_error_message"].startswith("Wrong response from the webhook: ")


async def test_retry_after_is_heeded(stand_in: StandIn, own: OwnServer) -> None:
    stand_in.world.webhook_pace = 1.0
    times: list[float] = []

    async def ask_for_a_second(_: dict[str, Any]) -> web.Response:
        times.append(asyncio.get_running_loop().time())
        return web.Response(status=503, headers={"Retry-After": "1"}) if len(times) == 1 else web.Response()

    own.reply = ask_for_a_second
    await set_webhook(stand_in, own.url)
    await stand_in.post(f"/users/{await stand_in.new_user()}/messages", text="x", wait_s=0)
    await own.until(lambda: len(own.taken) == 1)
    assert times[1] - times[0] >= 0.99


@pytest.mark.parametrize("form", ["json", "urlencoded", "multipart"])
async def test_a_call_in_the_response_is_carried_out(stand_in: StandIn, own: OwnServer, form: str) -> None:
    user = await stand_in.new_user()

    async def answer(update: dict[str, Any]) -> web.Response:
        call = {"method": "sendMessage", "chat_id": user, "text": "from the response"}
        if form == "json":
            return web.json_response(call)
        if form == "urlencoded":
            text = f"method=sendMessage&chat_id={user}&text=from+the+response"
            return web.Response(text=text, content_type="application/x-www-form-urlencoded")
        parts = "".join(
            f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in call.items()
        )
        return web.Response(
            body=f"{parts}--b--\r\n".encode(), headers={"Content-Type": "multipart/form-data; boundary=b"}
        )

    own.reply = answer
    await set_webhook(stand_in, own.url)
    replies = (await stand_in.post(f"/users/{user}/messages", text="hi"))["replies"]
    assert [message["text"] for message in replies] == ["from the response"]


@pytest.mark.parametrize("method", ["getMe", "setWebhook", "deleteWebhook", "close", "logOut", "nonsense"])
async def test_some_calls_are_not_carried_out_from_a_response(stand_in: StandIn, own: OwnServer, method: str) -> None:
    async def answer(_: dict[str, Any]) -> web.Response:
        return web.json_response({"method": method, "url": ""})

    own.reply = answer
    await set_webhook(stand_in, own.url)
    user = await stand_in.new_user()
    await stand_in.post(f"/users/{user}/messages", text="hi", wait_s=0.1)
    await own.until(lambda: len(own.taken) == 1)
    assert (await info(stand_in))["url"] == own.url
    calls = (await stand_in.get("/calls"))["calls"]
    assert method not in [call["method"] for call in calls][1:-1]


async def test_polling_and_webhook_exclude_each_other(stand_in: StandIn, own: OwnServer) -> None:
    poll = asyncio.create_task(stand_in.api("getUpdates", timeout=30))
    while not stand_in.world.bot().polling.is_waiting:
        await asyncio.sleep(0)
    await set_webhook(stand_in, own.url)
    status, body = await poll
    assert (status, body["description"]) == (409, "Conflict: terminated by setWebhook request")
    status, body = await stand_in.api("getUpdates")
    assert status == 409
    assert body["description"].startswith("Conflict: can't use getUpdates method while webhook is active")
    assert (await stand_in.api("deleteWebhook"))[0] == 200
    assert (await stand_in.api("getUpdates"))[0] == 200


async def test_what_was_not_taken_waits_for_the_next_poll(stand_in: StandIn, own: OwnServer) -> None:
    async def refuse(_: dict[str, Any]) -> web.Response:
        return web.Response(status=500)

    own.reply = refuse
    await set_webhook(stand_in, own.url)
    await stand_in.post(f"/users/{await stand_in.new_user()}/messages", text="kept", wait_s=0)
    await own.until(lambda: len(own.tried) >= 2)
    await stand_in.api("deleteWebhook")
    updates = (await stand_in.api("getUpdates"))[1]["result"]
    assert [update["message"]["text"] for update in updates] == ["kept"]


@pytest.mark.parametrize(
    ("fields", "description"),
    [
        ({"url": "http://example.uz/hook"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "nonsense"}, "bad webhook: invalid webhook URL specified"),
        ({"url": "https://[::1"}, "bad webhook: invalid webhook URL specified"),
        ({"url": "https://example.uz/a b"}, "bad webhook: invalid webhook URL specified"),
        (
            {"url": "https://example.uz:8080/hook"},
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        ({"url": "https://example.uz", "secret_token": "white space"}, "secret token contains unallowed characters"),
    ],
)
async def test_wrong_addresses(stand_in: StandIn, fields: dict[str, Any], description: str) -> None:
    status, body = await stand_in.api("setWebhook", **fields)
    assert (status, body["description"]) == (400, f"Bad Request: {description}")


async def test_not_twice_in_one_second(stand_in: StandIn, own: OwnServer) -> None:
    await set_webhook(stand_in, own.url)
    status, body = await set_webhook(stand_in, f"{own.url}?another")
    assert (status, body["parameters"]["retry_after"]) == (429, 1)


async def test_telegram_says_what_it_has_done(stand_in: StandIn, own: OwnServer) -> None:
    said = [(await set_webhook(stand_in, own.url))[1] for _ in range(2)]
    said += [(await stand_in.api("deleteWebhook"))[1] for _ in range(2)]
    assert [answer["description"] for answer in said] == [
        "Webhook was set",
        "Webhook is already set",
        "Webhook was deleted",
        "Webhook is already deleted",
    ]
    assert {answer["result"] for answer in said} == {True}
    assert not [call for call in (await stand_in.get("/calls"))["calls"] if "error" in call]


def test_pauses_grow_up_to_two_minutes() -> None:
    pauses = [pause_after(attempt) for attempt in range(12)]
    assert pauses[:5] == [0.0, 2.0, 4.0, 8.0, 16.0]
    assert all(60 <= pause <= 120 for pause in pauses[7:])


def test_a_press_does_not_wait_for_the_messages_of_its_user() -> None:
    message = {"message_id": 1, "chat": {"id": 5}, "from": {"id": 5}}
    assert lane_of({"update_id": 1, "message": message}) != lane_of(
        {"update_id": 2, "callback_query": {"from": {"id": 5}, "message": message}}
    )
    assert lane_of({"update_id": 1, "message": message}) == lane_of({"update_id": 3, "edited_message": message})
