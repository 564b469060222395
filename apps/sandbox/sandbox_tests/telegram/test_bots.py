"""Further bots by token, many users at once, and the journal of each bot's calls."""

from __future__ import annotations

from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from sandbox_tests.telegram.conftest import StandIn

FURTHER = "800200300:another_secret-1"


def further_bot(stand_in: StandIn) -> Bot:
    return Bot(FURTHER, session=AiohttpSession(api=TelegramAPIServer.from_base(stand_in.url)))


async def test_a_token_makes_a_bot_with_chats_of_its_own(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    async with further_bot(stand_in).context() as further:
        me = await further.get_me()
        assert (me.id, me.is_bot, me.username) == (800200300, True, "sandbox_800200300_bot")
        await stand_in.post(f"/users/{user}/messages", text="for the further one", bot=me.id, wait_s=0)
        await stand_in.post(f"/users/{user}/start", payload="x", wait_s=0)
        (update,) = await further.get_updates()
        assert update.message is not None
        assert update.message.text == "for the further one"
        await further.send_message(user, "from the further one")
    assert [update.message.text for update in await bot.get_updates() if update.message] == ["/start x"]
    theirs = (await stand_in.get(f"/users/{user}/chat?bot=800200300"))["messages"]
    ours = (await stand_in.get(f"/users/{user}/chat"))["messages"]
    assert [message["text"] for message in theirs] == ["for the further one", "from the further one"]
    assert [message["text"] for message in ours] == ["/start x"]


async def test_every_act_may_be_meant_for_a_further_bot(stand_in: StandIn) -> None:
    user = await stand_in.new_user()
    async with further_bot(stand_in).context() as further:
        sent = await further.send_message(user, "press")
        await stand_in.post(f"/users/{user}/press", message_id=sent.message_id, button="x", bot=further.id, wait_s=0)
        await further.send_message_draft(user, 1, text="words", can_stop=True)
        await stand_in.post(f"/users/{user}/stop", bot=further.id, wait_s=0)
        await stand_in.post(f"/users/{user}/block", bot=further.id)
        await stand_in.post(f"/users/{user}/unblock", bot=further.id)
        sender = {"id": user, "is_bot": False, "first_name": "Dilnoza"}
        raw = {"message_id": 9, "date": 1, "from": sender, "chat": {**sender, "type": "private"}, "text": "raw"}
        made = await stand_in.post("/updates", bot=further.id, message=raw)
        updates = await further.get_updates(allowed_updates=["message"])
        assert [update.event_type for update in updates[:-1]] == [
            "callback_query",
            "stopped_message_generation",
            "my_chat_member",
            "my_chat_member",
        ]
        assert updates[-1].update_id == made["update_id"]
    assert (await stand_in.api("getUpdates"))[1]["result"] == []


async def test_blocking_is_told_and_felt(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    assert await stand_in.post(f"/users/{user}/block") == {"blocked": True}
    await stand_in.post(f"/users/{user}/block")
    _, refusal = await stand_in.api("sendMessage", chat_id=user, text="x")
    assert (refusal["error_code"], refusal["description"]) == (403, "Forbidden: bot was blocked by the user")
    assert (await stand_in.get("/users"))["users"][0]["blocked"] is True
    await stand_in.post(f"/users/{user}/unblock")
    told = [update.my_chat_member for update in await bot.get_updates()]
    assert [(change.old_chat_member.status, change.new_chat_member.status) for change in told if change] == [
        ("member", "kicked"),
        ("kicked", "member"),
    ]


async def test_many_users_at_once(stand_in: StandIn) -> None:
    users = stand_in.world.add_users(200)
    assert len({user.id for user in users}) == 200
    assert {user.language_code for user in users} == {"uz", "ru", "en"}
    assert len((await stand_in.get("/users"))["users"]) == 200


async def test_wrong_tokens(stand_in: StandIn) -> None:
    answers: list[tuple[str, int, str]] = [
        ("700123456:wrong-secret", 401, "Unauthorized"),
        ("no-token", 401, "Unauthorized: invalid token specified"),
        ("700123456", 401, "Unauthorized: invalid token specified"),
    ]
    for token, status, description in answers:
        async with stand_in.http.get(f"{stand_in.url}/bot{token}/getMe") as response:
            body: dict[str, Any] = await response.json()
            assert (response.status, body["ok"], body["description"]) == (status, False, description)


async def test_the_journal_is_read_by_method_bot_and_place(stand_in: StandIn) -> None:
    user = await stand_in.new_user()
    await stand_in.api("sendMessage", chat_id=user, text="1")
    await stand_in.api("getMe")
    async with further_bot(stand_in).context() as further:
        await further.send_message(user, "2")
    await stand_in.api("sendMessage", chat_id=1, text="3")

    async def texts(query: str) -> list[str]:
        return [call["params"].get("text") for call in (await stand_in.get(f"/calls?{query}"))["calls"]]

    assert await texts("method=SENDMESSAGE") == ["1", "2", "3"]
    assert await texts("bot=800200300") == ["2"]
    first = (await stand_in.get("/calls"))["calls"][0]
    assert await texts(f"method=sendMessage&after={first['seq']}") == ["2", "3"]
    last = (await stand_in.get("/calls"))["calls"][-1]
    assert (last["status"], last["error"]) == (400, "Bad Request: chat not found")
    assert "error" not in first


async def test_rubbish_ids_of_raw_updates_are_passed_on_and_not_believed(stand_in: StandIn) -> None:
    for number in (2**80, 2**52, 0, -5, True, "7", 7.5, None):
        sender = {"id": number, "is_bot": False, "first_name": "Emma"}
        await stand_in.post("/updates", message={"message_id": 1, "date": 1, "from": sender, "chat": sender})
    user = await stand_in.new_user()
    for number in (2**80, 0, True):
        sender = {"id": user, "is_bot": False, "first_name": "Emma"}
        await stand_in.post("/updates", message={"message_id": number, "date": 1, "from": sender, "chat": sender})
    assert len((await stand_in.get("/users"))["users"]) == 1
    assert len((await stand_in.api("getUpdates"))[1]["result"]) == 11
    assert (await stand_in.api("sendMessage", chat_id=user, text="x"))[1]["result"]["message_id"] == 1
