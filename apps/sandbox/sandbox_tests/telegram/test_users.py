"""What fake users do, when the control calls answer, and how wrong calls are refused."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.types import KeyboardButton, Message, MessageGenerationStopped, ReplyKeyboardMarkup

from sandbox_tests.telegram.conftest import Running, StandIn


async def test_a_user_has_what_it_was_given(stand_in: StandIn) -> None:
    given = {"id": 512345678, "first_name": "Emma", "language_code": "en", "phone": "+998903334455"}
    assert await stand_in.post("/users", **given) == {**given, "blocked": False, "stars": 100_000}
    assert (
        (await stand_in.get("/users"))["users"]
        == stand_in.world.describe_users()
        == [{**given, "blocked": False, "stars": 100_000}]
    )
    assert (await stand_in.control("POST", "/users", given))[0] == 409


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/users", [1], 400),
        ("/users", {"language_code": "uz"}, 400),
        ("/users", {"first_name": 5, "language_code": "uz"}, 400),
        ("/users", {"first_name": "A", "language_code": "uz", "id": 77}, 400),
        ("/users", {"first_name": "A", "language_code": "uz", "id": "512345679"}, 400),
        ("/users", {"first_name": "A", "language_code": "uz", "phone": "call me"}, 400),
        ("/users/1/messages", {"text": "x"}, 404),
        ("/users/abc/messages", {"text": "x"}, 404),
        ("/users/{user}/messages", {}, 400),
        ("/users/{user}/messages", {"text": " "}, 400),
        ("/users/{user}/messages", {"text": 5}, 400),
        ("/users/{user}/messages", {"text": "\ud800"}, 400),
        ("/users/{user}/messages", {"text": "x", "sticker": True}, 400),
        ("/users/{user}/messages", {"sticker": "yes"}, 400),
        ("/users/{user}/messages", {"contact": {"first_name": "A"}}, 400),
        ("/users/{user}/messages", {"contact": "me"}, 400),
        ("/users/{user}/messages", {"photo_base64": "!!"}, 400),
        ("/users/{user}/messages", {"photo_base64": "aGVsbG8="}, 400),
        ("/users/{user}/messages", {"text": "x", "wait_s": "long"}, 400),
        ("/users/{user}/messages", {"text": "x", "wait_s": -1}, 400),
        ("/users/{user}/messages", {"text": "x", "bot": 5}, 404),
        ("/users/{user}/press", {"button": "x"}, 400),
        ("/users/{user}/press", {"message_id": 1, "button": "x"}, 409),
        ("/users/{user}/start", {"payload": 5}, 400),
        ("/users/{user}/stop", {}, 409),
        ("/faults", {"target": "moon", "kind": "down"}, 400),
        ("/faults", {"target": "telegram", "kind": "stream_cut"}, 400),
        ("/faults", {"target": "telegram", "kind": "down", "times": 0}, 400),
        ("/faults", {"target": "telegram", "kind": "down", "rate": 2}, 400),
    ],
)
async def test_wrong_control_calls_are_told_so(stand_in: StandIn, path: str, body: Any, status: int) -> None:
    user = await stand_in.new_user()
    answered, answer = await stand_in.control("POST", path.format(user=user), body)
    assert answered == status
    assert list(answer) == ["error"]


async def test_a_body_that_is_not_json_is_told_so(stand_in: StandIn) -> None:
    for body in (b"{", b"\xff", b"[" * 100_000):
        async with stand_in.http.post(f"{stand_in.url}/sandbox/users", data=body) as response:
            assert (response.status, await response.json()) == (400, {"error": "the body is not JSON"})
    assert (await stand_in.control("GET", "/calls?after=x"))[0] == 400


async def test_a_user_without_a_phone_has_no_contact_to_share(stand_in: StandIn) -> None:
    user = await stand_in.new_user(phone=None)
    status, answer = await stand_in.control("POST", f"/users/{user}/messages", {"contact": True})
    assert (status, answer) == (409, {"error": "this user has no phone number"})


async def test_contacts_are_the_users_own_or_somebody_elses(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    await stand_in.post(f"/users/{user}/messages", contact=True, wait_s=0)
    card = {"phone_number": "+998907777777", "first_name": "Anvar"}
    await stand_in.post(f"/users/{user}/messages", contact=card, wait_s=0)
    own, foreign = [update.message for update in await bot.get_updates()]
    assert own is not None
    assert foreign is not None
    assert own.contact is not None
    assert foreign.contact is not None
    assert (own.contact.user_id, own.contact.phone_number, own.forward_origin) == (user, "+998901112233", None)
    assert (foreign.contact.user_id, foreign.contact.phone_number) == (None, "+998907777777")
    assert foreign.forward_origin is not None


async def test_a_reply_keyboard_is_pressed_by_its_text(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    keyboard = [[KeyboardButton(text="Share", request_contact=True), KeyboardButton(text="Later")]]
    sent = await bot.send_message(
        user, "who?", reply_markup=ReplyKeyboardMarkup(keyboard=keyboard, one_time_keyboard=True)
    )
    for button in ("Share", "Later"):
        await stand_in.post(f"/users/{user}/press", message_id=sent.message_id, button=button, wait_s=0)
    share, later = [update.message for update in await bot.get_updates()]
    assert share is not None
    assert later is not None
    assert share.contact is not None
    assert share.contact.user_id == user
    assert later.text == "Later"
    assert (await stand_in.get(f"/users/{user}/chat"))["reply_keyboard"] is None


async def test_link_buttons_open_on_the_users_side(stand_in: StandIn) -> None:
    user = await stand_in.new_user()
    row = [{"text": "Pay", "url": "https://pay.example/1"}, {"text": "App", "web_app": {"url": "https://app.example"}}]
    _, sent = await stand_in.api("sendMessage", chat_id=user, text="x", reply_markup={"inline_keyboard": [row]})
    message_id = sent["result"]["message_id"]
    pressed = await stand_in.post(f"/users/{user}/press", message_id=message_id, button="Pay")
    assert (pressed["url"], pressed["web_app"], pressed["callback_answer"]) == ("https://pay.example/1", None, None)
    pressed = await stand_in.post(f"/users/{user}/press", message_id=message_id, button="App")
    assert (pressed["url"], pressed["web_app"]) == (None, {"url": "https://app.example/"})


async def test_a_call_waits_for_the_whole_streamed_answer(stand_in: StandIn, bot: Bot, running: Running) -> None:
    """The update is confirmed at once, as by a bot that makes long answers outside the chat's queue."""
    dispatcher, writing = Dispatcher(), set()
    frame_seen = asyncio.Event()

    async def write(chat: int) -> None:
        await asyncio.sleep(0.5)  # the time a model takes, longer than the quiet that ends a call
        for end in range(1, 5):
            await bot.send_message_draft(chat, 1, text="word " * end, can_stop=True)
            frame_seen.set()
            await asyncio.sleep(0.35)
        await bot.send_message(chat, "the whole answer")

    @dispatcher.message()
    async def answer(message: Message) -> None:
        writing.add(asyncio.create_task(write(message.chat.id)))

    user = await stand_in.new_user()
    async with running(dispatcher):
        asked = asyncio.create_task(stand_in.post(f"/users/{user}/messages", text="how was the week?"))
        await frame_seen.wait()
        (draft,) = (await stand_in.get(f"/users/{user}/chat"))["drafts"]
        assert (draft["draft_id"], draft["text_plain"], draft["can_stop"]) == (1, "word", True)
        assert [reply["text"] for reply in (await asked)["replies"]] == ["the whole answer"]
    assert (await stand_in.get(f"/users/{user}/chat"))["drafts"] == []


async def test_stop_ends_the_draft_and_tells_the_bot(stand_in: StandIn, bot: Bot, running: Running) -> None:
    dispatcher = Dispatcher()

    @dispatcher.stopped_message_generation()
    async def stopped(event: MessageGenerationStopped) -> None:
        await bot.send_message_draft(event.chat.id, event.draft_id, text="a late frame", can_stop=True)
        await bot.send_message(event.chat.id, f"stopped {event.draft_id}")

    user = await stand_in.new_user()
    await bot.send_message_draft(user, 3, text="no button")
    assert (await stand_in.control("POST", f"/users/{user}/stop", {}))[0] == 409
    await bot.send_message_draft(user, 3, text="words", can_stop=True)
    assert (await stand_in.control("POST", f"/users/{user}/stop", {"draft_id": 4}))[0] == 409
    async with running(dispatcher):
        answer = await stand_in.post(f"/users/{user}/stop")
    assert [reply["text"] for reply in answer["replies"]] == ["stopped 3"]


async def test_a_draft_lives_its_time_and_no_longer(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    async with stand_in.http.get(f"{stand_in.url}/sandbox/events") as events, asyncio.timeout(10):
        assert await events.content.readuntil(b"\n\n") == b": the sandbox\n\n"
        await bot.send_message_draft(user, 1)
        assert (await _event(events.content))["draft"]["text"] == ""
        ended = await _event(events.content)
    assert ended == {"type": "chat", "user_id": user, "bot": bot.id, "change": "draft", "draft": None}


async def test_the_page_hears_of_every_change(stand_in: StandIn, bot: Bot) -> None:
    async with stand_in.http.get(f"{stand_in.url}/sandbox/events") as events, asyncio.timeout(10):
        await events.content.readuntil(b"\n\n")
        user = await stand_in.new_user()
        assert await _event(events.content) == {"type": "users"}
        sent = await bot.send_message(user, "one")
        assert (await _event(events.content))["message"]["text_plain"] == "one"
        await bot.edit_message_text("two", chat_id=user, message_id=sent.message_id)
        await bot.send_chat_action(user, "typing")
        await bot.delete_message(user, sent.message_id)
        changes = [await _event(events.content) for _ in range(3)]
    assert [change["change"] for change in changes] == ["edited", "chat_action", "deleted"]


async def _event(stream: asyncio.StreamReader | Any) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((await stream.readuntil(b"\n\n")).removeprefix(b"data: "))
    return event


async def test_a_silent_bot_is_waited_for_as_long_as_asked(stand_in: StandIn, running: Running) -> None:
    user = await stand_in.new_user()
    dispatcher = Dispatcher()

    @dispatcher.message(F.text)
    async def ignore(message: Message) -> None:
        """Hears and says nothing."""

    async with running(dispatcher), asyncio.timeout(5):
        began = asyncio.get_running_loop().time()
        assert (await stand_in.post(f"/users/{user}/messages", text="hello", wait_s=0.7))["replies"] == []
        assert asyncio.get_running_loop().time() - began >= 0.7


async def test_a_long_text_is_sent_in_parts_and_answered_as_one(stand_in: StandIn, running: Running) -> None:
    user = await stand_in.new_user()
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def count(message: Message) -> None:
        await message.answer(str(len(message.text or "")))

    async with running(dispatcher):
        answer = await stand_in.post(f"/users/{user}/messages", text="word " * 2000)
    lengths = [int(reply["text"]) for reply in answer["replies"]]
    assert len(lengths) == 3
    assert max(lengths) <= 4096
    assert sum(lengths) == 2000 * 5 - 3
