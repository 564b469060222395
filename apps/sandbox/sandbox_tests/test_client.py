"""The client of the control API against the stand-ins themselves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from mentorium_sandbox import faults, openai, school, telegram
from mentorium_sandbox.client import (
    ButtonNotFoundError,
    FakeParent,
    SandboxCallError,
    SandboxClient,
    callback_buttons,
    plain_text,
)
from mentorium_sandbox.control_api import errors_as_json

TOKEN = "700123456:sandbox-secret"


def now() -> datetime:
    return datetime.now(UTC)


@pytest_asyncio.fixture
async def sandbox(platform_dsn: str) -> AsyncIterator[SandboxClient]:
    """The stand-ins of a sandbox that runs no part of the product."""
    world, model, on = telegram.TelegramWorld(now, poll_pace=0.0), openai.OpenAIWorld(now), faults.Faults()
    world.add_bot(TOKEN, "MentoriumTestBot")
    app = web.Application(middlewares=[errors_as_json])
    for routes in (telegram.routes(world, on), openai.routes(model, on), faults.routes(on)):
        app.add_routes(routes)
    app.add_routes(school.routes(school.School("the-link-key", now, platform_dsn)))
    await school.seed(platform_dsn, students=1, now=now())
    async with TestServer(app, host="127.0.0.1") as server, SandboxClient.connect(str(server.make_url(""))) as client:
        yield client
        world.close()


async def send(sandbox: SandboxClient, parent: FakeParent, **message: object) -> None:
    """What our bot would send."""
    body = {"chat_id": parent.id, **message}
    async with sandbox.http.post(f"{sandbox.url}/bot{TOKEN}/sendMessage", json=body) as answer:
        assert answer.status == 200, await answer.text()


def keyboard(*data: str) -> dict[str, object]:
    return {"inline_keyboard": [[{"text": name.title(), "callback_data": name} for name in data]]}


async def test_a_parent_has_a_chat_with_what_was_said(sandbox: SandboxClient) -> None:
    parent = await sandbox.parent("ru", phone="+998901234567")
    assert await parent.say("Salom", wait_s=0) == []
    await send(sandbox, parent, text="<b>Hello</b>", parse_mode="HTML", reply_markup=keyboard("one", "two"))
    said, told = await parent.messages()
    assert said["text"] == "Salom"
    assert plain_text([said, told]) == "Salom\nHello"
    assert callback_buttons(told) == ["one", "two"]
    assert [user["language_code"] for user in (await sandbox.call("GET", "users"))["users"]] == ["ru"]


async def test_a_button_is_pressed_on_the_newest_message_that_has_it(sandbox: SandboxClient) -> None:
    parent = await sandbox.parent()
    for number in (1, 2):
        await send(sandbox, parent, text=f"number {number}", reply_markup=keyboard("yes"))
    await send(sandbox, parent, text="without a button")
    press = await parent.press("Yes", wait_s=0)
    assert (press.callback_answer, press.shown, press.callback_text) == (None, [], None)
    async with sandbox.http.get(f"{sandbox.url}/bot{TOKEN}/getUpdates") as answer:
        (update,) = (await answer.json())["result"]
    assert update["callback_query"]["message"]["text"] == "number 2"
    with pytest.raises(ButtonNotFoundError, match="no"):
        await parent.press("no")


async def test_a_refusal_tells_which_call_and_why(sandbox: SandboxClient) -> None:
    with pytest.raises(SandboxCallError) as refused:
        await FakeParent(sandbox, 123).say("Salom")
    error = refused.value
    assert (error.method, error.path, error.status) == ("POST", "users/123/messages", 404)
    assert error.body == {"error": "there is no user 123"}
    assert "users/123/messages" in str(error)


async def test_a_fault_is_over_at_the_end_of_its_block(sandbox: SandboxClient) -> None:
    async def inside() -> None:
        async with sandbox.fault("telegram", "status_429", match="sendMessage", times=3):
            (fault,) = (await sandbox.call("GET", "faults"))["faults"]
            assert (fault["match"], fault["times"]) == ("sendMessage", 3)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await inside()
    assert (await sandbox.call("GET", "faults"))["faults"] == []


async def test_a_child_does_something_at_school_and_is_hidden(sandbox: SandboxClient) -> None:
    child = await sandbox.child("Aziza", "Karimova", email="mother@example.uz")
    sister = await sandbox.child("Malika", "Karimova", email="mother@example.uz")
    assert sister.guardian_id == child.guardian_id
    await child.did("lesson")
    await child.set_visible(can_view=False)
    assert await sandbox.link(child.guardian_id) != child.link_code


async def test_the_journal_of_bot_calls(sandbox: SandboxClient) -> None:
    parent = await sandbox.parent()
    assert await sandbox.last_bot_call() == 0
    await send(sandbox, parent, text="one")
    first = await sandbox.last_bot_call()
    await send(sandbox, parent, text="two")
    (call,) = await sandbox.bot_calls("sendMessage", after=first)
    assert call["params"]["text"] == "two"
    assert await sandbox.bot_calls("sendPhoto") == []


async def test_the_model_says_what_it_is_told_to(sandbox: SandboxClient) -> None:
    await sandbox.script_model(text="Five lessons.", times=1)
    asked = {"model": "gpt-6-luna", "messages": [{"role": "user", "content": "How many?"}]}
    key = {"Authorization": "Bearer sk-test"}
    async with sandbox.http.post(f"{sandbox.url}/openai/v1/chat/completions", json=asked, headers=key) as answer:
        assert (await answer.json())["choices"][0]["message"]["content"] == "Five lessons."
    (request,) = await sandbox.model_requests()
    assert request["body"]["messages"] == asked["messages"]


async def test_it_waits_until_everything_serves() -> None:
    """From before anybody listens to the last part."""
    port, parts = unused_port(), {"bot": "starting", "worker": "ok"}

    async def health(_: web.Request) -> web.Response:
        ready = all(state == "ok" for state in parts.values())
        return web.json_response({"ready": ready, "parts": parts}, status=200 if ready else 503)

    app = web.Application()
    app.add_routes([web.get("/sandbox/health", health)])
    async with SandboxClient.connect(f"http://127.0.0.1:{port}/") as client:
        with pytest.raises(aiohttp.ClientConnectionError):
            await client.health()
        with pytest.raises(TimeoutError, match="nobody listens"):
            await client.wait_until_ready(0.01)
        waiting = asyncio.create_task(client.wait_until_ready())
        async with TestServer(app, host="127.0.0.1", port=port):
            assert not (await client.health()).ready
            with pytest.raises(TimeoutError, match=r"'bot': 'starting'"):
                await client.wait_until_ready(0.01)
            assert not waiting.done()
            parts["bot"] = "ok"
            await waiting
            assert (await client.health()).ready


async def test_a_parent_pays_in_stars(sandbox: SandboxClient) -> None:
    parent = await sandbox.parent("en")
    await parent.set_stars(1000)
    body = {
        "title": "M",
        "description": "d",
        "payload": "p",
        "currency": "XTR",
        "prices": [{"label": "m", "amount": 9}],
    }
    async with sandbox.http.post(f"{sandbox.url}/bot{TOKEN}/createInvoiceLink", json=body) as answer:
        link = (await answer.json())["result"]
    assert (await parent.pay(link, "cancel")).outcome == "cancelled"
    assert (await parent.stars())["balance"] == 1000
    with pytest.raises(SandboxCallError, match="no subscription"):
        await parent.change_star_subscription("stx", "cancel")
